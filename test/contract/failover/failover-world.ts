import type { FailoverWorld } from "../../../functions/adapters/memory/failover-world.ts";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import { createReplicaSet } from "../../../functions/adapters/memory/replica-set.ts";

const good = { deliver: true, twice: false, lateMs: 0, answer: "given" } as const;

/** The twin with a primary and one replica; what takes time is over when `settle` resolves. */
export function memoryFailover() {
  let now = Date.parse("2026-01-01T00:00:00Z");
  let due: { time: number; what: () => void }[] = [];
  const world: FailoverWorld = {
    ...{ set: createReplicaSet(1, now), topology: {}, nodes: {}, name: "orders-db", now: () => now },
    ...{
      runs: new Map(),
      progress: [],
      told: [],
      lock: null,
      tokens: 0,
      approval: null,
      switchedAt: null,
      promoted: [],
      promotedAt: [],
    },
    failedOverAt: null,
    at: (time, what) => due.push({ time, what }),
    mishap: () => good,
  };
  const settle = async () => {
    now += 60_000;
    const ready = due;
    due = [];
    for (const { what } of ready) what();
  };
  return { world, ports: createMemoryFailover(world), settle };
}
