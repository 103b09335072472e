import type { SqlStatement } from "../../../ports.ts";
import { firstBarSql, foreignCodeTables } from "../../../text/foreign-code-sql.ts";
import { quoteName } from "../../../text/sql-names.ts";
import { lockedRelations } from "../sizes-sql.ts";

/**
 * $user stands for the role that asks; a statement's own role is put in its place. Memory as a new session has it.
 * standard_conforming_strings off would make the server read a statement's quotes otherwise than we do.
 */
export const environmentStatement: SqlStatement = {
  sql: `
  select pg_has_role('pg_read_all_stats', 'usage') as sees_all,
    -- The role came with 14.
    coalesce((select pg_has_role(r.oid, 'usage') from pg_roles r where r.rolname = 'pg_read_all_data'), false) as reads_all,
    (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace
      where e.extname = 'pg_stat_statements') as statements_schema,
    (select string_to_array(e.extversion, '.')::int[] >= '{1,9}' from pg_extension e
      where e.extname = 'pg_stat_statements') as knows_top_level,
    (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace
      where e.extname = 'hypopg') as hypopg_schema,
    (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace
      where e.extname = 'pg_trgm') as trgm_schema,
    pg_size_bytes(current_setting('work_mem'))::float8 as work_mem,
    current_setting('hash_mem_multiplier')::float8 as hash_mem_multiplier,
    current_setting('standard_conforming_strings') = 'on' as plain_strings`,
};

/**
 * `toplevel` came with 1.9 of the extension, which stays what it was until ALTER EXTENSION … UPDATE.
 * Statements that took longest in all, of this database and not our own: ranked without their texts, then with them.
 */
export function worstStatementsSql(
  schema: string,
  { limit, knowsTopLevel, major }: { limit: number; knowsTopLevel: boolean; major: number },
): string {
  const topLevel = knowsTopLevel ? "s.toplevel" : "true as toplevel";
  const same = knowsTopLevel ? " and t.toplevel = top.toplevel" : "";
  const source = `${quoteName(schema)}.pg_stat_statements`;
  return `
  with top as materialized (
    select s.userid, s.dbid, s.queryid, ${topLevel}, s.calls, s.total_exec_time, s.rows,
      s.shared_blks_hit + s.shared_blks_read as pages from ${source}(false) s
    where s.dbid = (select d.oid from pg_database d where d.datname = current_database())
      and s.userid <> (select r.oid from pg_roles r where r.rolname = current_user)
      and s.queryid is not null and s.calls > 0
    order by s.total_exec_time desc, s.queryid limit ${limit})
  ${major >= 14 ? runningSql(major) : ""}
  (select top.queryid::text as query_id, r.rolname as user_name, top.calls::float8 as calls,
    (top.total_exec_time / 1000)::float8 as total_seconds, top.rows::float8 as rows, top.pages::float8 as pages, left(t.query, 20001) as query,
    null::int as running, false as bare, not top.toplevel as nested, ${major >= 16 ? "sample.query" : "null::text"} as sample,
    ${major >= 16 ? "sample.seconds" : "null::float8"} as sample_seconds,
    replace(coalesce(
      (select substr(c, 13) from pg_db_role_setting o cross join unnest(o.setconfig) c
        where c like 'search_path=%' and (o.setrole = top.userid or o.setrole = 0)
          and (o.setdatabase = top.dbid or o.setdatabase = 0)
        order by o.setrole = 0, o.setdatabase = 0 limit 1),
      (select s.reset_val from pg_settings s where s.name = 'search_path')),
      '"$user"', quote_ident(coalesce(r.rolname, 'public'))) as search_path
  from top join ${source}(true) t
      on t.userid = top.userid and t.dbid = top.dbid and t.queryid = top.queryid${same}
    left join pg_roles r on r.oid = top.userid
    ${major >= 16 ? sampleSql : ""}
  order by top.total_exec_time desc, top.queryid)`;
}

/**
 * Who runs it just now, the longest: where the client writes its values into the text (psycopg2, PHP, pools that cannot
 * prepare), that is the very plan that is carried out. Without texts that the server has cut off. From 16 on: before,
 * pg_stat_statements keeps the text of an EXPLAIN as it was sent, with its values.
 * https://www.postgresql.org/docs/16/release-16.html (normalisation of utility statements)
 */
