import * as z from "zod";
import { shownQuery } from "../../text/normalise-query.ts";
import { defineProbe, type ProbeContext } from "../define.ts";
import { type MatviewRow, postgresMatviewsRows } from "./matviews-rows.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";

const answerSchema = z.object({
  schema_name: z.string(),
  view_name: z.string(),
  owner: z.string().nullable(),
  populated: z.boolean(),
  bytes: z.number(),
  reltuples: z.number(),
  unique_index: z.string().nullable(),
  key_column: z.string().nullable(),
  tracked: z.boolean(),
  refreshed_seconds: z.number().nullable(),
  rows_deleted: z.number(),
  pid: z.number().int().nullable(),
  session_key: z.string().nullable(),
  concurrently: z.boolean().nullable(),
  waiting: z.boolean().nullable(),
  seconds: z.number().nullable(),
  user_name: z.string().nullable(),
  application: z.string().nullable(),
  query: z.string().nullable(),
  opted_out: z.boolean().nullable(),
  blocked: z.number().int(),
  blocked_pids: z.array(z.number().int()),
  longest_wait: z.number().nullable(),
});
type Answer = z.infer<typeof answerSchema>;

/**
 * A REFRESH as a whole swaps the view's file and so rewrites its pg_class row: that row's transaction is the last
 * one, and its time is known when commit timestamps are kept. CONCURRENTLY changes rows only. The conditions for
 * `unique_index` are those of REFRESH … CONCURRENTLY. A plain one holds both locks,
 * CONCURRENTLY only the weaker. pg_locks is copied once: a scan for each view would not be cheap.
 */
function sqlOf(major: number): string {
  return `
  with locks as materialized (
    select pid, relation, mode, granted, ${major >= 14 ? "waitstart" : "null::timestamptz as waitstart"} from pg_locks
    where locktype = 'relation' and database = (select oid from pg_database where datname = current_database())),
  refreshes as (
    select l.relation, l.pid, l.concurrently, l.waiting, a.backend_start::text as session_key,
      extract(epoch from clock_timestamp() - a.query_start)::float8 as seconds, a.usename::text as user_name,
      nullif(a.application_name, '') as application, left(a.query, 4000) as query,
      strpos(lower(a.query), lower($1)) > 0 as opted_out,
      row_number() over (partition by l.relation order by l.waiting, a.query_start) as place
    from (
      select relation, pid, bool_and(mode = 'ExclusiveLock') as concurrently, not bool_and(granted) as waiting
      from locks where mode in ('AccessExclusiveLock', 'ExclusiveLock') group by relation, pid) as l
      join pg_stat_activity a on a.pid = l.pid
    -- Other databases' statements may be in another encoding, of which a pattern makes an error.
    where case a.datname when current_database() then a.query ~* 'refresh\\s+materialized\\s+view' end)
  select n.nspname::text as schema_name, c.relname::text as view_name, pg_get_userbyid(c.relowner)::text as owner, c.relispopulated as populated,
    c.relpages::float8 * current_setting('block_size')::int as bytes, c.reltuples::float8 as reltuples,
    (select min(i.relname::text) from pg_index x join pg_class i on i.oid = x.indexrelid
      where x.indrelid = c.oid and x.indisunique and x.indisvalid and x.indimmediate
        and x.indpred is null and x.indexprs is null) as unique_index,
    (select min(s.attname::text) from pg_stats s where s.schemaname = n.nspname and s.tablename = c.relname
      and s.n_distinct = -1 and s.null_frac = 0 and not s.inherited) as key_column,
    current_setting('track_commit_timestamp')::bool as tracked,
    case when current_setting('track_commit_timestamp')::bool
      then extract(epoch from clock_timestamp() - pg_xact_commit_timestamp(c.xmin))::float8 end as refreshed_seconds,
    pg_stat_get_tuples_deleted(c.oid)::float8 as rows_deleted,
    r.pid, r.session_key, r.concurrently, r.waiting, r.seconds, r.user_name, r.application, r.query, r.opted_out,
    w.blocked, w.blocked_pids, w.longest_wait
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join refreshes r on r.relation = c.oid and r.place = 1
    left join lateral (
      select count(distinct l.pid)::int as blocked, extract(epoch from clock_timestamp() - min(l.waitstart))::float8 as longest_wait,
        coalesce((array_agg(distinct l.pid))[1:20], '{}') as blocked_pids
      from locks l where l.relation = c.oid and not l.granted and l.pid is distinct from r.pid) as w on true
  where c.relkind = 'm'
  order by r.pid is null, w.blocked desc, c.relpages desc, c.oid
  limit 500`;
}

export const postgresMatviews = defineProbe({
  ...postgresMatviewsRows,
  spec: ["P11"],
  title:
    "Are materialized views being refreshed, whom does that block, and could it be done without blocking?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One copy of the lock table and one pass over the materialized views; linear in both.",
  needs: [pgMonitor],
  maxRows: 50,
  source: "https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html",
  statements: ({ server, settings }) => [
    sightStatement,
    { sql: sqlOf(server.major), params: [settings.policy.optOutComment] },
  ],
  read: ([sight, views], context): MatviewRow[] => {
    requireSight(sight);
    return z
      .array(answerSchema)
      .parse(views)
      .map((view) => rowOf(view, context));
  },
});

function rowOf(view: Answer, context: ProbeContext): MatviewRow {
  const can = view.populated && view.unique_index !== null;
  const whyNot = view.populated
    ? "it has no valid unique index on plain columns over all of its rows"
    : "it was never filled: the first refresh cannot be CONCURRENTLY";
  return {
    schema: view.schema_name,
    view: view.view_name,
    owner: view.owner,
    populated: view.populated,
    bytes: view.bytes,
    rows: view.reltuples < 0 ? null : view.reltuples,
    uniqueIndex: view.unique_index,
    keyColumn: view.key_column,
    canRefreshConcurrently: can,
    whyNotConcurrently: can ? null : whyNot,
    refresh: refreshOf(view, context),
    blockedSessions: view.blocked,
    blockedPids: view.blocked_pids,
    longestWaitSeconds: positive(view.longest_wait),
    ...freshness(view),
  };
}

function refreshOf(view: Answer, { settings }: ProbeContext): MatviewRow["refresh"] {
  if (view.pid === null || view.session_key === null) return null;
  const { queryText } = settings.probing;
  const { optOutComment } = settings.policy;
  const shown = { dialect: "postgres", queryText, optOutComment, optedOut: view.opted_out ?? false } as const;
  return {
    pid: view.pid,
    sessionKey: view.session_key,
    concurrently: view.concurrently ?? false,
    waiting: view.waiting ?? false,
    seconds: positive(view.seconds),
    user: view.user_name,
    application: view.application,
    query: view.query ? shownQuery(view.query, shown) : null,
  };
}

function freshness(view: Answer): Pick<MatviewRow, "refreshedSeconds" | "freshnessUnknown"> {
  const unknown = (because: string) => ({ refreshedSeconds: null, freshnessUnknown: because });
  if (!view.populated) return unknown("it was never filled");
  if (!view.tracked)
    return unknown("track_commit_timestamp is off, and PostgreSQL keeps no other time of a refresh");
  if (view.rows_deleted > 0) return unknown("it is refreshed CONCURRENTLY, which leaves no time behind");
  if (view.refreshed_seconds === null)
    return unknown("its last refresh is older than the commit timestamps kept");
  return { refreshedSeconds: positive(view.refreshed_seconds), freshnessUnknown: null };
}

function positive(seconds: number | null): number | null {
  return seconds === null ? null : Math.max(0, seconds);
}
