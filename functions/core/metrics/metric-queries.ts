import type { Signal } from "../contract/signal.ts";
import type { Target } from "../contract/target.ts";
import type { Topology } from "../contract/topology.ts";
import type { MetricQuery } from "../ports.ts";
import { type WantedMetric, wantedMetrics } from "./wanted-metrics.ts";

/** What one GetMetricData call takes. */
const maxQueries = 500;

/**
 * Everything to ask CloudWatch in one call: the alarm's own metrics first, then what the flavours of the database,
 * its cluster and the other members publish; each once. Without a topology only the database itself is asked about.
 */
export function metricQueries(
  target: Target,
  topology: Topology | null,
  signal: Signal | null,
): readonly MetricQuery[] {
  const ofAlarm = (signal?.metrics ?? []).map(({ namespace, name, statistic, dimensions }) => ({
    namespace,
    name,
    statistic: statistic ?? "Average",
    dimensions,
    periodSeconds: 60,
  }));
  const ofGroup = wantedMetrics(target, topology).map((wanted) => queryOf(wanted, 60));
  return distinct([...ofAlarm, ...ofGroup]).slice(0, maxQueries);
}

/** The same of the database itself, its cluster and what its source writes, coarser: what the present is compared with. */
export function baselineQueries(
  target: Target,
  topology: Topology | null,
  periodSeconds: number,
): readonly MetricQuery[] {
  return wantedMetrics(target, topology)
    .filter(({ compared }) => compared)
    .map((wanted) => queryOf(wanted, periodSeconds));
}

export function queryOf({ spec, subject }: WantedMetric, periodSeconds: number): MetricQuery {
  return {
    namespace: "AWS/RDS",
    name: spec.name,
    statistic: spec.statistic,
    dimensions: dimensionsOf(spec.of, subject),
    periodSeconds,
  };
}

function dimensionsOf(of: "instance" | "cluster", subject: string): Record<string, string> {
  return of === "instance" ? { DBInstanceIdentifier: subject } : { DBClusterIdentifier: subject };
}

/** The statistic counts: an alarm on the average must not cost the reading its maximum. */
function distinct(queries: readonly MetricQuery[]): readonly MetricQuery[] {
  return [...new Map(queries.map((query) => [keyOfQuery(query), query])).values()];
}

export function keyOfQuery(query: Omit<MetricQuery, "periodSeconds">): string {
  const { namespace, name, statistic, dimensions } = query;
  return JSON.stringify([namespace, name, statistic, Object.entries(dimensions).sort()]);
}
