import * as z from "zod";
import { defineProbe } from "../define.ts";
import {
  type PostgresSettingRow,
  plannerMethods,
  postgresSettingRowSchema,
  postgresSettingsRows,
} from "./settings-rows.ts";

const names = [
  ...["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout"],
  ...[
    "transaction_timeout",
    "deadlock_timeout",
    "wal_receiver_timeout",
    "tcp_keepalives_idle",
    "tcp_user_timeout",
  ],
  ...[
    "client_connection_check_interval",
    "default_transaction_read_only",
    "default_transaction_isolation",
    "max_standby_streaming_delay",
  ],
  ...["recovery_min_apply_delay", "log_min_duration_sample"],
  ...["work_mem", "hash_mem_multiplier", "maintenance_work_mem", "autovacuum_work_mem", "shared_buffers"],
  ...["effective_cache_size", "temp_buffers", "temp_file_limit", "huge_pages", "max_connections"],
  ...[
    "superuser_reserved_connections",
    "reserved_connections",
    "random_page_cost",
    "effective_io_concurrency",
  ],
  ...["default_statistics_target", "max_worker_processes", "max_parallel_workers", "jit"],
  ...["max_parallel_workers_per_gather", "autovacuum", "autovacuum_max_workers", "autovacuum_naptime"],
  ...["autovacuum_worker_slots", "autovacuum_vacuum_cost_delay", "autovacuum_vacuum_cost_limit"],
  ...["autovacuum_vacuum_scale_factor", "autovacuum_vacuum_threshold", "autovacuum_analyze_scale_factor"],
  ...["autovacuum_vacuum_max_threshold", "autovacuum_freeze_max_age", "vacuum_failsafe_age", "track_counts"],
  ...["max_wal_size", "min_wal_size", "checkpoint_timeout", "checkpoint_completion_target", "wal_level"],
  ...["wal_keep_size", "max_slot_wal_keep_size", "max_replication_slots", "max_wal_senders", "fsync"],
  ...["hot_standby_feedback", "synchronous_commit", "full_page_writes", "max_prepared_transactions"],
  ...["log_min_duration_statement", "log_lock_waits", "log_temp_files", "log_autovacuum_min_duration"],
  ...["log_checkpoints", "log_connections", "log_statement", "auto_explain.log_min_duration"],
  ...["shared_preload_libraries", "pg_stat_statements.max", "pg_stat_statements.track", "track_io_timing"],
  ...["pg_stat_statements.track_utility", "max_locks_per_transaction", "logical_decoding_work_mem"],
  ...["track_activity_query_size", "compute_query_id", "ssl", "password_encryption", "rds.force_ssl"],
  ...plannerMethods,
  ...["rds.logical_replication", "rds.rds_superuser_reserved_connections", "rds.restrict_password_commands"],
] as const;

/**
 * reset_val, because the responder's own sessions set limits for themselves. What only looks like a setting (a name
 * with a dot that no library defined, as on a server that is not RDS) is read as it is.
 */
const sql = `
  with wanted as (select unnest(string_to_array($1, ',')) as name)
  select w.name, coalesce(s.reset_val, current_setting(w.name, true)) as value, s.unit,
    nullif(s.source, 'session') as source, s.context, s.boot_val as "bootValue",
    coalesce(s.pending_restart, false) as "pendingRestart",
    array(select coalesce(r.rolname, '*') || '@' || coalesce(d.datname, '*') || substr(c, length(w.name) + 1)
      from pg_db_role_setting o cross join unnest(o.setconfig) c
        left join pg_roles r on r.oid = o.setrole left join pg_database d on d.oid = o.setdatabase
      where starts_with(lower(c), w.name || '=') order by 1 limit 20) as overrides
  from wanted w left join pg_settings s on s.name = w.name
  where s.name is not null or current_setting(w.name, true) is not null
  order by w.name`;

export const postgresSettings = defineProbe({
  ...postgresSettingsRows,
  spec: ["P15"],
  title: "How is it set, by whom, and what waits for a restart?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One pass over the settings; constant.",
  needs: [],
  maxRows: names.length,
  source: "https://www.postgresql.org/docs/current/view-pg-settings.html",
  statements: () => [{ sql, params: [names.join(",")] }],
  read: ([rows = []]): PostgresSettingRow[] =>
    z
      .array(postgresSettingRowSchema.omit({ bytes: true, seconds: true }))
      .parse(rows)
      .map((row) => ({
        ...row,
        bytes: inBase(row.value, row.unit, bytesOf),
        seconds: inBase(row.value, row.unit, secondsOf),
      })),
});

/** https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES */
const bytesOf: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};
const secondsOf: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86_400 };

/** Units may carry a factor: "8kB". */
function inBase(
  value: string | null,
  unit: string | null,
  bases: Readonly<Record<string, number>>,
): number | null {
  const [, factor = "", name = ""] = /^(\d*)([A-Za-z]+)$/.exec(unit ?? "") ?? [];
  const base = bases[name];
  const number = Number(value ?? Number.NaN);
  if (base === undefined || !Number.isFinite(number) || number < 0) return null;
  return number * base * Number(factor || "1");
}
