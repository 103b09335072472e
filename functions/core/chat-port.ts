import type { Receipt } from "./contract/incident.ts";
import type { Message } from "./contract/message.ts";

interface NotSent {
  readonly kind: "not-sent";
  readonly reason: string;
  /** When the channel said when to come back. */
  readonly retryAfterMs: number | null;
  /** False: it is certainly not there. True: nobody knows, and sending it again may show it twice. */
  readonly mayHaveArrived: boolean;
}
export type ChatResult = { readonly kind: "sent"; readonly receipt: Receipt } | NotSent;

/** A channel for messages. Never throws: an incident goes on without it. When the signal strikes, the call ends. */
export interface Chat {
  post(
    message: Message,
    to: { channel: string; thread: Receipt | null },
    signal?: AbortSignal,
  ): Promise<ChatResult>;
  update(message: Message, receipt: Receipt, signal?: AbortSignal): Promise<ChatResult>;
}
