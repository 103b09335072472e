import type { Clock } from "../../core/ports.ts";

/** Real time, `factor` times as fast: half an hour of watching in 18 s at 100. For the demo. */
export function createScaledClock(factor: number): Clock {
  const start = Date.now();
  return {
    now: () => Math.round(start + (Date.now() - start) * factor),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => {
          clearTimeout(timer);
          reject(signal?.reason);
        };
        const timer = setTimeout(() => {
          signal?.removeEventListener("abort", abort);
          resolve();
        }, ms / factor);
        signal?.addEventListener("abort", abort, { once: true });
      }),
  };
}
