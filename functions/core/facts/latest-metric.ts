import type { Evidence, MetricSeries } from "../contract/evidence.ts";
import { compare } from "../text/compare.ts";

/** CPU credits are published every five minutes; what is older than this says nothing about now. */
export const staleMs = 12 * 60_000;

/**
 * Newest value of a metric, of this instance when several databases of the group were read; null when it is
 * not there. The order in which series arrive must not decide.
 */
export function latestMetric(
  { metrics, target }: Evidence,
  ids: readonly string[],
): { id: string; value: number; at: string } | null {
  const own = (series: MetricSeries): number =>
    series.dimensions["DBInstanceIdentifier"] === target.name ? 0 : 1;
  const found = metrics
    .filter((series) => ids.includes(series.id) && series.points.length > 0)
    .toSorted((a, b) => own(a) - own(b) || compare(JSON.stringify(a), JSON.stringify(b)))[0];
  const point = found?.points.at(-1);
  return found === undefined || point === undefined ? null : { id: found.id, ...point };
}
