import * as effect from "./change-effects.ts";
import type { ChangeRow } from "./change-rows.ts";
import { booted, pg } from "./change-rows-postgres.ts";

const { both, logs, numbers } = effect;
const statement = "STATEMENT:  SELECT * FROM orders WHERE customer_id = $1";

/** Limits of PostgreSQL, what it keeps and whom it lets in. */
export const postgresLimitRows: readonly ChangeRow[] = [
  pg(
    ["statement_timeout", 200],
    logs("ERROR:  canceling statement due to statement timeout", statement),
    /error-storm/,
  ),
  pg(["lock_timeout", 5], logs("ERROR:  canceling statement due to lock timeout", statement), /error-storm/),
  pg(
    ["idle_in_transaction_session_timeout", 200],
    logs("FATAL:  terminating connection due to idle-in-transaction timeout"),
    /idle-in-transaction|error-storm/,
  ),
  pg(
    ["transaction_timeout", 300],
    logs("FATAL:  terminating connection due to transaction timeout"),
    /error-storm/,
  ),
  pg(["max_wal_size", 64], effect.writes, /io-saturated|write-stall|commit-stall/),
  pg(["checkpoint_timeout", 30], effect.writes, /io-saturated|write-stall|commit-stall/),
  pg(
    ["autovacuum_max_workers", 12],
    effect.reads,
    /restart-or-crash|io-saturated/,
    booted("autovacuum_max_workers", 12),
  ),
  pg(["autovacuum_vacuum_cost_delay", 0], effect.reads, /io-saturated/),
  pg(["vacuum_cost_limit", 10000], effect.reads, /io-saturated/),
  pg(["synchronous_commit", "on"], effect.writes, /io-saturated|write-stall|commit-stall/),
  pg(
    ["synchronous_standby_names", "standby1"],
    both(numbers({ DBLoad: 40, DBLoadNonCPU: 38, WriteIOPS: 20, CPUUtilization: 5 })),
    /unknown/,
  ),
  pg(
    ["rds.logical_replication", 1],
    effect.space,
    /storage-low|log-or-binlog|wal-retained/,
    booted("rds.logical_replication", 1),
  ),
  pg(
    ["wal_keep_size", 90000],
    both(effect.space, numbers({ TransactionLogsDiskUsage: 92 * 1024 ** 3 })),
    /storage-low|log-or-binlog|wal-retained/,
  ),
  pg(
    ["max_slot_wal_keep_size", 100],
    logs('ERROR:  can no longer get changes from replication slot "cdc_orders"'),
    /logical-decoding-behind/,
  ),
  pg(
    ["max_standby_streaming_delay", 100],
    logs("ERROR:  canceling statement due to conflict with recovery", statement),
    /replica-query-conflict/,
    { replica: true },
  ),
  pg(["max_standby_streaming_delay", -1], effect.lag("ReplicaLag", 900), /replication-lag/, {
    replica: true,
  }),
  pg(
    ["hot_standby_feedback", 0],
    logs("ERROR:  canceling statement due to conflict with recovery", statement),
    /replica-query-conflict/,
    { replica: true },
  ),
  pg(["log_statement", "all"], effect.space, /storage-low|log-or-binlog/),
  pg(["log_min_duration_statement", 0], effect.space, /storage-low|log-or-binlog/),
  pg(["pgaudit.log", "all"], effect.writes, /io-saturated|write-stall|commit-stall/),
  pg(
    ["rds.force_ssl", 1],
    both(
      effect.missing,
      logs('FATAL:  no pg_hba.conf entry for host "10.4.18.23", user "web", database "shop", no encryption'),
    ),
    /auth-failures|tls|database-unreachable/,
  ),
  pg(
    ["password_encryption", "scram-sha-256"],
    both(effect.missing, logs('FATAL:  password authentication failed for user "web"')),
    /auth-failures/,
  ),
  pg(
    ["default_transaction_read_only", 1],
    both(
      logs(
        "ERROR:  cannot execute INSERT in a read-only transaction",
        "STATEMENT:  INSERT INTO orders (customer_id) VALUES ($1)",
      ),
      numbers({ WriteIOPS: 1 }),
    ),
    /database-read-only/,
  ),
  pg(
    ["shared_preload_libraries", "pg_stat_statements,auto_explain"],
    effect.cpu,
    /cpu-saturated|expensive-statement/,
    booted("shared_preload_libraries", "pg_stat_statements"),
  ),
  pg(["track_io_timing", 1], effect.cpu, /cpu-saturated|expensive-statement/),
  pg(
    ["temp_file_limit", 1024],
    logs("ERROR:  temporary file size exceeds temp_file_limit (1024kB)", statement),
    /error-storm|instance-limit|temporary|spilling/,
  ),
  pg(
    ["max_locks_per_transaction", 10],
    logs("ERROR:  out of shared memory", "HINT:  You might need to increase max_locks_per_transaction."),
    /instance-limit-reached/,
    booted("max_locks_per_transaction", 10),
  ),
  pg(
    ["max_prepared_transactions", 2],
    logs("ERROR:  maximum number of prepared transactions reached"),
    /instance-limit-reached/,
    booted("max_prepared_transactions", 2),
  ),
  pg(["deadlock_timeout", 60000], effect.locks, /hot-row-contention|blocked|deadlocks/),
  pg(
    ["search_path", "app"],
    logs('ERROR:  relation "orders" does not exist at character 15', statement),
    /error-storm/,
  ),
  pg(
    ["max_replication_slots", 1],
    logs("ERROR:  all replication slots are in use"),
    /logical-decoding-behind/,
    booted("max_replication_slots", 1),
  ),
  pg(
    ["rds.accepted_password_auth_method", "scram"],
    both(effect.missing, logs('FATAL:  password authentication failed for user "web"')),
    /auth-failures/,
  ),
  pg(
    ["idle_in_transaction_session_timeout", 0],
    numbers({ DatabaseConnections: 1560 }),
    /connection|too-many/,
  ),
  {
    ...pg(["jit", 1], effect.cpu, /cpu-saturated|expensive-statement|plan-regression/),
    flavour: "aurora-postgres",
  },
  {
    ...pg(
      ["statement_timeout", 200],
      logs("ERROR:  canceling statement due to statement timeout", statement),
      /error-storm/,
    ),
    flavour: "aurora-postgres",
  },
];
