import type { Called, FailoverWorld, Mishap } from "../../functions/adapters/memory/failover-world.ts";
import { createReplicaSet } from "../../functions/adapters/memory/replica-set.ts";
import type { Clock } from "../../functions/core/ports.ts";
import type { Seeded } from "./seeded.ts";

const good: Mishap = { deliver: true, twice: false, lateMs: 0, answer: "given" };
const minute = 60_000;
const fastestMs = 20_000;

/** A world whose time goes on by itself: whoever sleeps in it wakes up when it is late enough. */
export interface Days {
  readonly world: FailoverWorld;
  readonly clock: Clock;
  /** Lets that much pass; a stream has gone on by its end. */
  pass(ms: number): void;
  /** Of anybody who sleeps, or of what is on its way; null: nothing waits. */
  nextAt(): number | null;
  until(time: number): Promise<void>;
}

interface Due {
  readonly time: number;
  readonly what: () => void;
}

/** `mishaps`: how likely a call is refused, doubled, lost or late; `promoteMs`: so long a promotion takes at most. Asked at each. */
export function createDays(random: Seeded, mishaps: () => number, promoteMs: () => number): Days {
  let now = Date.parse("2026-01-01T00:00:00Z");
  let due: Due[] = [];
  const at = (time: number, what: () => void) => {
    due.push({ time, what });
  };
  const mishap = (of: Called): Mishap => {
    if (!random.chance(mishaps())) return good;
    return random.pick<Mishap>([
      { ...good, answer: "lost" },
      { ...good, deliver: false, answer: "lost" },
      { ...good, deliver: false, answer: "refused" },
      { ...good, twice: true },
      { ...good, lateMs: 1000 + random.int(9000), answer: "lost" },
      // RDS may carry a promotion out minutes later; what was said to anybody else is given up by then.
      { ...good, lateMs: of === "execute" ? minute + random.int(14 * minute) : 15_000, answer: "lost" },
    ]);
  };
  const world: FailoverWorld = {
    ...{ set: createReplicaSet(2, now), topology: {}, nodes: {}, name: "orders-db", now: () => now },
    ...{ runs: new Map(), progress: [], told: [], lock: null, tokens: 0, approval: null, switchedAt: null },
    ...{ promoted: [], promotedAt: [], failedOverAt: null, at, mishap },
    promoteMs: () => fastestMs + random.int(Math.max(1, promoteMs() - fastestMs)),
  };
  const until = (time: number) => new Promise<void>((resolve) => at(time, resolve));
  const clock: Clock = {
    now: () => now,
    sleep: async (ms, signal) => {
      if (signal === undefined) return until(now + ms);
      await Promise.race([
        until(now + ms),
        new Promise<never>((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
        ),
      ]);
    },
  };
  const pass = (ms: number) => {
    now += ms;
    const ready = due.filter(({ time }) => time <= now).toSorted((a, b) => a.time - b.time);
    if (ready.length > 0) due = due.filter(({ time }) => time > now);
    for (const { what } of ready) what();
    world.set.replicate(now, 100_000);
  };
  return {
    ...{ world, clock, pass, until },
    nextAt: () => (due.length === 0 ? null : Math.min(...due.map(({ time }) => time))),
  };
}
