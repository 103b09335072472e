import type { Engine } from "../../contract/target.ts";

type Unit = "bytes" | "seconds" | "milliseconds" | null;

/** The version that no longer has it; "later": it is known to be gone, but not since when. */
type GoneSince = Readonly<Partial<Record<Engine, string>>>;

export interface KnownSetting {
  readonly name: string;
  readonly unit: Unit;
  readonly goneSince: GoneSince;
  readonly replacedBy: string | null;
}

const setting = (unit: Unit, ...names: readonly string[]): readonly KnownSetting[] =>
  names.map((name) => ({ name, unit, goneSince: {}, replacedBy: null }));

const gone = (
  unit: Unit,
  names: readonly string[],
  goneSince: GoneSince,
  replacedBy: string | null = null,
): readonly KnownSetting[] => names.map((name) => ({ name, unit, goneSince, replacedBy }));

/**
 * What is asked for, and what people still look for where it is gone.
 * https://dev.mysql.com/doc/mysqld-version-reference/en/optvar-changes-8-0.html
 * https://dev.mysql.com/doc/mysqld-version-reference/en/optvar-changes-8-2.html
 * https://dev.mysql.com/doc/mysqld-version-reference/en/optvar-changes-8-4.html
 * https://mariadb.com/kb/en/upgrading-from-mariadb-105-to-mariadb-106/
 */
export const knownSettings: readonly KnownSetting[] = [
  ...setting(null, "slow_query_log", "log_output", "log_queries_not_using_indexes", "min_examined_row_limit"),
  ...setting("seconds", "long_query_time"),
  ...setting(
    "bytes",
    "innodb_buffer_pool_size",
    "tmp_table_size",
    "max_heap_table_size",
    "temptable_max_ram",
  ),
  ...setting("bytes", "sort_buffer_size", "join_buffer_size", "read_buffer_size", "read_rnd_buffer_size"),
  ...setting("bytes", "key_buffer_size", "innodb_log_buffer_size", "innodb_redo_log_capacity"),
  ...setting(
    "bytes",
    "max_allowed_packet",
    "binlog_cache_size",
    "max_binlog_size",
    "aria_pagecache_buffer_size",
  ),
  ...setting(null, "max_connections", "max_user_connections", "thread_cache_size", "table_open_cache"),
  ...setting(null, "table_definition_cache", "open_files_limit", "innodb_open_files", "thread_handling"),
  ...setting("seconds", "wait_timeout", "interactive_timeout", "connect_timeout", "net_read_timeout"),
  ...setting("seconds", "net_write_timeout", "lock_wait_timeout", "innodb_lock_wait_timeout"),
  ...setting("seconds", "idle_transaction_timeout", "idle_write_transaction_timeout"),
  ...setting("milliseconds", "max_execution_time"),
  ...setting("seconds", "max_statement_time"),
  ...setting(null, "innodb_rollback_on_timeout", "innodb_deadlock_detect", "innodb_print_all_deadlocks"),
  ...setting(null, "innodb_flush_log_at_trx_commit", "innodb_flush_method", "innodb_io_capacity"),
  ...setting(
    null,
    "innodb_io_capacity_max",
    "innodb_purge_threads",
    "innodb_max_purge_lag",
    "innodb_file_per_table",
  ),
  ...setting(null, "innodb_doublewrite", "innodb_stats_persistent", "innodb_stats_auto_recalc"),
  ...setting(null, "innodb_adaptive_hash_index", "innodb_dedicated_server", "innodb_read_only"),
  ...setting("bytes", "innodb_max_undo_log_size", "innodb_online_alter_log_max_size"),
  ...setting(null, "innodb_undo_log_truncate", "foreign_key_checks", "unique_checks"),
  ...setting(
    null,
    "log_bin",
    "sync_binlog",
    "binlog_format",
    "binlog_row_image",
    "log_bin_trust_function_creators",
  ),
  ...setting("seconds", "binlog_expire_logs_seconds", "replica_net_timeout", "slave_net_timeout"),
  ...setting(
    null,
    "gtid_mode",
    "enforce_gtid_consistency",
    "gtid_strict_mode",
    "read_only",
    "super_read_only",
  ),
  ...setting(null, "replica_parallel_workers", "replica_preserve_commit_order", "slave_parallel_threads"),
  ...setting(null, "require_secure_transport", "tls_version", "default_password_lifetime", "local_infile"),
  ...setting(
    null,
    "performance_schema",
    "performance_schema_digests_size",
    "performance_schema_max_digest_length",
  ),
  ...setting(
    null,
    "event_scheduler",
    "sql_mode",
    "transaction_isolation",
    "autocommit",
    "character_set_server",
  ),
  ...setting(null, "time_zone", "optimizer_switch", "innodb_autoinc_lock_mode", "default_storage_engine"),
  ...gone("bytes", ["query_cache_size", "query_cache_limit"], { mysql: "8.0.3" }),
  ...gone(null, ["query_cache_type"], { mysql: "8.0.3" }),
  ...gone(null, ["tx_isolation"], { mysql: "8.0.3" }, "transaction_isolation"),
  ...gone(null, ["log_warnings"], { mysql: "8.0.3" }, "log_error_verbosity"),
  ...gone(null, ["innodb_file_format", "innodb_large_prefix"], { mysql: "8.0", mariadb: "10.6" }),
  ...gone(null, ["expire_logs_days"], { mysql: "8.2.0" }, "binlog_expire_logs_seconds"),
  ...gone(null, ["default_authentication_plugin"], { mysql: "8.4.0" }, "authentication_policy"),
  ...gone("bytes", ["innodb_log_file_size"], { mysql: "later" }, "innodb_redo_log_capacity"),
  ...gone(null, ["innodb_thread_concurrency"], { mariadb: "10.6" }),
  ...gone(null, ["innodb_buffer_pool_instances", "innodb_page_cleaners"], { mariadb: "10.6" }),
];
