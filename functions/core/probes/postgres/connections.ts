import * as z from "zod";
import { defineProbe } from "../define.ts";
import { type ConnectionGroup, connectionGroupSchema } from "../rows.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";

const answerSchema = z.object({
  state: connectionGroupSchema.shape.state,
  application: z.string().nullable(),
  user_name: z.string().nullable(),
  client: z.string().nullable(),
  database_name: z.string().nullable(),
  sessions: z.number().int(),
  waiting_on_lock: z.number().int(),
  oldest_seconds: z.number().nullable(),
  median_seconds: z.number().nullable(),
  over_session: z.number().int(),
  over_leak: z.number().int(),
  opened_last_minute: z.number().int(),
});

const sql = `
  select state, application, user_name, client, database_name, count(*)::int as sessions,
    count(*) filter (where waits)::int as waiting_on_lock,
    max(seconds) as oldest_seconds, percentile_cont(0.5) within group (order by seconds) as median_seconds,
    count(*) filter (where seconds > $1::float8)::int as over_session,
    count(*) filter (where seconds > $2::float8)::int as over_leak,
    count(*) filter (where age < interval '1 minute' and seconds <= $2::float8)::int as opened_last_minute
  from (
    select case state when 'active' then 'active' when 'fastpath function call' then 'active' when 'idle' then 'idle'
        when 'idle in transaction' then 'idle-in-transaction'
        when 'idle in transaction (aborted)' then 'idle-in-transaction-aborted' else 'other' end as state,
      nullif(application_name, '') as application, usename as user_name, host(client_addr) as client,
      datname as database_name, clock_timestamp() - backend_start as age, wait_event_type is not distinct from 'Lock' as waits,
      greatest(0, extract(epoch from clock_timestamp() - coalesce(state_change, backend_start))::float8) as seconds
    from pg_stat_activity where backend_type = 'client backend') as client_sessions
  group by 1, 2, 3, 4, 5
  order by sessions desc, oldest_seconds desc nulls last, 1, 2, 3, 4, 5`;

export const postgresConnections = defineProbe({
  id: "postgres-connections",
  spec: ["P2"],
  title: "Who holds the connections, in which state and for how long?",
  engines: ["postgres"],
  tier: "immediate",
  cost: "One pass over pg_stat_activity; linear in the connections.",
  needs: [pgMonitor],
  row: connectionGroupSchema,
  maxRows: 100,
  source: "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW",
  statements: ({ settings: { thresholds } }) => [
    sightStatement,
    { sql, params: [thresholds.idleSessionSeconds, thresholds.leakIdleSeconds] },
  ],
  read: ([sight, groups]): ConnectionGroup[] => {
    requireSight(sight);
    return z
      .array(answerSchema)
      .parse(groups)
      .map((group) => ({
        state: group.state,
        application: group.application,
        user: group.user_name,
        client: group.client,
        database: group.database_name,
        count: group.sessions,
        waitingOnLock: group.waiting_on_lock,
        oldestStateSeconds: group.oldest_seconds,
        medianStateSeconds: group.median_seconds,
        idleOverSession: group.over_session,
        idleOverLeak: group.over_leak,
        openedLastMinute: group.opened_last_minute,
      }));
  },
});