const sampleSql = `left join lateral (
      select left(a.query, 20001) as query,
        -- While some wait for a disk, a lock or a latch, time tells nothing of work done.
        case when a.working
          then greatest(0, extract(epoch from clock_timestamp() - a.query_start))::float8 end as seconds
      from (select a.query, a.query_start, a.pid, a.wait_event_type,
          bool_and(a.wait_event_type is null) over () as working
        from pg_stat_activity a
        where top.toplevel and a.backend_type = 'client backend' and a.state = 'active'
          and a.datid = top.dbid and a.usesysid = top.userid and a.query_id = top.queryid) a
      where (a.wait_event_type is null or a.wait_event_type = 'IO')
        and octet_length(a.query) < pg_size_bytes(current_setting('track_activity_query_size')) - 1
      order by a.query_start, a.pid limit 1) as sample on true`;

/**
 * What several sessions run just now and the statistics do not rank: a call that a time-out cuts off is never counted.
 * Without texts that were cut off, and before 16 without values, for the same reason. Query ids came with 14.
 */
const runningSql = (major: number): string => `
  (select a.query_id::text as query_id, a.usename::text as user_name, count(*)::float8 as calls,
    sum(greatest(0, extract(epoch from clock_timestamp() - a.query_start)))::float8 as total_seconds, 0::float8 as rows, null::float8 as pages,
    min(a.query) as query, count(*)::int as running, ${major < 16} as bare, false as nested,
    null::text as sample, null::float8 as sample_seconds,
    replace((select s.reset_val from pg_settings s where s.name = 'search_path'),
      '"$user"', quote_ident(coalesce(a.usename, 'public'))) as search_path
  from pg_stat_activity a
  where a.backend_type = 'client backend' and a.datname = current_database() and a.state = 'active'
    and a.query_id is not null and a.usename <> current_user and a.wait_event_type is distinct from 'Lock'
    and octet_length(a.query) < pg_size_bytes(current_setting('track_activity_query_size')) - 1
    and not exists (select from top where top.queryid = a.query_id)
  group by a.query_id, a.usename having count(*) > 1 order by count(*) desc, 1 limit 2)
  union all`;

/**
 * Names whose mention could make the planner run code of the application with our rights: functions, and relations that
 * lead to them: whatever of it is constant is worked out while planning. `all`: what planning may run without a name of
 * it in the text. Beside them what planning would have to queue for: relations held or awaited exclusively, and whatever
 * leads to them. $1: a JSON array of words.
 */
export const foreignCodeSql = `
  with recursive ${lockedRelations},
  touched (oid) as (
    select relation from locked
    union
    select reached.oid from touched t cross join lateral (
      select i.indrelid as oid from pg_index i where i.indexrelid = t.oid
      union all select h.inhparent from pg_inherits h where h.inhrelid = t.oid
      union all select w.ev_class from pg_depend d join pg_rewrite w on w.oid = d.objid
        where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid) reached),
  words as materialized (select json_array_elements_text($1::json) as word),
  ${foreignCodeTables}
  select p.proname::text as name, 'name' as kind, null::text as detail
  from pg_proc p join code f on f.class = 'pg_proc'::regclass and f.oid = p.oid
  where p.proname in (select word from words)
  union
  select p.proname, 'reach', null from pg_proc p join reach on reach.oid = p.oid
  where p.proname in (select word from words)
  union
  select c.relname, leads.why, null from pg_class c join leads on leads.oid = c.oid
  where c.relname in (select word from words)
  union
  select (${firstBarSql}), 'all', null where exists (select from bars)
  union
  -- What else a statement inside a function names stands for what the function gives it.
  select a.attname, 'column', null from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
  where c.relname in (select word from words) and a.attname in (select word from words)
  union
  select c.relname, 'queue', null from pg_class c where c.oid in (select oid from touched)
  union
  -- Each row that a statement of others than its owner looks at is tested by it.
  select c.relname, 'policy', format('row security of %s calls %s for each row (policy %s)', c.relname, p.proname, y.polname)
  from pg_policy y join pg_class c on c.oid = y.polrelid and c.relrowsecurity
    join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = y.oid and d.refclassid = 'pg_proc'::regclass
    join pg_proc p on p.oid = d.refobjid join code f on f.class = d.refclassid and f.oid = p.oid
  where c.relname in (select word from words)`;

