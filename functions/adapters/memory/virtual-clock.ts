import type { Clock } from "../../core/ports.ts";

export interface VirtualClock extends Clock {
  /** Sleeps that have not ended. */
  readonly sleepers: number;
  /**
   * Moves time on, waking sleepers in the order of their time. What they do is waited for, as far as it needs
   * no input or output, so that a sleep that follows a sleep is woken in the same call.
   */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that stands still until it is told. */
export function createVirtualClock(start: number | string = "2026-01-01T00:00:00Z"): VirtualClock {
  let now = typeof start === "string" ? Date.parse(start) : start;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => now,
    get sleepers() {
      return sleepers.size;
    },
    sleep: (ms, signal) => sleepUntil(sleepers, now + ms, signal),
    advance: async (ms) => {
      const end = now + ms;
      await settle();
      for (let next = earliest(sleepers, end); next; next = earliest(sleepers, end)) {
        now = Math.max(now, next.at);
        next.wake();
        await settle();
      }
      now = end;
    },
  };
}

function sleepUntil(sleepers: Set<Sleeper>, at: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const sleeper: Sleeper = { at, wake: () => end(resolve) };
    const abort = () => end(() => reject(signal?.reason));
    const end = (settleAs: () => void) => {
      sleepers.delete(sleeper);
      signal?.removeEventListener("abort", abort);
      settleAs();
    };
    sleepers.add(sleeper);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Of equal times, the one that fell asleep first. */
function earliest(sleepers: ReadonlySet<Sleeper>, end: number): Sleeper | undefined {
  let first: Sleeper | undefined;
  for (const sleeper of sleepers) {
    if (sleeper.at <= end && (!first || sleeper.at < first.at)) first = sleeper;
  }
  return first;
}

/** Lets everything run that waits for a promise only. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
