import * as effect from "./change-effects.ts";
import { set } from "./change-plays.ts";
import type { ChangeRow } from "./change-rows.ts";

const { both, logs, numbers } = effect;
const my = (
  parameter: readonly [name: string, value: string | number],
  made: ChangeRow["effect"],
  root: RegExp,
  more: Partial<ChangeRow> = {},
): ChangeRow => ({
  flavour: "mysql",
  made: set(...parameter),
  effect: made,
  root,
  names: parameter[0],
  ...more,
});
const booted = (name: string, value: string | number) => ({ made: set(name, value, "pending-reboot", 3) });
const aborted = (why: string) =>
  logs(
    `[Note] [MY-010914] [Server] Aborted connection 40118 to db: 'shop' user: 'web' host: '10.4.18.23' (${why}).`,
  );
const plans = /cpu-saturated|expensive-statement|plan-regression|query-regression/;
const slowReads = /io-saturated|cache-too-small|cold-cache/;
const slowWrites = /io-saturated|write-stall|commit-stall/;

/** What a variable of MySQL bounds. */
export const mysqlRows: readonly ChangeRow[] = [
  my(["max_connections", 60], effect.fullFor(60), /too-many-connections|connections-near-limit/),
  my(
    ["max_user_connections", 20],
    logs(
      "[ERROR] [MY-013184] [Server] User 'web' has exceeded the 'max_user_connections' resource (current value: 20)",
    ),
    /too-many-connections/,
  ),
  my(["innodb_buffer_pool_size", 268435456], effect.mysqlReads, slowReads),
  my(["innodb_buffer_pool_size", 15032385536], effect.memory, /memory-pressure/),
  my(["sort_buffer_size", 268435456], effect.memory, /memory-pressure/),
  my(["join_buffer_size", 268435456], effect.memory, /memory-pressure/),
  my(["tmp_table_size", 1024], effect.mysqlReads, /io-saturated|spilling-query/),
  my(
    ["max_heap_table_size", 16384],
    logs("[ERROR] [MY-013132] [Server] The table 'basket' is full!"),
    /instance-limit-reached/,
  ),
  my(["read_rnd_buffer_size", 268435456], effect.memory, /memory-pressure/),
  my(["innodb_flush_log_at_trx_commit", 1], effect.mysqlWrites, slowWrites),
  my(["sync_binlog", 1], effect.mysqlWrites, slowWrites),
  my(["innodb_redo_log_capacity", 8388608], effect.mysqlWrites, slowWrites),
  my(["innodb_io_capacity", 100], effect.mysqlWrites, slowWrites),
  my(["optimizer_switch", "index_merge=off"], effect.cpu, plans),
  my(["eq_range_index_dive_limit", 1], effect.cpu, plans),
  my(
    ["wait_timeout", 5],
    both(aborted("Got timeout reading communication packets"), effect.missing),
    /unknown/,
  ),
  my(
    ["interactive_timeout", 5],
    both(aborted("Got timeout reading communication packets"), effect.missing),
    /unknown/,
  ),
  my(["wait_timeout", 28800], numbers({ DatabaseConnections: 1290 }), /connection/),
  my(["innodb_lock_wait_timeout", 3600], effect.mysqlRowWaits, /hot-row-contention|blocked/),
  my(
    ["innodb_thread_concurrency", 1],
    numbers({ DBLoad: 30, DBLoadNonCPU: 28, CPUUtilization: 22 }),
    /unknown/,
  ),
  my(["table_open_cache", 20], effect.cpu, plans),
  my(
    ["binlog_row_image", "full"],
    both(effect.space, numbers({ BinLogDiskUsage: 90 * 1024 ** 3 })),
    /storage-low|log-or-binlog/,
  ),
  my(
    ["binlog_format", "ROW"],
    both(effect.space, numbers({ BinLogDiskUsage: 90 * 1024 ** 3 })),
    /storage-low|log-or-binlog/,
  ),
  my(["general_log", 1], effect.space, /storage-low|log-or-binlog/),
  my(["general_log", 1], effect.mysqlWrites, slowWrites),
  my(["long_query_time", 0], effect.space, /storage-low|log-or-binlog/),
  my(["performance_schema", 1], effect.memory, /memory-pressure/, booted("performance_schema", 1)),
  my(
    ["require_secure_transport", "ON"],
    both(
      effect.missing,
      logs(
        "[Warning] [MY-010055] [Server] Connections using insecure transport are prohibited while --require_secure_transport=ON.",
      ),
    ),
    /auth-failures|tls|database-unreachable/,
  ),
  my(
    ["tls_version", "TLSv1.3"],
    both(effect.missing, logs("[Note] [MY-010914] [Server] Bad handshake")),
    /unknown/,
  ),
  my(
    ["max_connect_errors", 3],
    both(effect.missing, effect.blocked),
    /instance-limit-reached|database-unreachable/,
  ),
  my(["replica_parallel_workers", 0], effect.lag("ReplicaLag", 900), /replication-lag/, { replica: true }),
  my(["sync_binlog", 1], effect.lag("ReplicaLag", 900), /replication-lag/, { replica: true }),
  my(
    ["max_prepared_stmt_count", 100],
    logs(
      "[ERROR] [MY-010259] [Server] Can't create more than max_prepared_stmt_count statements (current value: 100)",
    ),
    /instance-limit-reached/,
  ),
  my(["character_set_server", "latin1"], effect.cpu, plans),
  my(["innodb_change_buffering", "none"], effect.mysqlReads, slowReads),
  my(["innodb_read_io_threads", 1], effect.mysqlReads, slowReads),
  my(
    ["default_authentication_plugin", "sha256_password"],
    both(effect.missing, logs("[Warning] [MY-013360] [Server] Plugin 'mysql_native_password' is not loaded")),
    /auth-failures/,
  ),
  { ...my(["innodb_flush_log_at_trx_commit", 1], effect.mysqlWrites, slowWrites), flavour: "aurora-mysql" },
  {
    ...my(["max_connections", 60], effect.fullFor(60), /too-many-connections|connections-near-limit/),
    flavour: "aurora-mysql",
  },
];
