import type { Member } from "../contract/topology.ts";
import { mysqlReplicationAuroraRows } from "../probes/mysql/replication/aurora-rows.ts";
import { postgresReplicationAuroraRows } from "../probes/postgres/replication-aurora-rows.ts";
import { postgresReplicationRows } from "../probes/postgres/replication-rows.ts";
import { duration } from "../text/wording.ts";
import { idleSeconds, isIdleSaw } from "./idle-source.ts";
import { isAlarming, lastingFor, type MetricFact, metricFact, readingOf, usualHigh } from "./metric-facts.ts";
import { isStillThere, othersOf, selfOf } from "./rds-facts.ts";
import { type ToldStop, toldStop } from "./replica-events.ts";
import { ownReplication, type ReplicaFact } from "./replica-facts.ts";
import { sourceWrites } from "./source-writes.ts";
import type { View } from "./view.ts";

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Replication.MySQL.html */
export const binlogLag = "AuroraBinlogReplicaLag";
export const lagMetrics = ["ReplicaLag", "AuroraReplicaLag"] as const;

/** Every replica of the group that AWS or the writer says something about, beside the one looked at from inside. */
export function replicasFromOutside(view: View): readonly ReplicaFact[] {
  const { target } = view.evidence;
  const own = ownReplication(view).length === 0 ? [target.name] : [];
  const names = [...new Set([...own, ...othersOf(view).map(({ id }) => id), ...seriesSubjects(view)])];
  const members = names
    .filter((name) => name !== target.name || own.length > 0)
    .toSorted()
    .flatMap((name) => fromOutside(view, name) ?? []);
  return [...members, ...(own.length === 0 ? [] : fromBinlogs(view))];
}

/** Replicas whose metrics were read although the topology could not be. */
function seriesSubjects({ evidence }: View): readonly string[] {
  return evidence.metrics
    .filter(({ id }) => lagMetrics.some((name) => name === id))
    .flatMap(({ dimensions }) => dimensions["DBInstanceIdentifier"] ?? [])
    .filter((name) => name !== evidence.target.name);
}

function fromOutside(view: View, name: string): ReplicaFact | null {
  const member = memberOf(view, name);
  const metric = lagMetrics.find((id) => isNegative(view, id, name)) ?? null;
  const broken = brokenStatus(member);
  const who = name === view.evidence.target.name ? "this replica" : `replica ${name}`;
  const base = { subject: name, who, intendedDelaySeconds: 0, notes: [] };
  if (broken !== null) {
    return { ...base, lagSeconds: null, stop: broken, source: "DescribeDBInstances" };
  }
  if (metric !== null) {
    const why =
      "ReplicaLag is -1: it does not replicate, or its source cannot be reached; the lag is unknown, not zero";
    return { ...base, lagSeconds: null, stop: { why, error: null, behind: true }, source: metric };
  }
  const lag = lagMetrics.map((id) => metricFact(view, id, name)).find((fact) => fact !== null);
  const told = member?.role === "writer" ? null : toldStop(view, name);
  if (told !== null && !hasGoneOn(told, member, lag)) {
    return { ...base, lagSeconds: null, stop: told, source: "DescribeEvents" };
  }
  if (lag === undefined) return null;
  if (hasReplayedAll(view, lag) || isIdleSaw(view, lag)) return null;
  const fact = { ...base, lagSeconds: lastingLag(view, lag), stop: null, source: lag.id };
  const doubt = doubtOf(view, lag);
  return doubt === null ? fact : { ...fact, doubt };
}

/** A cluster whose writer follows a source outside it. -1 is also what a cluster may publish that follows none. */
function fromBinlogs(view: View): readonly ReplicaFact[] {
  const lag = metricFact(view, binlogLag);
  if (lag === null) return [];
  const doubt = doubtOf(view, lag);
  return [
    {
      subject: "source outside the cluster",
      who: "this cluster, which follows the binary log of a source outside it",
      lagSeconds: lastingLag(view, lag),
      intendedDelaySeconds: 0,
      stop: null,
      source: lag.id,
      notes: [],
      ...(doubt === null ? {} : { doubt }),
    },
  ];
}

/** RDS may be late or lose the word that it goes on; its own status, and a lag that is younger, are surer. */
function hasGoneOn({ at }: ToldStop, member: Member | null, lag: MetricFact | undefined): boolean {
  if (lag === undefined) return member?.replication?.normal === true;
  return lag.at > at && lag.latest < (Date.parse(lag.at) - Date.parse(at)) / 1000;
}

/** Why it may be no lag at all; whoever set an alarm on it did not mean it to be so. */
function doubtOf(view: View, lag: MetricFact): string | null {
  if (mayBeIdle(view, lag)) return "an idle primary alone makes the metric grow to 5 min";
  const usual = usualHigh(lag);
  if (usual === null || lag.latest <= 0 || usual < 0.8 * lag.latest || isAlarming(view, lag.id)) return null;
  return `it is delayed on purpose: it was ${duration(usual)} behind at this time before, too`;
}

