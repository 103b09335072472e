import { alarmSide } from "./alarm-side.ts";
import { metricFact } from "./metric-facts.ts";
import { rounded } from "./statements.ts";
import { isAsEver } from "./usual.ts";
import type { View } from "./view.ts";

/**
 * Metrics of the catalogue of which no rule makes a finding by itself, and where a person looks when an alarm on one
 * stands. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
export const unreadMetrics: Readonly<Record<string, string>> = {
  AbortedClients: "who leaves without closing: the error log names them with log_error_verbosity 3",
  ActiveTransactions: "the oldest in information_schema.INNODB_TRX",
  AuroraGlobalDBRPOLag: "aurora_global_db_status() and the writes of the primary Region",
  AuroraGlobalDBReplicationLag: "aurora_global_db_status() and the writes of the primary Region",
  AuroraReplicaLagMaximum: "which reader: AuroraReplicaLag of each",
  BlockedTransactions: "who waits for whom: sys.innodb_lock_waits on the writer",
  CPUSurplusCreditBalance:
    "the class works above its baseline on credits that are paid for: CPUUtilization for hours, or a larger class",
  CommitThroughput: "Performance Insights, by statement: what commits, or has ceased to",
  DBLoadNonCPU: "Performance Insights, by wait event",
  DMLLatency: "Performance Insights, by statement: what changes rows and waits",
  Queries: "Performance Insights, by statement and user: what asks more, or has ceased to",
  ReplicationSlotDiskUsage: "pg_replication_slots: whose decoding spills, and of which long transaction",
  SelectLatency: "Performance Insights, by statement: what reads more than it did",
  TransactionLogsDiskUsage: "pg_replication_slots: what keeps WAL",
  VolumeBytesUsed:
    "the largest tables and their growth; space of dropped tables comes back, of deleted rows not",
};

/** "SelectLatency stands at 5.1, its threshold is 2: no rule here reads it alone; next: …"; null without such an alarm. */
export function unreadAlarm(view: View): string | null {
  const { signal } = view.evidence;
  if (signal?.state !== "ALARM") return null;
  const name = signal.metrics.map((metric) => metric.name).find((one) => unreadMetrics[one] !== undefined);
  if (name === undefined) return null;
  const last = signal.recentDatapoints.at(-1);
  const stands = last === undefined ? "is in alarm" : `stands at ${rounded(last)}`;
  const threshold = signal.threshold === null ? "" : `, its threshold is ${rounded(signal.threshold)}`;
  return `${name} ${stands}${threshold}${asEver(view, name)}: no rule here reads it alone; next: ${unreadMetrics[name]}`;
}

/** ", as high as a day and a week ago at this hour (14.2 and 15.1)": the threshold is what is new. */
function asEver(view: View, name: string): string {
  const fact = metricFact(view, name);
  const known = fact !== null && fact.day !== null && fact.week !== null;
  if (!known || alarmSide(view.evidence, name) !== "too-high" || !isAsEver(fact)) return "";
  return `, as high as a day and a week ago at this hour (${rounded(fact.day ?? 0)} and ${rounded(fact.week ?? 0)})`;
}
