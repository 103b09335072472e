import type { Changeable } from "../../change-ports.ts";
import type { AwsWorld } from "../define-aws.ts";
import type { Check } from "../steps.ts";
import { dayPeak, fitting, mostPercent, peakUnknown } from "./day-peak.ts";
import { unsteady, writerMoved } from "./steady-day.ts";

/**
 * Null: the largest capacity may come down so far. Each member for itself: the metric of the cluster is their mean.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
export async function belowPeak(
  world: AwsWorld,
  maxAcu: number,
  { id, members }: Changeable,
): Promise<Check | null> {
  const name = "ServerlessDatabaseCapacity";
  const moved = await unsteady(world, [{ kind: "cluster", id }], writerMoved);
  if (moved !== null) return peakUnknown(id, moved);
  const seen = await dayPeak(world, members, [{ name, metrics: [name], extreme: "Maximum" }]);
  if (seen.kind === "not-seen") return peakUnknown(id, seen.because);
  const peak = seen.worst.get(name) ?? Number.POSITIVE_INFINITY;
  const says = `${peak} ACU at the peak, and at most ${mostPercent} % of ${maxAcu}`;
  return fitting(`${maxAcu} ACU`, [{ says, peak, left: maxAcu, mostPercent }]);
}
