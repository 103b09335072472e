import type { FailoverWorld, Mishap } from "../../functions/adapters/memory/failover-world.ts";
import { seeded } from "./seeded.ts";

const minute = 60_000;

/** What people and RDS do beside a failover that comes to no end, and how long nobody goes on with it. */
export interface ByHand {
  /** Nothing else keeps it from its call. */
  readonly called: boolean;
  /** People open the primary, and serve from it. */
  readonly openedAtMs: number;
  /** The candidates back up, or are changed. */
  readonly busy: { readonly status: string; readonly atMs: number; readonly forMs: number };
  /** Of the first calls that promote no answer comes; they land so much later. Null: never. */
  readonly lost: { readonly calls: number; readonly landsAfterMs: number | null };
  /** So long after each end that failed it is redriven. */
  readonly redrivesAfterMs: readonly number[];
  /** So long a dead driver is not followed by another one, as a rule. */
  readonly awayMs: number;
}

export function byHandOf(seed: number, startAtMs: number): ByHand | null {
  const random = seeded(seed + 91_009);
  if (!random.chance(0.3)) return null;
  const redrives = Array.from({ length: 1 + random.int(3) }, () =>
    random.int(random.pick([3, 18, 60]) * minute),
  );
  const [first = 0] = redrives;
  const total = redrives.reduce((a, b) => a + b, 0);
  // A call without an answer is given up after three minutes: then somebody opens it, and the next redrive meets a backup.
  const gaveUpMs = startAtMs + 3 * minute;
  const meets = random.chance(0.5);
  return {
    called: random.chance(0.7),
    openedAtMs: meets
      ? gaveUpMs + random.int(2 * minute)
      : startAtMs + random.int(random.pick([2, 20]) * minute),
    busy: {
      status: random.pick(["backing-up", "modifying", "storage-optimization"]),
      atMs: meets ? gaveUpMs + first - minute : startAtMs + random.int(total + 10 * minute),
      forMs: 2 * minute + random.int(8 * minute),
    },
    lost: {
      calls: random.pick([0, 3, 3, 30]),
      landsAfterMs: random.chance(0.4) ? random.int(random.pick([2, 40]) * minute) : null,
    },
    redrivesAfterMs: redrives,
    awayMs: random.chance(0.5) ? random.int(random.pick([5, 14, 40]) * minute) : 0,
  };
}

/** Puts all of that into the world's time. */
export function happensByHand(world: FailoverWorld, { openedAtMs, busy }: ByHand, start: number): void {
  world.at(start + openedAtMs, () => opened(world));
  world.at(start + busy.atMs, () => {
    const idle = [...world.set.servers.values()].filter(
      ({ replicaOf, status }) => replicaOf !== null && status === "available",
    );
    for (const server of idle) server.status = busy.status;
    world.at(world.now() + busy.forMs, () => {
      for (const server of idle) if (server.status === busy.status) server.status = "available";
    });
  });
}

/** Where the name has moved nobody opens the one that it was moved from. */
function opened(world: FailoverWorld): void {
  const old = world.set.servers.get(world.set.primary);
  if (old === undefined || world.name !== old.id) return;
  Object.assign(old, { power: "up", status: "available", groups: ["sg-app"] });
  old.cut.clear();
  if (old.fenced) world.set.append(old, { fence: false });
}

/** Of the next call that promotes; null: as the world has it. */
export function lostCalls({ lost }: ByHand): () => Mishap | null {
  let left = lost.calls;
  return () => {
    if (left === 0) return null;
    left -= 1;
    const { landsAfterMs: lateMs } = lost;
    return { deliver: lateMs !== null, twice: false, lateMs: lateMs ?? 0, answer: "lost" };
  };
}
