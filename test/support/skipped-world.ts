import type { FailoverWorld } from "../../functions/adapters/memory/failover-world.ts";
import { createReplicaSet } from "../../functions/adapters/memory/replica-set.ts";
import type { Clock } from "../../functions/core/ports.ts";

/** A world of a primary with replicas whose time is the responder's: each sleep lets everything happen meanwhile. */
export function createFailoverWorld(replicas: number) {
  let now = Date.parse("2026-01-01T00:00:00Z");
  let due: { time: number; what: () => void }[] = [];
  const world: FailoverWorld = {
    ...{ set: createReplicaSet(replicas, now), topology: {}, nodes: {}, name: "orders-db", now: () => now },
    ...{ runs: new Map(), progress: [], told: [], lock: null, tokens: 0, approval: null, switchedAt: null },
    ...{ promoted: [], promotedAt: [], failedOverAt: null },
    at: (time, what) => due.push({ time, what }),
    mishap: () => ({ deliver: true, twice: false, lateMs: 0, answer: "given" }),
  };
  const skip = (ms: number): void => {
    const end = now + ms;
    while (now < end) {
      now = Math.min(end, now + 1000);
      const ready = due.filter(({ time }) => time <= now).toSorted((a, b) => a.time - b.time);
      due = due.filter(({ time }) => time > now);
      for (const { what } of ready) what();
      world.set.replicate(now, 1000);
    }
  };
  const clock: Clock = {
    now: () => now,
    // What needs no input or output is done first, as in the fractions of a second that such a thing takes.
    sleep: async (ms, signal) => {
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      signal?.throwIfAborted();
      skip(ms);
    },
  };
  return { world, clock, skip };
}
