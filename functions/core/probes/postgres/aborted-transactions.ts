import * as z from "zod";
import type { SqlStatement } from "../../ports.ts";
import { compare } from "../../text/compare.ts";
import type { FailingStatementRow } from "./failing-statements-rows.ts";
import { encodingHereSql, legibleTextSql } from "./legible-text.ts";

/** Looks at most, in so many seconds; of more sessions than that each look sees enough. */
const looks = 50;
const looksSeconds = 0.25;
const sessionsLooked = 5000;
const momentsKept = 200;

const toSavepoint = "^\\s*rollback\\s+((work|transaction)\\s+)?to\\M";

/** Of rows with an `application`: the names of those that sent one statement. A few are enough to know whom to ask. */
export const applicationsSql =
  "coalesce((array_agg(distinct application) filter (where application <> ''))[1:3], '{}') as applications";

/**
 * What left a transaction aborted: a client that rolls back at once is seen so by chance, in one of many looks, and each
 * time it is another moment (state_change: the start of its transaction is gone by then). Whatever is sent to an aborted
 * transaction is refused before it has an id, and becomes the session's statement, too: without one it may stand behind the
 * error, and counts once for a session. Of sessions that roll back to a savepoint, the transaction goes on; that is seen
 * by the same chance. Looks as of postgres-wait-profile, which see running statements alone.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW (idle in transaction (aborted))
 * @param optOutComment a statement with it is nobody's to end; told, so that no text of it is lost.
 */
export function abortedTransactions(optOutComment: string): SqlStatement {
  return {
    sql: `
  with looks as materialized (
    select a.pid, a.state_change, a.usesysid, a.datid, a.query, a.query_id, a.application_name,
      a.state = 'idle in transaction' as undone
    from generate_series(1, (select greatest(5, least(${looks}, ${sessionsLooked} / count(*)))::int from pg_stat_get_activity(null))) as turn(n)
    cross join lateral (
      select turn.n + 0 * length(pg_stat_clear_snapshot()::text || pg_sleep(${looksSeconds / looks})::text) as n offset 0) as look
    join lateral (
      select * from pg_stat_get_activity(nullif(look.n, look.n)) as b
      where b.pid <> pg_backend_pid() and (b.state = 'idle in transaction (aborted)'
          or b.state = 'idle in transaction' and b.query ~* '${toSavepoint}')
        and b.application_name <> 'rds-responder') as a on true),
  seen as (
    select distinct l.pid, l.state_change, l.undone, l.query_id is not null as itself, r.rolname::text as user_name, d.datname::text as database_name,
      l.application_name as application, left(${legibleTextSql({ text: "l.query", encoding: "d.encoding", here: "here" })}, 4000) as query
    from looks l left join pg_roles r on r.oid = l.usesysid left join pg_database d on d.oid = l.datid
      cross join ${encodingHereSql} as here)
  select user_name, database_name, query, undone, itself,
    (array_agg(distinct case when itself or undone then pid || '/' || extract(epoch from state_change)
      else pid::text end))[1:${momentsKept}] as moments,
    ${applicationsSql}, coalesce(bool_or(strpos(lower(query), lower($1)) > 0), false) as opted_out
  from seen group by 1, 2, 3, 4, 5 order by count(*) desc, query limit 50`,
    params: [optOutComment],
  };
}

export const abortedSchema = z.object({
  user_name: z.string().nullable(),
  database_name: z.string().nullable(),
  query: z.string().nullable(),
  applications: z.array(z.string()).default([]),
  /** It goes on behind a savepoint: no transaction of it ended. */
  undone: z.boolean(),
  /** It is the statement that failed, and not one that was sent behind it. */
  itself: z.boolean(),
  /** Which session's, and since when: what stays aborted is one transaction in every look. */
  moments: z.array(z.string()),
  opted_out: z.boolean(),
});
type Aborted = z.infer<typeof abortedSchema>;

/** Who rolls back to savepoints so often, against the errors that are seen, handles them. */
const handledShare = 0.25;

/**
 * What both readings saw of one statement: what stays aborted between them was seen once. None of users who handle their
 * errors by savepoints.
 * @param shown how a text may be shown.
 */
export function leftAborted(
  seen: readonly Aborted[],
  shown: (query: string | null, optedOut: boolean) => string | null,
): readonly FailingStatementRow[] {
  const users = Map.groupBy(seen, (one) => JSON.stringify([one.user_name, one.database_name]));
  return [...users.values()].flatMap((ofOne) => {
    const failed = ofOne.filter(({ undone }) => !undone);
    const undone = ofOne.filter((one) => one.undone);
    if (momentsOf(undone) > handledShare * momentsOf(failed)) return [];
    const alike = Map.groupBy(failed, (one) => JSON.stringify([one.itself, shown(one.query, one.opted_out)]));
    return [...alike.values()].flatMap((same) => {
      const [first] = same;
      const sessions = momentsOf(same);
      if (first === undefined || sessions === 0) return [];
      const { user_name: user, database_name: database, query, opted_out, itself } = first;
      const failedAt = itself ? "transaction" : "aborted";
      const applications = [...new Set(same.flatMap((one) => one.applications))].toSorted(compare);
      return [{ user, database, applications, query: shown(query, opted_out), sessions, failedAt }];
    });
  });
}

function momentsOf(all: readonly Aborted[]): number {
  return new Set(all.flatMap(({ moments }) => moments)).size;
}
