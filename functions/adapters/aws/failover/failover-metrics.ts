import type { MetricSeries } from "../../../core/contract/evidence.ts";
import type { Node } from "../../../core/contract/failover-topology.ts";
import type { MetricQuery, Metrics } from "../../../core/ports.ts";

export interface NodeMetrics {
  readonly lag: Node["lag"];
  readonly activity: Node["activity"];
  readonly freeBytes: number | null;
}

export interface Measured {
  readonly id: string;
  readonly aurora: boolean;
}

const lookBackMs = 600_000;
const periodSeconds = 60;

/** Newest samples of each, with their age. What CloudWatch does not answer is null, and never throws. */
export async function readMetrics(
  metrics: Metrics,
  nodes: readonly Measured[],
  now: number,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, NodeMetrics>> {
  const queries = nodes.flatMap((node) =>
    [lagName(node), "DatabaseConnections", "FreeStorageSpace"].map((name) => queryOf(node, name)),
  );
  const { series } =
    queries.length === 0 ? { series: [] } : await metrics.read(queries, now - lookBackMs, now, signal);
  return new Map(nodes.map((node) => [node.id, metricsOf(node, series, now)]));
}

function lagName({ aurora }: Measured): string {
  return aurora ? "AuroraReplicaLag" : "ReplicaLag";
}

function queryOf({ id }: Measured, name: string): MetricQuery {
  return {
    ...{ namespace: "AWS/RDS", name, statistic: "Maximum", dimensions: { DBInstanceIdentifier: id } },
    periodSeconds,
  };
}

function metricsOf(node: Measured, series: readonly MetricSeries[], now: number): NodeMetrics {
  const lag = newest(node.id, lagName(node), series, now);
  const clients = newest(node.id, "DatabaseConnections", series, now);
  // AuroraReplicaLag counts milliseconds; -1 means in both that nothing is replicated (facts/aws.md 2.7).
  const seconds = lag === null ? null : node.aurora && lag.value > 0 ? lag.value / 1000 : lag.value;
  return {
    lag: lag === null || seconds === null ? null : { seconds, ageSeconds: lag.ageSeconds },
    activity: clients === null ? null : { busy: clients.value > 0, ageSeconds: clients.ageSeconds },
    freeBytes: newest(node.id, "FreeStorageSpace", series, now)?.value ?? null,
  };
}

/** A sample is of the minute that its time begins: it is as old as that minute's end. */
function newest(id: string, name: string, series: readonly MetricSeries[], now: number) {
  const own = series.find((each) => each.id === name && each.dimensions["DBInstanceIdentifier"] === id);
  const last = own?.points.at(-1);
  if (last === undefined) return null;
  const ageSeconds = Math.max(0, (now - Date.parse(last.at)) / 1000 - periodSeconds);
  return { value: last.value, ageSeconds };
}
