import * as z from "zod";
import { type ShownQuery, shownQuery } from "../../text/normalise-query.ts";
import { defineProbe } from "../define.ts";
import { encodingHereSql, isLegibleSql, legibleTextSql, notAllLegible } from "./legible-text.ts";
import { type OldestXminRow, oldestXminRowSchema, postgresOldestXminRows } from "./oldest-xmin-rows.ts";
import { pgMonitor, requireSight, sightStatement } from "./sight.ts";

const answerSchema = oldestXminRowSchema
  .omit({ sessionKey: true, xminAge: true, catalogOnly: true, user: true, database: true })
  .extend({
    session_key: z.string().nullable(),
    xmin_age: z.number().int(),
    catalog_only: z.boolean(),
    user_name: z.string().nullable(),
    database_name: z.string().nullable(),
    seconds: z.number().nullable(),
    legible: z.boolean(),
    opted_out: z.boolean(),
  });

/**
 * A walsender's backend_xmin is its standby's feedback. With a slot the slot keeps that horizon, so the sender is
 * told apart by application name only when it has one of its own. A vacuum holds nobody back.
 */
const sql = `
  select holder, name, session_key, greatest(0, xmin_age)::int as xmin_age, catalog_only, seconds, state, user_name,
    application, client, database_name, query, legible, opted_out
  from (
    select 'session' as holder, pid::text as name, backend_start::text as session_key,
      greatest(age(backend_xid), age(backend_xmin)) as xmin_age, false as catalog_only,
      extract(epoch from clock_timestamp() - xact_start)::float8 as seconds, state, usename::text as user_name,
      nullif(application_name, '') as application, host(client_addr) as client, datname::text as database_name,
      left(text.legible, 4000) as query, ${isLegibleSql("text.legible", "query")} as legible,
      coalesce(strpos(lower(text.legible), lower($1)) > 0, false) as opted_out
    from pg_stat_activity a left join (select oid, encoding from pg_database) d on d.oid = a.datid
      cross join ${encodingHereSql} as here
      cross join lateral (select ${legibleTextSql({ text: "a.query", encoding: "d.encoding", here: "here" })} as legible) as text
    where (backend_xmin is not null or backend_xid is not null) and pid <> pg_backend_pid()
      and backend_type <> 'walsender'
      and not (backend_type = 'autovacuum worker' and query like 'autovacuum: VACUUM%')
      and pid not in (select pid from pg_stat_progress_vacuum)
    union all
    select 'prepared-transaction', gid, null, age(transaction), false,
      extract(epoch from clock_timestamp() - prepared)::float8, 'prepared', owner::text, null, null, database::text, null, true, false
    from pg_prepared_xacts
    union all
    select 'standby', r.pid::text, r.backend_start::text, age(r.backend_xmin), false, null, r.state, r.usename::text,
      nullif(r.application_name, ''), host(r.client_addr), null, null, true, false
    from pg_stat_replication r
    where r.backend_xmin is not null
  ) as holders
  order by catalog_only, xmin_age desc, seconds desc nulls last, name
  limit 200`;

export const postgresOldestXmin = defineProbe({
  ...postgresOldestXminRows,
  spec: ["P5"],
  title: "What keeps vacuum from removing dead rows, and since when?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One pass over sessions, prepared transactions and slots; linear in their number.",
  needs: [pgMonitor],
  maxRows: 20,
  source: "https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND",
  statements: ({ settings }) => [sightStatement, { sql, params: [settings.policy.optOutComment] }],
  read: ([sight, holders], { settings }): OldestXminRow[] => {
    requireSight(sight);
    const { queryText } = settings.probing;
    const { optOutComment } = settings.policy;
    return z
      .array(answerSchema)
      .parse(holders)
      .map(({ opted_out: optedOut, legible, ...row }) => ({
        holder: row.holder,
        name: row.name,
        sessionKey: row.session_key,
        xminAge: row.xmin_age,
        catalogOnly: row.catalog_only,
        seconds: row.seconds === null ? null : Math.max(0, row.seconds),
        state: row.state,
        user: row.user_name,
        application: row.application,
        client: row.client,
        database: row.database_name,
        query: shown(row.query, legible, { dialect: "postgres", queryText, optOutComment, optedOut }),
      }));
  },
});

function shown(query: string | null, legible: boolean, options: ShownQuery): string | null {
  const text = query && shownQuery(query, options);
  return legible ? text : notAllLegible(text, options.optOutComment);
}
