import type { Changeable } from "../../change-ports.ts";
import type { AwsWorld } from "../define-aws.ts";

const periodSeconds = 300;
const dayMs = 86_400_000;
/** RDS publishes each instance once a minute. */
const readingsOfOne = periodSeconds / 60;

/**
 * Why the peak of the day may have been that of an instance that is gone: of the cluster more readings came in at a time
 * than its instances make. Null: no more did.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/dimensions.html
 */
export async function membersGone(
  { metrics, clock, signal }: AwsWorld,
  { id, members }: Changeable,
): Promise<string | null> {
  if (metrics === null) return "CloudWatch cannot be asked from here";
  const to = Math.floor(clock.now() / (periodSeconds * 1000)) * periodSeconds * 1000;
  const asked = {
    ...{ namespace: "AWS/RDS", name: "CPUUtilization", statistic: "SampleCount", periodSeconds },
    dimensions: { DBClusterIdentifier: id },
  };
  const { series, missing } = await metrics.read([asked], to - dayMs, to, signal);
  const points = series.flatMap((one) => one.points);
  if (points.length === 0)
    return `how many instances ${id} had could not be seen (${missing[0]?.reason ?? "no readings"})`;
  const most = members.length * readingsOfOne;
  const more = points.find(({ value }) => value > most);
  return more === undefined
    ? null
    : `at ${more.at} ${id} had ${Math.ceil(more.value / readingsOfOne)} instances, and has ${members.length}: the peak of one that is gone is not seen`;
}
