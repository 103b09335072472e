import type { Changeable } from "../../change-ports.ts";
import type { AwsWorld } from "../define-aws.ts";
import type { Check } from "../steps.ts";
import { dayPeak, fitting, mostPercent, peakUnknown } from "./day-peak.ts";
import { membersGone } from "./members-gone.ts";
import { memoryLimits } from "./memory-limits.ts";
import { unsteady, writerMoved } from "./steady-day.ts";

interface Capacity {
  readonly fromAcu: number;
  readonly minAcu: number;
  readonly maxAcu: number;
}

/**
 * Null: the largest capacity may come down so far. Each member for itself: the metric of the cluster is their mean. What
 * may connect follows the largest capacity, from the next restart on.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
export async function belowPeak(
  world: AwsWorld,
  capacity: Capacity,
  cluster: Changeable,
): Promise<Check | null> {
  const { maxAcu } = capacity;
  const { id, members } = cluster;
  const [name, connections] = ["ServerlessDatabaseCapacity", "DatabaseConnections"] as const;
  const moved =
    (await unsteady(world, [{ kind: "cluster", id }], writerMoved)) ?? (await membersGone(world, cluster));
  if (moved !== null) return peakUnknown(id, moved);
  const wanted = [name, connections].map((one) => ({
    ...{ name: one, metrics: [one], extreme: "Maximum" as const },
  }));
  const seen = await dayPeak(world, members, wanted);
  if (seen.kind === "not-seen") return peakUnknown(id, seen.because);
  const may = await mayConnect(world, capacity, cluster);
  if (typeof may === "string") return peakUnknown(id, may);
  const need = (of: string, left: number, what: string) => {
    const peak = seen.worst.get(of) ?? Number.POSITIVE_INFINITY;
    return {
      says: `${peak} ${what} at the peak, and at most ${mostPercent} % of ${left}`,
      peak,
      left,
      mostPercent,
    };
  };
  return fitting(`${maxAcu} ACU`, [need(name, maxAcu, "ACU"), need(connections, may, "connections")]);
}

const acuBytes = 2 * 1024 ** 3;
/** Of PostgreSQL that may go down to half a unit, or pause. */
const mostOfSmall = 2000;

/** The least that any member lets connect; a string: why that is not known. */
async function mayConnect(
  world: AwsWorld,
  { fromAcu, minAcu, maxAcu }: Capacity,
  cluster: Changeable,
): Promise<number | string> {
  const own = cluster.members.map((id) => world.rds.describe({ kind: "instance", id }, world.signal));
  // Whom RDS does not describe any more lets nobody in.
  const there = (await Promise.all(own)).filter((one) => one !== null);
  const memory = { from: fromAcu * acuBytes, to: maxAcu * acuBytes };
  const found: number[] = minAcu <= 0.5 && world.target.engine === "postgres" ? [mostOfSmall] : [];
  for (const state of [cluster, ...there]) {
    const limits = await memoryLimits(world, state, { memory, vcpus: { from: 0, to: 0 } });
    if (typeof limits === "string") return limits;
    found.push(limits.connections);
  }
  return Math.min(...found);
}
