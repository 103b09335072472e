import * as z from "zod";
import { type Session, sessionSchema } from "../../contract/session.ts";
import { defineProbe } from "../define.ts";
import { postgresSession, postgresSessionColumns, postgresSessionRowSchema } from "./session-row.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";

/** Clients before workers, and the oldest transaction first: what holds others up is among the oldest. */
const sql = `
  select ${postgresSessionColumns}
  from pg_stat_activity a left join pg_roles r on r.oid = a.usesysid
  where (a.backend_type = 'client backend' and a.state is distinct from 'idle')
    or a.backend_type in ('autovacuum worker', 'parallel worker', 'walsender')
    or a.backend_type like 'logical replication %worker'
  order by a.pid = pg_backend_pid(), a.backend_type <> 'client backend',
    a.xact_start nulls last, a.query_start nulls last, a.pid
  limit 1000`;

export const postgresSessions = defineProbe({
  id: "postgres-sessions",
  spec: ["P3", "P5"],
  title: "What is running, what waits, what is idle in a transaction?",
  engines: ["postgres"],
  tier: "immediate",
  cost: "One pass over pg_stat_activity; linear in the connections, at most 1,000 rows sent.",
  needs: [pgMonitor],
  row: sessionSchema,
  maxRows: 100,
  source: "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW",
  statements: ({ settings }) => [sightStatement, { sql, params: [settings.policy.optOutComment] }],
  read: ([sight, sessions], context): Session[] => {
    requireSight(sight);
    return z
      .array(postgresSessionRowSchema)
      .parse(sessions)
      .map((row) => postgresSession(row, context));
  },
});
