import type { Chat, ChatResult } from "../chat-port.ts";
import type { FailoverRun } from "../contract/failover.ts";
import type { Receipt } from "../contract/incident.ts";
import type { Message } from "../contract/message.ts";
import { AwsError } from "../errors.ts";
import type { Clock, Log } from "../ports.ts";
import { closedCard } from "./messages.ts";
import type { Approval, FailoverPorts, Voice } from "./ports.ts";

export interface ThreadVoiceProps {
  readonly chat: Chat;
  readonly runs: FailoverPorts["runs"];
  readonly clock: Clock;
  readonly log: Log;
  /** As the settings have it when something is said. */
  channel(): Promise<string>;
}

/** Nothing can be posted there, now or later. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const lost = /\b(channel_not_found|thread_not_found|is_archived|not_in_channel)\b/;

/** A click counts so long. */
const approvalMs = 900_000;

/** Everything of one run in one thread of the channel, its first message being the board that is edited at the end. */
export function createThreadVoice(props: ThreadVoiceProps): Voice {
  const { chat, runs, clock, log } = props;
  /** Beside the thread where that is not to be had any more: said elsewhere is better than never. */
  const post = async (message: Message, thread: Receipt | null, signal?: AbortSignal) => {
    const channel = await props.channel();
    const sent = await chat.post(message, { channel, thread }, signal);
    if (thread === null || sent.kind === "sent" || !lost.test(sent.reason)) return { sent, thread };
    log.warn("failover.thread-lost", { run: message.incidentId, reason: sent.reason });
    return { sent: await chat.post(message, { channel, thread: null }, signal), thread: null };
  };
  return {
    tell: async (message, before, signal) => {
      try {
        const { sent, thread } = await post(message, before, signal);
        if (sent.kind === "sent") return thread ?? sent.receipt;
        log.warn("failover.not-told", { run: message.incidentId, reason: sent.reason });
      } catch (error) {
        log.warn("failover.not-told", { run: message.incidentId, reason: String(error) });
      }
      return null;
    },
    announce: async ({ message, stamp }, signal) => {
      const run = await runs.get(stamp.run);
      const { is, card } = run?.approval ?? {};
      // What nobody decided keeps its buttons until here; a click edits the card itself.
      if (run !== null && is === "pending" && card !== undefined)
        await chat.update(closedCard(run), card, signal);
      const { sent, thread } = await post(message, run?.thread ?? null, signal);
      delivered(sent);
      if (thread === null) return;
      const board = await chat.update(message, thread, signal);
      if (board.kind !== "sent") log.warn("failover.board-not-edited", { reason: board.reason });
    },
    ask: async ({ message, stamp }, signal) => {
      const run = await runs.get(stamp.run);
      const posted = delivered((await post(message, run?.thread ?? null, signal)).sent);
      // A click on the first card, while a second one was on its way.
      if (run === null || (run.approval !== null && run.approval.is !== "pending")) return;
      const at = clock.now();
      // Only then: what is written down as asked is not asked again.
      await runs.save({
        ...run,
        approval: { is: "pending", by: null, at, expiresAt: at + approvalMs, card: posted },
      });
    },
    approval: async (id) => approvalOf(await runs.get(id), clock.now()),
  };
}

function delivered(result: ChatResult): Receipt {
  if (result.kind === "sent") return result.receipt;
  throw new AwsError("NotSent", !result.mayHaveArrived, result.reason);
}

function approvalOf(run: FailoverRun | null, now: number): Approval | null {
  const asked = run?.approval ?? null;
  if (asked === null) return null;
  if (asked.is !== "pending") return { is: asked.is, at: asked.at, by: asked.by ?? "somebody" };
  return now < asked.expiresAt ? { is: "pending" } : { is: "expired", at: asked.expiresAt, by: "nobody" };
}
