import type { Receipt } from "../../core/contract/incident.ts";
import { type Message, messageSchema } from "../../core/contract/message.ts";
import type { Chat, ChatResult, Clock } from "../../core/ports.ts";

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
  | { readonly kind: "slow"; readonly ms: number };

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

  function tell(sent: SentMessage): ChatResult {
    for (const listener of listeners) listener(sent);
    return { kind: "sent", receipt: { ...sent.receipt } };
  }

  return {
    messages,
    behave: mood.set,
    onChange: (listener) => {
      listeners.push(listener);
    },
    post: async (message, { channel, thread }, signal) => {
      const refused = await mood.next(signal);
      if (refused) return refused;
      const receipt = { channel, ts: timestamp(clock, messages.length), permalink: null };
      const sent = { receipt, thread: structuredClone(thread), message: copyOf(message), history: [] };
      messages.push(sent);
      return tell(sent);
    },
    update: async (message, { channel, ts }, signal) => {
      const refused = await mood.next(signal);
      if (refused) return refused;
      const sent = messages.find(({ receipt }) => receipt.channel === channel && receipt.ts === ts);
      if (!sent) return { kind: "not-sent", reason: "message_not_found", retryAfterMs: null };
      sent.history.push(sent.message);
      sent.message = copyOf(message);
      return tell(sent);
    },
  };
}

const ended: ChatResult = { kind: "not-sent", reason: "no time was left", retryAfterMs: null };

function moodOf(clock: Clock) {
  let mood: ChatMood = { kind: "well" };
  let callsLeft = Number.POSITIVE_INFINITY;
  return {
    set: (next: ChatMood, times = Number.POSITIVE_INFINITY): void => {
      mood = next;
      callsLeft = times;
    },
    /** The answer instead of sending; null to send. */
    next: async (signal?: AbortSignal): Promise<ChatResult | null> => {
      if (signal?.aborted) return ended;
      const current: ChatMood = callsLeft > 0 ? mood : { kind: "well" };
      callsLeft -= 1;
      switch (current.kind) {
        case "well":
          return null;
        case "failing":
          return { kind: "not-sent", reason: current.reason, retryAfterMs: null };
        case "rate-limited":
          return { kind: "not-sent", reason: "ratelimited", retryAfterMs: current.retryAfterMs };
        case "slow":
          return clock.sleep(current.ms, signal).then(
            () => null,
            () => ended,
          );
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