function memberOf(view: View, name: string): Member | null {
  if (name === view.evidence.target.name) return selfOf(view);
  return othersOf(view).find(({ id }) => id === name) ?? null;
}

function brokenStatus(member: Member | null): ReplicaFact["stop"] {
  const { status = null, normal = null, message = null } = member?.replication ?? {};
  if (normal !== false && !/^(error|stopped|terminated)$/i.test(status ?? "")) return null;
  // "replication degraded" goes on from the archive; up to a stop point that is only set it goes on as well.
  if (/degraded|stop point set/i.test(status ?? "")) return null;
  const error = /^stopped$|stop point reached/i.test(status ?? "")
    ? null
    : (message ?? "RDS gives no reason");
  return {
    why: `RDS says that its replication ${status === "error" ? "stands at an error" : `is ${status ?? "not normal"}`}`,
    error,
    behind: true,
  };
}

/** Lag below this is nothing that lasts; a value many times the threshold has taken its time to grow. */
function lastingLag(view: View, lag: MetricFact): number {
  const limit = lagLimit(view, lag.id);
  const lasts = lastingFor(view, lag, (value) => value >= limit) !== null;
  return lasts || lag.latest >= 3 * limit ? lag.latest : 0;
}

/** Aurora readers share the writer's storage: ten seconds there are what a minute is elsewhere. */
export function lagLimit(view: View, source: string): number {
  const { replicationLagSeconds } = view.thresholds;
  return source !== binlogLag && source.toLowerCase().includes("aurora")
    ? replicationLagSeconds / 6
    : replicationLagSeconds;
}

/**
 * PostgreSQL measures the age of the last transaction replayed, which grows on an idle primary.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html
 */
function mayBeIdle(view: View, lag: MetricFact): boolean {
  if (view.evidence.target.engine !== "postgres" || lag.id !== "ReplicaLag") return false;
  return lag.latest < idleSeconds && (sourceWrites(view, lag.subject)?.state ?? "idle") === "idle";
}

/** The writer has seen that all is replayed: the clock of the metric runs on while nothing is written. */
function hasReplayedAll(view: View, lag: MetricFact): boolean {
  const fed = (view.rows(postgresReplicationRows) ?? []).filter(({ kind }) => kind === "physical");
  const idle =
    fed.length > 0 &&
    fed.every(
      ({ replayLagBytes, replayLagSeconds }) => replayLagBytes === 0 || isSoon(view, replayLagSeconds),
    );
  return lag.id === "ReplicaLag" && idle;
}

/** The writer's own measure of recent WAL; during one long transaction the metric grows, and this does not. */
function isSoon(view: View, replayLagSeconds: number | null): boolean {
  return replayLagSeconds !== null && replayLagSeconds < lagLimit(view, "ReplicaLag");
}

function isNegative(view: View, id: string, subject: string): boolean {
  if (readingOf(view, id, subject)?.state === "not-replicating") return true;
  const series = view.evidence.metrics.find(
    (each) => each.id === id && each.dimensions["DBInstanceIdentifier"] === subject,
  );
  return (series?.points.at(-1)?.value ?? 0) < 0;
}

/** A standby further behind than this has lost touch, whatever its clock says. */
const farBytes = 1024 ** 3;

/** What the writer itself sees of those that it feeds. */
export function replicasFromWriter(view: View): readonly ReplicaFact[] {
  const fed = (view.rows(postgresReplicationRows) ?? []).filter(({ kind }) => kind === "physical");
  const aurora = [
    ...(view.rows(postgresReplicationAuroraRows) ?? []),
    ...(view.rows(mysqlReplicationAuroraRows) ?? []),
  ].filter(({ writer, server }) => !writer && isStillThere(view, server));
  return [
    ...fed.map((row) => ({
      subject: row.client ?? row.application ?? `pid ${row.pid}`,
      who: `the standby at ${row.client ?? "an unknown address"} (${row.application ?? "no name"})`,
      lagSeconds: (row.replayLagBytes ?? 0) >= farBytes ? Number.POSITIVE_INFINITY : row.replayLagSeconds,
      intendedDelaySeconds: 0,
      stop: null,
      source: postgresReplicationRows.id,
      notes: row.replayLagBytes === null ? [] : [`${row.replayLagBytes} bytes not replayed`],
    })),
    ...aurora.map((row) => ({
      subject: row.server,
      who: `reader ${row.server}`,
      lagSeconds: row.lagMs === null ? null : row.lagMs / 1000,
      intendedDelaySeconds: 0,
      stop: null,
      source: "aurora_replica_status",
      notes: [],
    })),
  ];
}
