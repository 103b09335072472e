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

/** A failover may be asked for long after the primary died: what was before is compared. */
const lookBackMs = 3_600_000;
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
  const last = beforeGrowth(samplesOf(node.id, lagName(node), series, now));
  const before =
    last === null || node.aurora ? {} : { before: { seconds: last.value, ageSeconds: last.ageSeconds } };
  const used = samplesOf(node.id, "DatabaseConnections", series, now).findLast(({ value }) => value > 0);
  const busy = used === undefined ? {} : { busyAgeSeconds: used.ageSeconds };
  // AuroraReplicaLag counts milliseconds; -1 means in both that nothing is replicated (facts/aws.md 2.7).
  const seconds = lag === null ? null : node.aurora && lag.value > 0 ? lag.value / 1000 : lag.value;
  return {
    lag: lag === null || seconds === null ? null : { seconds, ageSeconds: lag.ageSeconds, ...before },
    activity: clients === null ? null : { busy: clients.value > 0, ageSeconds: clients.ageSeconds, ...busy },
    freeBytes: newest(node.id, "FreeStorageSpace", series, now)?.value ?? null,
  };
}

interface Sample {
  readonly value: number;
  readonly ageSeconds: number;
}

/** Oldest first. A sample is of the minute that its time begins: it is as old as that minute's end. */
function samplesOf(
  id: string,
  name: string,
  series: readonly MetricSeries[],
  now: number,
): readonly Sample[] {
  const own = series.find((each) => each.id === name && each.dimensions["DBInstanceIdentifier"] === id);
  return (own?.points ?? []).map(({ at, value }) => ({
    ...{ value, ageSeconds: Math.max(0, (now - Date.parse(at)) / 1000 - periodSeconds) },
  }));
}

function newest(id: string, name: string, series: readonly MetricSeries[], now: number): Sample | null {
  return samplesOf(id, name, series, now).at(-1) ?? null;
}

/** Null: it does not grow by the clock, at least not for a minute. */
function beforeGrowth(samples: readonly Sample[]): Sample | null {
  let at = samples.length - 1;
  while (at > 0 && growsAlone(samples[at - 1], samples[at])) at -= 1;
  if (at === samples.length - 1) return null;
  // The minute in which it began has a part of it only.
  const [base, first] = [samples[at - 1], samples[at]];
  const partly = base !== undefined && first !== undefined && base.value >= 0 && first.value > base.value;
  const found = partly ? base : first;
  return found === undefined || found.value < 0 ? null : found;
}

function growsAlone(older: Sample | undefined, newer: Sample | undefined): boolean {
  if (older === undefined || newer === undefined) return false;
  if (newer.value < 0) return true;
  const grown = (newer.value - older.value) / (older.ageSeconds - newer.ageSeconds);
  return older.value >= 0 && grown > 0.9 && grown < 1.1;
}
