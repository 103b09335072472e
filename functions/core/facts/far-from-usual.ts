import { restingShare } from "./insights.ts";
import { lastingFor, type MetricFact, metricFact, usualHigh } from "./metric-facts.ts";
import { metricText } from "./metric-text.ts";
import { allocatedBytes } from "./storage-space.ts";
import { isAsEver } from "./usual.ts";
import type { View } from "./view.ts";

type Row = readonly [
  id: string,
  /** In the unit of the catalogue: less than this hurts nobody, however much more than as a rule. */
  least: number,
  /** Of what it was a day and a week ago at this hour, whichever is higher. */
  times: number,
  /** It alone harms who is served, and is no matter of more work. */
  grave?: true,
];

/**
 * What harms or tells of harm where it rises far above its usual level, and no rule makes a finding of it alone. Those that
 * follow the work wait for more, since a busy hour is no fault.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
const raised: readonly Row[] = [
  ["CommitLatency", 0.03, 8, true],
  ["SelectLatency", 0.02, 10, true],
  ["DMLLatency", 0.05, 10, true],
  ["BlockedTransactions", 5, 5, true],
  ["ActiveTransactions", 50, 5, true],
  ["DBLoadNonCPU", 8, 8, true],
  ["AuroraReplicaLagMaximum", 2, 10, true],
  ["AuroraGlobalDBReplicationLag", 20, 10, true],
  ["AuroraGlobalDBRPOLag", 20, 10, true],
  ["DiskQueueDepth", 20, 10, true],
  ["SwapUsage", 1024 ** 3, 5],
  ["AbortedClients", 100, 10],
  ["DBLoadCPU", 8, 8],
  ["DatabaseConnections", 100, 4],
  ["Queries", 1000, 8],
  ["CommitThroughput", 500, 8],
  ["ReadIOPS", 1000, 8],
  ["WriteIOPS", 1000, 8],
  ["NetworkReceiveThroughput", 20e6, 10],
  ["NetworkTransmitThroughput", 50e6, 10],
  ["TransactionLogsGeneration", 20e6, 10],
];

/** What lies on the volume: by its share, as it has time to grow. */
const taken: readonly string[] = ["TransactionLogsDiskUsage", "BinLogDiskUsage", "ReplicationSlotDiskUsage"];
const takenShare = 0.1;
const takenTimes = 5;

/** What falls to next to nothing where nobody is served, or nothing can be done; each with what is some work as a rule. */
const fallen: readonly (readonly [id: string, least: number])[] = [
  ["DatabaseConnections", 10],
  ["CPUUtilization", 10],
  ["Queries", 50],
  ["CommitThroughput", 10],
  ["WriteIOPS", 50],
  ["ReadIOPS", 100],
  ["NetworkReceiveThroughput", 100_000],
  ["NetworkTransmitThroughput", 200_000],
];
const fallenTo = 0.1;
/** A cache that has become warm reads nothing, a job that was moved writes nothing: one alone is no fault. */
const together = 2;

export interface Far {
  /** Of the metric. */
  readonly id: string;
  /** "CommitLatency 120 ms for 13 min (2.4 ms as a rule)". */
  readonly says: string;
  readonly grave: boolean;
}

/** Metrics that have been far from what both a day and a week ago were at this hour; what is grave first. */
export function farFromUsual(view: View): readonly Far[] {
  const high = raised.flatMap(([id, least, times, grave]) =>
    begunLater(view, id)
      ? []
      : farOf(
          view,
          id,
          (usual) => (value) => awakePart(view, id) * value >= Math.max(least, times * usual),
        ).map((far) => ({ ...far, grave: grave === true })),
  );
  const all = [...high, ...onVolume(view), ...fellOf(view)];
  return all.toSorted((a, b) => Number(b.grave) - Number(a.grave));
}

/** Who sleeps on purpose waits for nothing. */
function awakePart(view: View, id: string): number {
  return id === "DBLoadNonCPU" ? 1 - restingShare(view) : 1;
}

function onVolume(view: View): readonly Far[] {
  const allocated = allocatedBytes(view);
  if (allocated === null) return [];
  return taken.flatMap((id) =>
    farOf(view, id, (usual) => (value) => value >= Math.max(takenShare * allocated, takenTimes * usual)).map(
      ({ says }) => ({
        id,
        says: `${says}, of a volume of ${metricText("FreeStorageSpace", allocated)}`,
        grave: true,
      }),
    ),
  );
}

function fellOf(view: View): readonly Far[] {
  const fell = fallen.flatMap(([id, least]) =>
    farOf(view, id, (usual) => (value) => usual >= least && value <= fallenTo * usual),
  );
  // On a holiday little is asked, and those who ask stay connected.
  const gone = fell.some(({ id }) => /^(DatabaseConnections|CPUUtilization)$/.test(id));
  return fell.map((far) => ({ ...far, grave: gone && fell.length >= together }));
}

/** A batch of each day that came some minutes later than yesterday. */
function begunLater(view: View, id: string): boolean {
  const fact = metricFact(view, id);
  return fact !== null && isAsEver(fact);
}

type Test = (value: number) => boolean;

function farOf(view: View, id: string, testOf: (usual: number) => Test): readonly Omit<Far, "grave">[] {
  const fact = metricFact(view, id) ?? clusterFact(view, id);
  const usual = fact === null || fact.day === null || fact.week === null ? null : usualHigh(fact);
  if (fact === null || usual === null) return [];
  const minutes = lastingFor(view, fact, testOf(usual));
  if (minutes === null) return [];
  const says = `${id} ${metricText(id, fact.latest)} for ${minutes} min (${metricText(id, usual)} as a rule)`;
  return [{ id, says }];
}

function clusterFact(view: View, id: string): MetricFact | null {
  const { clusterId } = view.evidence.target;
  return clusterId === null ? null : metricFact(view, id, clusterId);
}
