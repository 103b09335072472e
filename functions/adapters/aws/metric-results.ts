import type { MetricSeries, Missing } from "../../core/contract/evidence.ts";
import { messageOf } from "../../core/errors.ts";
import { noDataReason } from "../../core/metrics/missing-metrics.ts";
import type { MetricQuery } from "../../core/ports.ts";

/** What the pages of an answer have brought for one query. */
export interface Collected {
  readonly query: MetricQuery;
  /** Value by epoch milliseconds: a page may repeat a point. */
  readonly points: Map<number, number>;
  /** StatusCode of the last page; null when no page mentioned the query. */
  status: string | null;
  says: readonly string[];
  general: readonly string[];
}

export function emptyCollection(query: MetricQuery): Collected {
  return { query, points: new Map(), status: null, says: [], general: [] };
}

export function seriesOf({ query, points }: Collected): MetricSeries {
  return {
    id: query.name,
    namespace: query.namespace,
    dimensions: { ...query.dimensions },
    statistic: query.statistic,
    // GetMetricData does not tell it.
    unit: null,
    periodSeconds: query.periodSeconds,
    points: [...points]
      .sort(([a], [b]) => a - b)
      .map(([at, value]) => ({ at: new Date(at).toISOString(), value })),
  };
}

/** Why a series is not there, or not whole; nothing when it is. */
export function missingOf(collected: Collected, failure: unknown): Missing[] {
  const { query, points, status } = collected;
  const reason = reasonOf(collected, failure);
  if (reason === null) return [];
  const dimensions = Object.entries(query.dimensions).map(([name, value]) => `${name}=${value}`);
  return [
    {
      what: `metric ${query.namespace} ${query.name} (${query.statistic}; ${dimensions.join(", ") || "no dimensions"})`,
      reason: points.size > 0 ? `only in part: ${reason}` : reason,
      howToSee: status === "Forbidden" || isDenied(failure) ? "allow cloudwatch:GetMetricData" : null,
    },
  ];
}

function reasonOf({ points, status, says, general }: Collected, failure: unknown): string | null {
  if (status === "Complete") {
    if (points.size > 0) return null;
    return says.join("; ") || general.join("; ") || noDataReason;
  }
  if (failure !== undefined) return `GetMetricData failed: ${nameOf(failure)}${messageOf(failure)}`;
  const words = [...says, ...general].join("; ");
  return `CloudWatch answered ${status ?? "nothing"} for it${words ? ` (${words})` : ""}`;
}

function nameOf(failure: unknown): string {
  return failure instanceof Error ? `${failure.name}: ` : "";
}

function isDenied(failure: unknown): boolean {
  return failure instanceof Error && /AccessDenied|UnauthorizedOperation/.test(failure.name);
}
