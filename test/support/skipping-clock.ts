import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import type { Clock } from "../../functions/core/ports.ts";

export interface SkippingClock extends Clock {
  /** Moves the clock on without waiting: half an hour of watching need not last half an hour. */
  skip(ms: number): void;
}

/** Real time, except for what was skipped: what is measured between two skips is true. */
export function createSkippingClock(): SkippingClock {
  const real = createSystemClock();
  let skipped = 0;
  return {
    now: () => real.now() + skipped,
    sleep: (ms, signal) => real.sleep(ms, signal),
    skip: (ms) => {
      skipped += ms;
    },
  };
}
