import type { ChatResult } from "../chat-port.ts";
import type { Deps } from "./deps.ts";

/** A channel that says "later" is given at most this much of a step's time. */
const longestWaitMs = 10_000;

export interface Patience {
  /** When nothing more is begun, by the clock. */
  readonly until: number;
  readonly signal: AbortSignal | undefined;
}

/** Sends; waits as long as the channel asks, when that fits the time that is left, and tries once more. */
export async function deliver(
  send: (signal: AbortSignal | undefined) => Promise<ChatResult>,
  { until, signal }: Patience,
  { clock }: Pick<Deps, "clock">,
): Promise<ChatResult> {
  const first = await send(signal);
  if (first.kind === "sent" || first.retryAfterMs === null) return first;
  if (first.retryAfterMs > longestWaitMs || clock.now() + first.retryAfterMs > until) return first;
  try {
    await clock.sleep(first.retryAfterMs, signal);
  } catch {
    return first;
  }
  return send(signal);
}
