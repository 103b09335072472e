import { isoTime, lockedRelations, relationBytes, userSchemas } from "./sizes-sql.ts";

/**
 * Whether index x (of class i, method m) finds the rows of one parent of foreign key k. The columns may lead it in any
 * order. A partial one counts when all it leaves out are nulls of a column of the key. INCLUDE columns cannot be searched.
 */
export const servesForeignKey = `x.indnkeyatts >= cardinality(k.conkey) and (m.amname = 'btree' or m.amname = 'hash' and cardinality(k.conkey) = 1)
  and (x.indkey::int2[])[0 : cardinality(k.conkey) - 1] @> k.conkey
  and (x.indpred is null or (x.indpred::text ~ '^[(]?{NULLTEST .*:nulltesttype 1 '
  and substring(x.indpred::text from ':varattno (\\d+)')::int2 = any (k.conkey)))`;

/**
 * Of the foreign keys that it serves one that nothing sure to stay serves too: what is unique, or scanned. Two unused
 * ones of one key would else both be dropped.
 */
const onlyOneFor = `
    (select min(k.conname::text) from pg_constraint k
        join pg_index x on x.indexrelid = e.oid join pg_class i on i.oid = e.oid join pg_am m on m.oid = i.relam
      where k.contype = 'f' and k.conrelid = e.indrelid and ${servesForeignKey}
        and not exists (
          select from every o join pg_index x on x.indexrelid = o.oid join pg_class i on i.oid = o.oid
            join pg_am m on m.oid = i.relam
          where o.indrelid = e.indrelid and o.oid <> e.oid and o.usable and (o.indisunique or o.kept or o.scans > 0)
            and ${servesForeignKey}))`;

/**
 * An index of a partition counts with its partitioned index: scans and pages are summed at the root. Expressions and
 * predicates are compared without the positions that node trees keep of the statement they were parsed from.
 */
const everyIndex = (major: number): string => `
  every as materialized (
    select x.indexrelid as oid, x.indrelid, c.relname as index_name, c.relkind, c.relam, t.relname as table_name,
      n.nspname as schema_name, pg_get_userbyid(t.relowner)::text as owner, greatest(t.reltuples, 0) as table_rows, x.indisvalid and x.indisready as usable,
      x.indisunique, x.indimmediate, ${major >= 15 ? "x.indnullsnotdistinct" : "false"} as nulls_once, x.indexprs is null as plain, c.relispartition as child,
      x.indisprimary or x.indisexclusion or x.indisreplident
        or exists (select from pg_constraint k where k.conindid = x.indexrelid) as kept,
      (select string_agg(concat_ws('.', x.indkey[k], x.indclass[k], x.indcollation[k], x.indoption[k]), ' ' order by k)
        from generate_series(0, x.indnkeyatts - 1) k) as keys,
      (x.indkey::int2[])[x.indnkeyatts : x.indnatts - 1] as included, x.indkey::int2[] as attributes,
      regexp_replace(coalesce(x.indexprs::text, '') || '|' || coalesce(x.indpred::text, ''),
        ':location -?\\d+', '', 'g') as logic,
      sum(pg_stat_get_numscans(x.indexrelid)) over root as scans, sum(c.relpages::float8) over root as pages,
      ${major >= 16 ? "max(pg_stat_get_lastscan(x.indexrelid)) over root" : "null::timestamptz"} as last_scan
    from pg_index x
      join pg_class c on c.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
      join pg_namespace n on n.oid = t.relnamespace
    where ${userSchemas}
    window root as (partition by
      case when c.relispartition then coalesce(pg_partition_root(x.indexrelid), x.indexrelid) else x.indexrelid end))`;

/**
 * `a` can go because of `b`; of two that could go, the one less used, then the newer one. A unique one only where the
 * other forbids as much: NULLS NOT DISTINCT also forbids a second null, and a deferrable one checks at the end only.
 */
const redundant = `
  able as (
    select a.oid, b.oid as other, b.index_name as covered_by, a.keys = b.keys as same, a.scans, b.scans as other_scans
    from every a join every b on b.indrelid = a.indrelid and b.oid <> a.oid and b.relam = a.relam and b.logic = a.logic
    where a.usable and b.usable and not a.kept and not a.child and not b.child
      and ((a.keys = b.keys and a.included <@ b.attributes and (not a.indisunique
          or b.indisunique and b.nulls_once >= a.nulls_once and b.indimmediate >= a.indimmediate))
        or (not a.indisunique and a.plain and starts_with(b.keys || ' ', a.keys || ' ') and a.keys <> b.keys
          and a.included <@ b.attributes and (select m.amname from pg_am m where m.oid = a.relam) = 'btree'))),
  redundant as (
    select distinct on (a.oid) a.oid, a.covered_by, a.same from able a
      left join able b on b.oid = a.other and b.other = a.oid
    where b.oid is null or (a.scans, b.oid) < (a.other_scans, a.oid)
    order by a.oid, a.same desc, a.covered_by)`;

/** $1: scans below which an index counts as rarely used. At most 50 rows of each problem, the largest first. */
export function indexProblemsSql(major: number): string {
  return `
  with ${lockedRelations}, ${everyIndex(major)}, ${redundant},
  problems as (
    select e.oid, 1 as place, 'invalid' as problem, null as covered_by from every e where not e.usable
    union all
    select r.oid, 2, case when r.same then 'duplicate' else 'redundant-prefix' end, r.covered_by from redundant r
    union all
    select e.oid, 3, case when e.scans = 0 then 'unused' else 'rarely-used' end, null from every e
    where e.usable and not e.kept and not e.child and not e.indisunique and e.scans < greatest($1::float8, 1)),
  ranked as (
    select p.*, row_number() over (partition by p.place order by e.pages desc, e.oid) as rank
    from problems p join every e using (oid))
  select e.schema_name as schema, e.table_name as table, e.index_name as index, p.problem,
    p.covered_by as "coveredBy", e.indisunique as unique, case when e.indrelid in (select relation from locked) or e.oid in (select relation from locked) then null
      else pg_get_indexdef(e.oid) end as definition,
    ${relationBytes("case when e.relkind = 'i' then e.oid else 0::oid end", "e.pages")} as "sizeBytes",
    e.scans::float8 as scans, ${isoTime("e.last_scan")} as "lastScanAt",
    e.table_rows::float8 as "tableRows",
    (pg_stat_get_tuples_inserted(e.indrelid) + pg_stat_get_tuples_updated(e.indrelid)
      + pg_stat_get_tuples_deleted(e.indrelid))::float8 as "tableWrites",
    exists (select from pg_stat_progress_create_index g where g.index_relid = e.oid) as building,
    case when p.problem = 'unused' then ${onlyOneFor} end as "onlyForKey",
    ${isoTime("d.stats_reset")} as "statsSinceAt",
    extract(epoch from clock_timestamp() - d.stats_reset)::float8 as "statsAgeSeconds",
    (select extract(epoch from clock_timestamp() - max(backend_start))::float8 from pg_stat_activity
      where backend_type = 'checkpointer') as "checkpointerSeconds", e.owner
  from ranked p join every e using (oid)
    left join pg_stat_database d on d.datname = current_database()
  where p.rank <= 50
  order by p.place, p.rank`;
}
