import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
  /** Completes the sentence "timed out waiting until …". */
  readonly what: string;
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

type MaybeLater<T> = T | Promise<T>;

/**
 * Polls until `check` gives anything but false, null or undefined, and returns that.
 * A check that throws counts as "not yet"; its last error is the cause when time runs out.
 */
export async function waitUntil<T>(
  check: () => MaybeLater<T | false | null | undefined>,
  { what, timeoutMs = 10_000, everyMs = 15 }: WaitOptions,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await check();
      if (value !== false && value !== null && value !== undefined) return value;
      cause = undefined;
    } catch (error) {
      if (error instanceof GiveUp) throw error;
      cause = error;
    }
    if (performance.now() >= deadline) {
      const last = cause === undefined ? "" : ` (last error: ${String(cause)})`;
      throw new Error(`timed out after ${timeoutMs} ms waiting until ${what}${last}`, { cause });
    }
    await sleep(everyMs);
  }
}

/** Thrown inside a check when waiting longer cannot help. */
export class GiveUp extends Error {
  override readonly name = "GiveUp";
}
