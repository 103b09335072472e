import { hasLocalStorage, isBurstable, isServerless } from "../context/instance-class.ts";
import type { ReadingUnit } from "../contract/context.ts";
import type { Engine } from "../contract/target.ts";

/** What decides which metrics an instance or cluster publishes. Null: not known, and then it is asked for. */
export interface MetricSubject {
  readonly engine: Engine;
  readonly aurora: boolean;
  readonly role: "writer" | "reader" | "replica" | "unknown";
  readonly instanceClass: string | null;
  readonly storageType: string | null;
  readonly inMultiAzCluster: boolean;
  /** Of a global database: its cluster is the one that others follow, or follows it. Null: it is of none. */
  readonly global: "primary" | "secondary" | "unknown" | null;
}

export interface MetricSpec {
  readonly name: string;
  /** The statistic whose extreme hurts. */
  readonly statistic: "Average" | "Maximum" | "Minimum";
  readonly unit: ReadingUnit;
  /** CloudWatch's value times this is in `unit`. */
  readonly factor?: number;
  readonly of: "instance" | "cluster";
  /** Also read for the other members of the group. */
  readonly everyMember?: true;
  /** Also read for the source that the database follows: what it writes is what a replica has to apply. */
  readonly ofSource?: true;
  /** Published only while there is some: no data means none. */
  readonly zeroByAbsence?: true;
  /** Not every size or setting publishes it: no data is no news. */
  readonly mayBeAbsent?: true;
  readonly publishedBy: (subject: MetricSubject) => boolean;
}

const milli = 0.001;

const all = () => true;
const aurora = ({ aurora }: MetricSubject) => aurora;
const rds = ({ aurora }: MetricSubject) => !aurora;
const postgres = ({ engine }: MetricSubject) => engine === "postgres";
const auroraMysql = ({ aurora, engine }: MetricSubject) => aurora && engine !== "postgres";
const rdsMysql = ({ aurora, engine }: MetricSubject) => !aurora && engine !== "postgres";
const rdsPostgres = ({ aurora, engine }: MetricSubject) => !aurora && engine === "postgres";
const gp2 = ({ aurora, storageType }: MetricSubject) =>
  !aurora && (storageType === null || storageType === "gp2");
const burstable = ({ instanceClass }: MetricSubject) => isBurstable(instanceClass);
const serverless = ({ instanceClass }: MetricSubject) => isServerless(instanceClass);
const localStorage = ({ aurora, instanceClass }: MetricSubject) =>
  aurora ? !isServerless(instanceClass) : hasLocalStorage(instanceClass);
/** The writer of a Multi-AZ DB cluster follows nobody either. */
const rdsReplica = ({ aurora, role }: MetricSubject) => !aurora && role !== "writer";
const auroraReader = ({ aurora, role }: MetricSubject) => aurora && role !== "writer";
const auroraWriter = ({ aurora, role }: MetricSubject) => aurora && role !== "reader";
/** "Available only in secondary AWS Regions" */
const globalSecondary = ({ aurora, global }: MetricSubject) =>
  aurora && (global === "secondary" || global === "unknown");
const mysqlFamily = ({ engine }: MetricSubject) => engine !== "postgres";

