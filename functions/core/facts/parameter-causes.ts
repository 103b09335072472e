import type { Deviation } from "./deviations.ts";
import { writesLogs } from "./logging-parameters.ts";

/** Of parameters and arguments of calls; deviations that come of it; what the server says where it has bound somebody. */
type Bound = readonly [names: RegExp, can: readonly Deviation[], words?: RegExp];

const plans: readonly Deviation[] = ["cpu", "reads", "load"];

/**
 * What a parameter or an argument of a call bounds, by its name, the nearest first; of others nothing is said.
 * https://www.postgresql.org/docs/current/runtime-config.html
 * https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
 */
export const bounds: readonly Bound[] = [
  [/connect_errors/, ["away"]],
  [/user_conn/, []],
  [/max_conn|reserved_conn/, ["connections", "memory"], /too many c|connection slots/i],
  [/lock_(wait_)?timeout/, ["load"]],
  [/^idle_/, ["connections"], /idle-(in-transaction|session) timeout/],
  [/(wait|active|read|write)_timeout|keepalive/, ["connections", "away"], /reading communication packets/],
  [/ssl|secure_transport|tls|cACert/i, ["away"], /no encryption|insecure|SSL|TLS|certificate|bad handshake/i],
  [/password|auth|credentials/i, ["away"], /authentication|refused sign-in|is not loaded|Access denied/i],
  [/vpcSec|publiclyA|SubnetG|PortN/, ["away"]],
  [/temp_file_limit/, [], /temporary file size/],
  [/locks_per/, [], /out of shared memory/],
  [/slot|wal_senders|logical_repl/, ["space"], /replication slot/],
  [/standby/, ["lag", "space", "load"], /conflict with recovery|because of replay/],
  [/(heap|tmp|temp)_?table/, ["memory", "reads", "writes", "cpu"], /able \S{1,200} is full/],
  [/search_path|sql_mode|lower_c|colla|character/, plans, /does ?n[o']t exist|incorrect|Illegal mix/i],
  [/work_mem|(sort|join)_buffer/, ["memory", "reads", "writes", "cpu", "load"]],
  [/buffer|_cache|huge_pages|preload_libraries/, ["memory", "reads", "cpu"]],
  [/replica_|slave_|parallel_workers$/, ["lag", ...plans]],
  [
    /_cost$|^enable_|^jit|optimizer|statistics|_stats_|plan_cache|collapse|eq_range|join_|parallel|^track_|concurrency/,
    plans,
  ],
  [
    /flush|sync|commit|binlog|wal|checkpoint|redo|log_file|io_capacity|doublewrite|audit|optionGroup/,
    ["writes", "lag", "load", "space"],
  ],
  [/^(auto)?vacuum|general_log|slow_query|log_(min_duration_)?stat/, ["cpu", "reads", "writes"]],
  [/performance_schema/, ["cpu", "memory"]],
  [/deadlock_timeout/, ["load"]],
  [/io_threads|^iops|^storage/, ["reads", "writes", "load"]],
  [/serverless/, ["cpu", "reads", "memory", "connections", "load"]],
];

const boundOf = (name: string | null): Bound | undefined =>
  name === null ? undefined : bounds.find(([names]) => names.test(name));

export function isBounding(name: string): boolean {
  return boundOf(name) !== undefined;
}

export function parameterCauses(name: string, to: string | null, deviation: Deviation): boolean {
  const [, can = []] = boundOf(name) ?? [];
  return can.includes(deviation) || (deviation === "space" && writesLogs(name, to));
}

/** A limit that is reached is named, in whichever way. */
export const isLimit = /^(?=[\w.]+$).*(max_|timeout|_time$|limit|delay|read_only)/;
const prefix = /^(max|innodb|default_transaction)_/;

/** What is said where it has bound somebody; null where nobody says so. */
export function boundWords(name: string | null): RegExp | null {
  const words = boundOf(name)?.[2];
  if (words !== undefined || name === null || !isLimit.test(name)) return words ?? null;
  return new RegExp(name.replace(prefix, "").replaceAll("_", "[ _-]"), "i");
}