/** What is needed to suggest an index for tables. $1: a JSON array of "schema.table". */
export const tableFactsSql = `
  select n.nspname as schema, c.relname as relation, greatest(c.reltuples, 0)::float8 as rows,
    rn.nspname as "rootSchema", r.relname as "rootRelation", r.relkind = 'p' as partitioned,
    (select coalesce(json_agg(json_build_object('name', a.attname, 'type', y.typname, 'distinct',
        case when s.n_distinct < 0 then -s.n_distinct * greatest(c.reltuples, 0) else s.n_distinct end,
        'top', case when s.n_distinct is not null and s.null_frac < 1 then coalesce(s.most_common_freqs[1]::float8, 0) / (1 - s.null_frac)::float8 end)), '[]')
      from pg_attribute a join pg_type y on y.oid = a.atttypid
        left join pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname
          and not s.inherited
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select coalesce(json_agg((select json_agg(coalesce(a.attname, pg_get_indexdef(x.indexrelid, k + 1, true)) order by k)
        from generate_series(0, x.indnkeyatts - 1) k
          left join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[k] and x.indkey[k] <> 0)), '[]')
      from pg_index x join pg_class i on i.oid = x.indexrelid join pg_am m on m.oid = i.relam
      where x.indrelid = c.oid and x.indisvalid and x.indpred is null and m.amname = 'btree') as indexes,
    (select coalesce(json_agg(json_build_object('index', i.relname, 'columns',
        (select json_agg(coalesce(a.attname, pg_get_indexdef(x.indexrelid, k + 1, true)) order by k)
          from generate_series(0, x.indnkeyatts - 1) k
            left join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[k] and x.indkey[k] <> 0))), '[]')
      from pg_index x join pg_class i on i.oid = x.indexrelid join pg_am m on m.oid = i.relam
      where x.indrelid = c.oid and x.indisvalid and x.indpred is null and m.amname = 'btree') as named,
    -- Dead rows and values kept elsewhere are pages that tell nothing of how many rows were looked at.
    pg_stat_get_dead_tuples(c.oid)::float8 as dead,
    coalesce((select t.relpages > c.relpages / 10 from pg_class t where t.oid = c.reltoastrelid), false) as toasted,
    -- REINDEX CONCURRENTLY leaves _ccnew or _ccold beside the good one.
    (select coalesce(json_agg(json_build_object('index', i.relname, 'columns',
        (select json_agg(coalesce(a.attname, pg_get_indexdef(x.indexrelid, k + 1, true)) order by k)
          from generate_series(0, x.indnkeyatts - 1) k
            left join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[k] and x.indkey[k] <> 0))), '[]')
      from pg_index x join pg_class i on i.oid = x.indexrelid join pg_am m on m.oid = i.relam
      where x.indrelid = c.oid and not x.indisvalid and x.indpred is null and m.amname = 'btree' and i.relkind = 'i'
        and i.relname !~ '_cc(new|old)[0-9]*$'
        and not exists (select from pg_stat_progress_create_index b where b.relid = c.oid)) as invalid,
    (select coalesce(json_agg(a.attname), '[]') from pg_index x join pg_opclass o on o.oid = any(x.indclass)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = any(x.indkey)
      where x.indrelid = c.oid and x.indisvalid and x.indpred is null and o.opcname like '%trgm_ops') as trigrams,
    (select coalesce(json_agg(json_build_object('column', a.attname, 'operators', o.opcname)), '[]') from pg_index x
      cross join generate_series(0, x.indnkeyatts - 1) k join pg_opclass o on o.oid = x.indclass[k]
      join pg_am m on m.oid = o.opcmethod and m.amname = 'gin'
      join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[k]
      where x.indrelid = c.oid and x.indisvalid and x.indpred is null) as contained,
    -- Of the default collation, the database's.
    (select coalesce(json_agg(a.attname), '[]') from pg_index x
      join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0] join pg_opclass o on o.oid = x.indclass[0]
      join pg_am m on m.oid = o.opcmethod left join pg_collation l on l.oid = x.indcollation[0]
      where x.indrelid = c.oid and x.indisvalid and x.indpred is null and m.amname = 'btree'
        and (o.opcname like '%pattern_ops' or case when l.collprovider = 'd'
          then (select d.datcollate from pg_database d where d.datname = current_database()) else l.collcollate end in ('C', 'POSIX'))) as prefixes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_class r on r.oid = case when c.relispartition then coalesce(pg_partition_root(c.oid), c.oid) else c.oid end
    join pg_namespace rn on rn.oid = r.relnamespace
  where n.nspname || '.' || c.relname in (select json_array_elements_text($1::json)) and c.relkind in ('r', 'm', 'p')`;
