import type { Chat, ChatResult } from "../../core/chat-port.ts";
import type { Receipt } from "../../core/contract/incident.ts";
import { type Message, messageSchema } from "../../core/contract/message.ts";
import type { Clock } from "../../core/ports.ts";

export interface SentMessage {
  readonly receipt: Receipt;
  readonly thread: Receipt | null;
  /** As it reads now; earlier texts are in `history`, oldest first. */
  message: Message;
  readonly history: Message[];
}

/** How the channel behaves. */
export type ChatMood =
  | { readonly kind: "well" }
  | { readonly kind: "failing"; readonly reason: string }
  /** HTTP 429 with its Retry-After. */
  | { readonly kind: "rate-limited"; readonly retryAfterMs: number }
  | { readonly kind: "slow"; readonly ms: number }
  /** Does what it was asked, and its answer is lost. */
  | { readonly kind: "unanswered" };

export interface MemoryChat extends Chat {
  /** Oldest first. */
  readonly messages: readonly SentMessage[];
  /** Holds for the next `times` calls, for ever when left out. */
  behave(mood: ChatMood, times?: number): void;
  /** Called after every message that was posted or updated; the lab's page shows them. */
  onChange(listener: (sent: SentMessage) => void): void;
}

export function createMemoryChat({ clock }: { readonly clock: Clock }): MemoryChat {
  const messages: SentMessage[] = [];
  const listeners: ((sent: SentMessage) => void)[] = [];
  const mood = moodOf(clock);

  function tell(sent: SentMessage, before: NotSent | null): ChatResult {
    for (const listener of listeners) listener(sent);
    return before ?? { kind: "sent", receipt: { ...sent.receipt } };
  }

  return {
    messages,
    behave: mood.set,
    onChange: (listener) => {
      listeners.push(listener);
    },
    post: async (message, { channel, thread }, signal) => {
      const before = await mood.next(signal);
      if (before !== null && before !== unanswered) return before;
      const receipt = { channel, ts: timestamp(clock, messages.length), permalink: null };
      const sent = { receipt, thread: structuredClone(thread), message: copyOf(message), history: [] };
      messages.push(sent);
      return tell(sent, before);
    },
    update: async (message, { channel, ts }, signal) => {
      const before = await mood.next(signal);
      if (before !== null && before !== unanswered) return before;
      const sent = messages.find(({ receipt }) => receipt.channel === channel && receipt.ts === ts);
      if (!sent) return notSent("message_not_found");
      sent.history.push(sent.message);
      sent.message = copyOf(message);
      return tell(sent, before);
    },
  };
}

type NotSent = Extract<ChatResult, { kind: "not-sent" }>;

function notSent(reason: string, retryAfterMs: number | null = null): NotSent {
  return { kind: "not-sent", reason, retryAfterMs, mayHaveArrived: false };
}

const ended = notSent("no time was left");
/** The answer after sending. */
const unanswered: NotSent = { ...notSent("no answer came in time"), mayHaveArrived: true };

function moodOf(clock: Clock) {
  let mood: ChatMood = { kind: "well" };
  let callsLeft = Number.POSITIVE_INFINITY;
  return {
    set: (next: ChatMood, times = Number.POSITIVE_INFINITY): void => {
      mood = next;
      callsLeft = times;
    },
    /** The answer instead of sending, or `unanswered`; null to send and say so. */
    next: async (signal?: AbortSignal): Promise<NotSent | null> => {
      if (signal?.aborted) return ended;
      const current: ChatMood = callsLeft > 0 ? mood : { kind: "well" };
      callsLeft -= 1;
      switch (current.kind) {
        case "well":
          return null;
        case "failing":
          return notSent(current.reason);
        case "rate-limited":
          return notSent("ratelimited", current.retryAfterMs);
        case "slow":
          return clock.sleep(current.ms, signal).then(
            () => null,
            () => ended,
          );
        case "unanswered":
          return unanswered;
        default:
          return current satisfies never;
      }
    },
  };
}

/** Like Slack's: seconds, a dot and six digits; a string, unique in its channel. */
function timestamp(clock: Clock, serial: number): string {
  return `${Math.floor(clock.now() / 1000)}.${String(serial + 1).padStart(6, "0")}`;
}

function copyOf(message: Message): Message {
  return messageSchema.parse(structuredClone(message));
}
