import * as z from "zod";
import type { SqlStatement } from "../../ports.ts";
import { encodingHereSql, legibleTextSql } from "./legible-text.ts";

/** Looks at most, in so many seconds; of more sessions than that each look sees enough. */
const looks = 50;
const looksSeconds = 0.25;
const sessionsLooked = 5000;
const momentsKept = 200;

/**
 * What left a transaction aborted: a client that rolls back at once is seen so by chance, in one of many looks, and each
 * time it is another moment (state_change: the start of its transaction is gone by then). Looks as of postgres-wait-profile,
 * which see running statements alone.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW (idle in transaction (aborted))
 * @param optOutComment a statement with it is nobody's to end; told, so that no text of it is lost.
 */
export function abortedTransactions(optOutComment: string): SqlStatement {
  return {
    sql: `
  with looks as materialized (
    select a.pid, a.state_change, a.usesysid, a.datid, a.query
    from generate_series(1, (select greatest(5, least(${looks}, ${sessionsLooked} / count(*)))::int from pg_stat_get_activity(null))) as turn(n)
    cross join lateral (
      select turn.n + 0 * length(pg_stat_clear_snapshot()::text || pg_sleep(${looksSeconds / looks})::text) as n offset 0) as look
    join lateral (
      select * from pg_stat_get_activity(nullif(look.n, look.n)) as b
      where b.pid <> pg_backend_pid() and b.state = 'idle in transaction (aborted)'
        and b.application_name <> 'rds-responder') as a on true),
  seen as (
    select distinct l.pid, l.state_change, r.rolname::text as user_name, d.datname::text as database_name,
      left(${legibleTextSql({ text: "l.query", encoding: "d.encoding", here: "here" })}, 4000) as query
    from looks l left join pg_roles r on r.oid = l.usesysid left join pg_database d on d.oid = l.datid
      cross join ${encodingHereSql} as here)
  select user_name, database_name, query,
    (array_agg(pid || '/' || extract(epoch from state_change)))[1:${momentsKept}] as moments,
    coalesce(bool_or(strpos(lower(query), lower($1)) > 0), false) as opted_out
  from seen group by 1, 2, 3 order by count(*) desc, query limit 50`,
    params: [optOutComment],
  };
}

export const abortedSchema = z.object({
  user_name: z.string().nullable(),
  database_name: z.string().nullable(),
  query: z.string().nullable(),
  /** Which session's, and since when: what stays aborted is one transaction in every look. */
  moments: z.array(z.string()),
  opted_out: z.boolean(),
});
