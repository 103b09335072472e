import { type MetricSeries, type Missing, metricSeriesSchema } from "../../core/contract/evidence.ts";
import { noDataReason } from "../../core/metrics/missing-metrics.ts";
import type { MetricQuery, Metrics } from "../../core/ports.ts";

/** One query's answer: points, or why there are none. */
export type MetricAnswer = MetricSeries | { readonly missing: string };

export interface MemoryMetrics extends Metrics {
  /** From now on every metric is missing for this reason; null ends it. */
  fail(reason: string | null): void;
}

/** Metrics from a list of series, or from a function that makes them up. */
export function createMemoryMetrics(
  source: readonly MetricSeries[] | ((query: MetricQuery, from: number, to: number) => MetricAnswer),
): MemoryMetrics {
  let failure: string | null = null;
  const answer = (query: MetricQuery, from: number, to: number): MetricAnswer => {
    if (failure !== null) return { missing: `GetMetricData failed: ${failure}` };
    return typeof source === "function" ? source(query, from, to) : find(source, query);
  };
  return {
    fail: (reason) => {
      failure = reason;
    },
    read: async (queries, from, to) => {
      const series: MetricSeries[] = [];
      const missing: Missing[] = [];
      for (const query of queries) {
        const found = within(answer(query, from, to), from, to);
        if ("missing" in found) missing.push(missingOf(query, found.missing));
        else series.push(metricSeriesSchema.parse(found));
      }
      return { series, missing };
    },
  };
}

const nothing = { missing: noDataReason };

function find(all: readonly MetricSeries[], query: MetricQuery): MetricAnswer {
  const wanted = keyOf({ ...query, id: query.name });
  return all.find((series) => keyOf(series) === wanted) ?? nothing;
}

function keyOf({
  id,
  namespace,
  statistic,
  periodSeconds,
  dimensions,
}: Omit<MetricSeries, "points" | "unit">) {
  return JSON.stringify([id, namespace, statistic, periodSeconds, Object.entries(dimensions).sort()]);
}

/** Start inclusive, end exclusive, oldest first: as CloudWatch cuts it. */
function within(answer: MetricAnswer, from: number, to: number): MetricAnswer {
  if ("missing" in answer) return answer;
  const points = answer.points
    .filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < to)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return points.length > 0 ? { ...answer, points } : nothing;
}

function missingOf({ namespace, name, statistic, dimensions }: MetricQuery, reason: string): Missing {
  const listed = Object.entries(dimensions).map(([key, value]) => `${key}=${value}`);
  return {
    what: `metric ${namespace} ${name} (${statistic}; ${listed.join(", ") || "no dimensions"})`,
    reason,
    howToSee: null,
  };
}
