import type { DatabaseWorld } from "./define.ts";

const pollMs = 200;

/** Asks until the answer is not null or the time is over; then null. Asks at least once. */
export async function waitFor<T>(
  { clock, signal }: Pick<DatabaseWorld, "clock" | "signal">,
  milliseconds: number,
  ask: () => Promise<T | null>,
): Promise<T | null> {
  const end = clock.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== null || clock.now() >= end) return answer;
    await clock.sleep(Math.min(pollMs, Math.max(1, end - clock.now())), signal);
  }
}