/**
 * Metrics of the namespace AWS/RDS with the flavours that publish them. Traps: ReadLatency is in seconds,
 * CommitLatency in milliseconds; ReplicaLag in seconds, AuroraReplicaLag in milliseconds; Deadlocks,
 * BufferCacheHitRatio and CommitLatency exist on Aurora only, FreeStorageSpace on RDS only.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
export const metricCatalogue: readonly MetricSpec[] = [
  instance("CPUUtilization", "Average", "percent", all, { everyMember: true }),
  instance("DatabaseConnections", "Maximum", "count", all, { everyMember: true }),
  instance("FreeableMemory", "Minimum", "bytes", all, { everyMember: true }),
  instance("SwapUsage", "Maximum", "bytes", all, { mayBeAbsent: true }),
  instance("ReadIOPS", "Average", "per-second", all),
  instance("WriteIOPS", "Average", "per-second", all, { ofSource: true }),
  instance("ReadLatency", "Average", "seconds", all),
  instance("WriteLatency", "Average", "seconds", all),
  instance("ReadThroughput", "Average", "bytes-per-second", all),
  instance("WriteThroughput", "Average", "bytes-per-second", all, { ofSource: true }),
  instance("NetworkReceiveThroughput", "Average", "bytes-per-second", all),
  instance("NetworkTransmitThroughput", "Average", "bytes-per-second", all),
  instance("DiskQueueDepth", "Average", "count", all),
  instance("DBLoad", "Average", "average-sessions", all, { everyMember: true, zeroByAbsence: true }),
  instance("DBLoadCPU", "Average", "average-sessions", all, { zeroByAbsence: true }),
  instance("DBLoadNonCPU", "Average", "average-sessions", all, { zeroByAbsence: true }),

  instance("FreeStorageSpace", "Minimum", "bytes", rds),
  // Of a dedicated log volume, which is none of FreeStorageSpace; full, the database stops all the same.
  instance("FreeStorageSpaceLogVolume", "Minimum", "bytes", rds, { mayBeAbsent: true }),
  instance("FreeLocalStorage", "Minimum", "bytes", localStorage),
  instance("BurstBalance", "Minimum", "percent", gp2, { mayBeAbsent: true }),
  instance("EBSIOBalance%", "Minimum", "percent", rds, { mayBeAbsent: true }),
  instance("EBSByteBalance%", "Minimum", "percent", rds, { mayBeAbsent: true }),
  instance("CPUCreditBalance", "Minimum", "count", burstable),
  instance("CPUSurplusCreditBalance", "Maximum", "count", burstable, { mayBeAbsent: true }),
  instance("ServerlessDatabaseCapacity", "Maximum", "acu", serverless),
  instance("ACUUtilization", "Maximum", "percent", serverless),

  instance("ReplicaLag", "Maximum", "seconds", rdsReplica, { everyMember: true }),
  instance("AuroraReplicaLag", "Maximum", "seconds", auroraReader, { factor: milli, everyMember: true }),
  instance("AuroraReplicaLagMaximum", "Maximum", "seconds", auroraWriter, { factor: milli }),
  instance("AuroraBinlogReplicaLag", "Maximum", "seconds", auroraMysql, { mayBeAbsent: true }),
  cluster("AuroraGlobalDBReplicationLag", "Maximum", "seconds", globalSecondary, { factor: milli }),
  cluster("AuroraGlobalDBRPOLag", "Maximum", "seconds", globalSecondary, { factor: milli }),

  instance("Deadlocks", "Maximum", "per-second", aurora),
  instance("BufferCacheHitRatio", "Minimum", "percent", aurora),
  instance("CommitLatency", "Average", "seconds", aurora, { factor: milli }),
  instance("CommitThroughput", "Average", "per-second", aurora, { ofSource: true }),
  instance("EngineUptime", "Minimum", "seconds", aurora),
  cluster("VolumeBytesUsed", "Maximum", "bytes", aurora),

  instance("Queries", "Average", "per-second", auroraMysql),
  instance("SelectLatency", "Average", "seconds", auroraMysql, { factor: milli }),
  instance("DMLLatency", "Average", "seconds", auroraMysql, { factor: milli }),
  instance("BlockedTransactions", "Average", "per-second", auroraMysql),
  // "By default, Aurora doesn't enable this metric": it takes innodb_monitor_enable.
  instance("ActiveTransactions", "Average", "per-second", auroraMysql, { mayBeAbsent: true }),
  // 0 is normal, 10 near a critical level.
  instance("AuroraMemoryHealthState", "Maximum", "count", auroraMysql, { mayBeAbsent: true }),
  instance("LoginFailures", "Maximum", "per-second", auroraMysql),
  instance("AbortedClients", "Maximum", "count", auroraMysql),
  instance("RollbackSegmentHistoryListLength", "Maximum", "count", auroraMysql),
  // "The age of the oldest active running transaction", from 3.08 on.
  instance("TransactionAgeMaximum", "Maximum", "seconds", auroraMysql, {
    mayBeAbsent: true,
    everyMember: true,
  }),
  cluster("AuroraVolumeBytesLeftTotal", "Minimum", "bytes", auroraMysql),

  instance("ConnectionAttempts", "Average", "count", mysqlFamily, { mayBeAbsent: true }),
  instance("BinLogDiskUsage", "Maximum", "bytes", rdsMysql, { mayBeAbsent: true }),
  instance("MaximumUsedTransactionIDs", "Maximum", "count", postgres),
  instance("OldestReplicationSlotLag", "Maximum", "bytes", postgres, { mayBeAbsent: true, ofSource: true }),
  instance("ReplicationSlotDiskUsage", "Maximum", "bytes", rdsPostgres, { mayBeAbsent: true }),
  instance("TransactionLogsDiskUsage", "Maximum", "bytes", rdsPostgres),
  // "The size of transaction logs generated per second", PostgreSQL, bytes per second; what a standby replays is none.
  // One of the 500 queries of the call, twice more for the comparison: $0.00003 a look; with the other three of a
  // source, $0.00012 a look at a replica.
  instance("TransactionLogsGeneration", "Average", "bytes-per-second", rdsPostgres, {
    mayBeAbsent: true,
    ofSource: true,
  }),
];

type Extra = Pick<MetricSpec, "factor" | "everyMember" | "ofSource" | "zeroByAbsence" | "mayBeAbsent">;

function instance(
  name: string,
  statistic: MetricSpec["statistic"],
  unit: ReadingUnit,
  publishedBy: MetricSpec["publishedBy"],
  extra: Extra = {},
): MetricSpec {
  return { name, statistic, unit, of: "instance", publishedBy, ...extra };
}

function cluster(
  name: string,
  statistic: MetricSpec["statistic"],
  unit: ReadingUnit,
  publishedBy: MetricSpec["publishedBy"],
  extra: Extra = {},
): MetricSpec {
  return { name, statistic, unit, of: "cluster", publishedBy, ...extra };
}
