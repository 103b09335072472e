import * as z from "zod";
import { defineProbe } from "../define.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";
import { type AutovacuumWorkersRow, postgresVacuumWorkersRows } from "./vacuum-workers-rows.ts";

const answerSchema = z.object({
  enabled: z.boolean(),
  busy: z.number().int(),
  most: z.number().int(),
  wraparound: z.number().int(),
  waiting: z.number().int(),
  longest_seconds: z.number().nullable(),
  longest_work: z.string().nullable(),
  naptime: z.number(),
  cost_delay: z.number(),
  cost_limit: z.number(),
  memory: z.number(),
});

/** pg_settings has plain numbers in a known unit; -1 means that the general vacuum setting counts. */
const sql = `
  with settings as materialized (
    select name, setting::float8 as value from pg_settings where vartype in ('integer', 'real') and name in (
      'autovacuum_max_workers', 'autovacuum_naptime', 'autovacuum_vacuum_cost_delay', 'autovacuum_vacuum_cost_limit',
      'vacuum_cost_delay', 'vacuum_cost_limit', 'autovacuum_work_mem', 'maintenance_work_mem')),
  workers as (
    select *, extract(epoch from clock_timestamp() - coalesce(xact_start, backend_start))::float8 as seconds
    from pg_stat_activity where backend_type = 'autovacuum worker')
  select current_setting('autovacuum')::bool and current_setting('track_counts')::bool as enabled,
    (select count(*) from workers)::int as busy,
    (select value from settings where name = 'autovacuum_max_workers')::int as most,
    (select count(*) from workers where query like '%(to prevent wraparound)%')::int as wraparound,
    (select count(*) from workers where wait_event_type in ('Lock', 'BufferPin'))::int as waiting,
    (select max(seconds) from workers) as longest_seconds,
    (select nullif(query, '') from workers order by seconds desc nulls last limit 1) as longest_work,
    (select value from settings where name = 'autovacuum_naptime') as naptime,
    coalesce((select value from settings where name = 'autovacuum_vacuum_cost_delay' and value >= 0),
      (select value from settings where name = 'vacuum_cost_delay')) as cost_delay,
    coalesce((select value from settings where name = 'autovacuum_vacuum_cost_limit' and value >= 0),
      (select value from settings where name = 'vacuum_cost_limit')) as cost_limit,
    1024 * coalesce((select value from settings where name = 'autovacuum_work_mem' and value >= 0),
      (select value from settings where name = 'maintenance_work_mem')) as memory`;

export const postgresVacuumWorkers = defineProbe({
  ...postgresVacuumWorkersRows,
  spec: ["P13"],
  title: "Does autovacuum run, and has it a worker left?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One pass over the sessions and the settings; constant.",
  needs: [pgMonitor],
  maxRows: 1,
  source: "https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM",
  statements: () => [sightStatement, { sql }],
  read: ([sight, answers]): AutovacuumWorkersRow[] => {
    requireSight(sight);
    return z
      .array(answerSchema)
      .parse(answers)
      .map((row) => ({
        enabled: row.enabled,
        workersBusy: row.busy,
        workersMax: row.most,
        wraparoundWorkers: row.wraparound,
        waitingWorkers: row.waiting,
        longestSeconds: row.longest_seconds === null ? null : Math.max(0, row.longest_seconds),
        longestWork: row.longest_work,
        naptimeSeconds: row.naptime,
        costDelayMs: row.cost_delay,
        costLimit: row.cost_limit,
        memoryBytes: row.memory,
      }));
  },
});
