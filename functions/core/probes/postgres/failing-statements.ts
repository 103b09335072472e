import * as z from "zod";
import type { SqlRow } from "../../ports.ts";
import { shownQuery } from "../../text/normalise-query.ts";
import { defineProbe } from "../define.ts";
import { abortedSchema, abortedTransactions, applicationsSql, leftAborted } from "./aborted-transactions.ts";
import { atSeconds } from "./at-seconds.ts";
import { type FailingStatementRow, postgresFailingStatementsRows } from "./failing-statements-rows.ts";
import { encodingHereSql, legibleTextSql } from "./legible-text.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";
import { insideXml, statementStatistics, statementsMissing } from "./top-statements/reading.ts";

/**
 * What idle sessions ran last, within seconds. Without an id where ids are computed: refused before it ran; in an aborted
 * transaction for that, whatever it is.
 */
const lastStatements = `
  with last as (
    select a.query_id::text as query_id, a.usesysid::text as user_id, a.datid::text as database_id,
      a.usename::text as user_name, a.datname::text as database_name,
      a.application_name as application, extract(epoch from a.query_start)::float8 as started_at,
      left(${legibleTextSql({ text: "a.query", encoding: "d.encoding", here: "here" })}, 4000) as query
    from pg_stat_activity a left join pg_database d on d.oid = a.datid cross join ${encodingHereSql} as here
    where a.backend_type = 'client backend'
      and (a.state = 'idle' or a.state = 'idle in transaction (aborted)' and a.query_id is not null)
      and a.query_start > clock_timestamp() - interval '10 s' and a.query <> ''
      and a.application_name <> 'rds-responder'
      and exists (select from pg_stat_activity own where own.pid = pg_backend_pid() and own.query_id is not null))
  select query_id, user_id, database_id, user_name, database_name, query, min(started_at) as started_at,
    count(*)::int as sessions, ${applicationsSql},
    coalesce(bool_or(strpos(lower(query), lower($1)) > 0), false) as opted_out
  from last group by 1, 2, 3, 4, 5, 6 order by sessions desc, query limit 50`;

/** Text to be run by query_to_xml, as for postgres-top-statements; the clock is read after the entries. */
const callsCounted = `
  select query_to_xml(format('select pg_catalog.json_agg(pg_catalog.json_build_array(queryid::text, userid::text,
      dbid::text, calls)) as x from %I.pg_stat_statements(false) where queryid is not null', n.nspname),
    false, true, '')::text as entries, ${atSeconds}
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace
  where e.extname = 'pg_stat_statements' and current_setting('pg_stat_statements.max', true) is not null`;

const lastSchema = z.object({
  query_id: z.string().nullable(),
  user_id: z.string().nullable(),
  database_id: z.string().nullable(),
  user_name: z.string().nullable(),
  database_name: z.string().nullable(),
  query: z.string().nullable(),
  started_at: z.number(),
  sessions: z.number().int(),
  applications: z.array(z.string()).default([]),
  opted_out: z.boolean(),
});
const countedSchema = z.object({ entries: z.string(), at_seconds: z.number() });
const entriesSchema = z.array(z.tuple([z.string(), z.string(), z.string(), z.number()]));

export const postgresFailingStatements = defineProbe({
  ...postgresFailingStatementsRows,
  spec: ["P7", "P8"],
  title: "Which statements ended just now and were not counted as executed, or left a transaction aborted?",
  engines: ["postgres"],
  versions: { from: 14 },
  tier: "performance",
  cost: "Every entry of pg_stat_statements without its text and up to 51 passes over the sessions within 0.25 s, both twice.",
  needs: [pgMonitor, ...statementStatistics],
  maxRows: 10,
  source: "https://www.postgresql.org/docs/current/pgstatstatements.html",
  samples: 2,
  // The sessions first: what they had ended by then would be counted in what is read after it.
  statements: ({ settings }) => [
    sightStatement,
    { sql: lastStatements, params: [settings.policy.optOutComment] },
    { sql: callsCounted },
    abortedTransactions(settings.policy.optOutComment),
  ],
  read: (answers, { settings }): FailingStatementRow[] => {
    const [sight, , before, early, , sessions, after, late] = answers;
    requireSight(sight);
    const { queryText } = settings.probing;
    const { optOutComment } = settings.policy;
    const shown = (query: string | null, optedOut: boolean): string | null =>
      query === null ? null : shownQuery(query, { dialect: "postgres", queryText, optOutComment, optedOut });
    const [first, second] = [countedIn(before), countedIn(after)];
    const failed = (row: z.infer<typeof lastSchema>): boolean => {
      if (row.started_at <= first.at || !second.users.has(row.user_id)) return false;
      const key = `${row.query_id}/${row.user_id}/${row.database_id}`;
      return row.query_id === null || (second.calls.get(key) ?? 0) === (first.calls.get(key) ?? 0);
    };
    const ended = z
      .array(lastSchema)
      .parse(sessions ?? [])
      .filter(failed)
      .map(({ user_name, database_name, applications, query, query_id, sessions: count, opted_out }) => ({
        user: user_name,
        database: database_name,
        applications,
        query: shown(query, opted_out),
        sessions: count,
        failedAt: query_id === null ? ("parsing" as const) : ("execution" as const),
      }));
    const aborted = z.array(abortedSchema).parse([...(early ?? []), ...(late ?? [])]);
    return [...ended, ...leftAborted(aborted, shown)];
  },
});

interface Counted {
  readonly at: number;
  readonly calls: ReadonlyMap<string, number>;
  /** Of whom anything is counted: who is exempt from the statistics fails in nothing. */
  readonly users: ReadonlySet<string | null>;
}

function countedIn(rows: readonly SqlRow[] | undefined): Counted {
  if (rows?.length === 0) throw statementsMissing();
  const { entries, at_seconds } = countedSchema.parse(rows?.[0]);
  const calls = new Map<string, number>();
  const users = new Set<string>();
  for (const [query, user, database, count] of entriesSchema.parse(insideXml(entries) ?? [])) {
    const key = `${query}/${user}/${database}`;
    calls.set(key, (calls.get(key) ?? 0) + count);
    users.add(user);
  }
  return { at: at_seconds, calls, users };
}
