import * as z from "zod";
import { defineProbe } from "../define.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";
import {
  type MaintenanceProgressRow,
  maintenanceProgressRowSchema,
  postgresVacuumProgressRows,
} from "./vacuum-progress-rows.ts";

const answerSchema = z.object({
  command: maintenanceProgressRowSchema.shape.command,
  pid: z.number().int(),
  session_key: z.string().nullable(),
  automatic: z.boolean(),
  wraparound: z.boolean(),
  database_name: z.string().nullable(),
  relation: z.string().nullable(),
  phase: z.string(),
  seconds: z.number().nullable(),
  done: z.number().nullable(),
  total: z.number().nullable(),
  unit: maintenanceProgressRowSchema.shape.unit,
  wait_event: z.string().nullable(),
  user_name: z.string().nullable(),
  application: z.string().nullable(),
});

/** Each phase counts something else: of create index, first sessions to wait for, then blocks, then rows. */
const sql = `
  select p.command, p.pid, a.backend_start::text as session_key,
    coalesce(a.backend_type = 'autovacuum worker', false) as automatic,
    coalesce(a.backend_type = 'autovacuum worker' and a.query like '%(to prevent wraparound)%', false) as wraparound,
    p.datname::text as database_name, coalesce(n.nspname || '.' || c.relname, nullif(p.relid, 0)::text) as relation,
    p.phase, extract(epoch from clock_timestamp() - coalesce(a.query_start, a.backend_start))::float8 as seconds,
    p.done::float8 as done, nullif(p.total, 0)::float8 as total, p.unit,
    a.wait_event_type || '/' || a.wait_event as wait_event, a.usename::text as user_name,
    nullif(a.application_name, '') as application
  from (
    select 'vacuum' as command, pid, datname, relid, phase,
      case phase when 'vacuuming heap' then heap_blks_vacuumed else heap_blks_scanned end as done,
      heap_blks_total as total, 'blocks' as unit
    from pg_stat_progress_vacuum
    union all
    select 'analyze', pid, datname, relid, phase, sample_blks_scanned, sample_blks_total, 'blocks'
    from pg_stat_progress_analyze
    union all
    select case when command like 'REINDEX%' then 'reindex' else 'create-index' end, pid, datname, relid, phase,
      case when phase like 'waiting%' then lockers_done when blocks_total > 0 then blocks_done else tuples_done end,
      case when phase like 'waiting%' then lockers_total when blocks_total > 0 then blocks_total else tuples_total end,
      case when phase like 'waiting%' then 'sessions' when blocks_total > 0 then 'blocks' else 'rows' end
    from pg_stat_progress_create_index
    union all
    select case when command = 'VACUUM FULL' then 'vacuum-full' else 'cluster' end, pid, datname, relid, phase,
      heap_blks_scanned, heap_blks_total, 'blocks'
    from pg_stat_progress_cluster
    union all
    select 'base-backup', pid, null, null, phase, backup_streamed, backup_total, 'bytes'
    from pg_stat_progress_basebackup) as p
    left join pg_stat_activity a on a.pid = p.pid
    left join pg_class c on c.oid = p.relid and p.datname = current_database()
    left join pg_namespace n on n.oid = c.relnamespace
  order by seconds desc nulls last, p.pid
  limit 200`;

export const postgresVacuumProgress = defineProbe({
  ...postgresVacuumProgressRows,
  spec: ["P13"],
  title: "Which maintenance is running, and how far is it?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One row for each running maintenance command; constant.",
  needs: [pgMonitor],
  maxRows: 50,
  source: "https://www.postgresql.org/docs/current/progress-reporting.html",
  statements: () => [sightStatement, { sql }],
  read: ([sight, commands]): MaintenanceProgressRow[] => {
    requireSight(sight);
    return z
      .array(answerSchema)
      .parse(commands)
      .map((row) => ({
        command: row.command,
        pid: row.pid,
        sessionKey: row.session_key,
        automatic: row.automatic,
        wraparound: row.wraparound,
        database: row.database_name,
        relation: row.relation,
        phase: row.phase,
        seconds: row.seconds === null ? null : Math.max(0, row.seconds),
        done: row.done,
        total: row.total,
        unit: row.unit,
        percent: percentOf(row.done, row.total),
        waitEvent: row.wait_event,
        user: row.user_name,
        application: row.application,
      }));
  },
});

/** Totals are estimates: a growing table or backup can pass them. */
function percentOf(done: number | null, total: number | null): number | null {
  return done === null || total === null || total <= 0 ? null : Math.min(100, (100 * done) / total);
}
