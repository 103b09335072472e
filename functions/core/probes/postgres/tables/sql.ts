import * as z from "zod";
import { atSeconds } from "../at-seconds.ts";

export const tableAnswerSchema = z.object({
  oid: z.string(),
  at_seconds: z.number(),
  schema_name: z.string(),
  table_name: z.string(),
  relkind: z.enum(["r", "m", "t"]),
  owner: z.string().nullable(),
  /** The table whose out-of-line values a TOAST table keeps. */
  toast_of: z.string().nullable(),
  system: z.boolean(),
  pages: z.number(),
  reltuples: z.number(),
  reloptions: z.array(z.string()).nullable(),
  seq_scans: z.number(),
  seq_rows: z.number(),
  live: z.number(),
  dead: z.number(),
  modified: z.number(),
  last_vacuum: z.number().nullable(),
  last_autovacuum: z.number().nullable(),
  last_analyze: z.number().nullable(),
  last_autoanalyze: z.number().nullable(),
  uncounted: z.number(),
});
export type TableAnswer = z.infer<typeof tableAnswerSchema>;

/** Tables below 1 MiB with few rows cannot be what is slow. */
const minPages = 128;
const minRows = 10_000;
const maxTables = 1000;
/** Of a table of many rows of which pg_class knows nothing: so many pages were read or found in the cache that it is in use. */
export const usedPages = 100_000;

const ago = (name: string): string =>
  `extract(epoch from clock_timestamp() - pg_stat_get_last_${name}_time(c.oid))::float8`;

/**
 * Sizes and rows from pg_class, as of the last vacuum or analyze: pg_relation_size would wait for a table that
 * somebody has locked. The functions behind pg_stat_all_tables, because that view also adds up every index. Catalogues
 * and TOAST tables too: an abandoned logical slot holds back the former alone.
 */
export const tablesSql = `
  select c.oid::text as oid, ${atSeconds}, n.nspname::text as schema_name, c.relname::text as table_name, c.relkind::text,
    pg_get_userbyid(c.relowner)::text as owner, o.toast_of, n.nspname in ('pg_catalog', 'information_schema') as system,
    c.relpages::float8 as pages, c.reltuples::float8 as reltuples, c.reloptions,
    pg_stat_get_numscans(c.oid)::float8 as seq_scans, pg_stat_get_tuples_returned(c.oid)::float8 as seq_rows,
    c.live::float8 as live, c.dead::float8 as dead,
    pg_stat_get_mod_since_analyze(c.oid)::float8 as modified,
    ${ago("vacuum")} as last_vacuum, ${ago("autovacuum")} as last_autovacuum,
    ${ago("analyze")} as last_analyze, ${ago("autoanalyze")} as last_autoanalyze,
    c.uncounted::float8 as uncounted
  from (
    select *, pg_stat_get_live_tuples(oid) as live, pg_stat_get_dead_tuples(oid) as dead,
      case when relpages = 0 and relkind <> 't'
          and pg_stat_get_tuples_returned(oid) >= ${minRows} * greatest(1, pg_stat_get_numscans(oid))
        then pg_stat_get_blocks_fetched(oid) else 0 end as uncounted
    from pg_class where relkind in ('r', 'm', 't') and relpersistence <> 't' offset 0) as c
    join pg_namespace n on n.oid = c.relnamespace
    left join lateral (
      select min(format('%I.%I', tn.nspname, t.relname)) as toast_of
      from pg_class t join pg_namespace tn on tn.oid = t.relnamespace
      where c.relkind = 't' and t.oid = substring(c.relname from '^pg_toast_([0-9]+)$')::oid) as o on true
  where c.relpages >= ${minPages} or c.live + c.dead >= ${minRows} or c.uncounted >= ${usedPages}
  order by greatest(c.relpages, (c.live + c.dead) / 100, c.uncounted / 100) desc, c.oid
  limit ${maxTables}`;

export const tableDetailSchema = z.object({
  oid: z.string(),
  index_scans: z.number(),
  index_count: z.number().int(),
  index_pages: z.number(),
  columns: z
    .array(z.tuple([z.number(), z.string(), z.number().nullable(), z.number().nullable()]))
    .nullable(),
});
export type TableDetail = z.infer<typeof tableDetailSchema>;

/**
 * Columns in storage order with their widths, and the indexes together, of the tables in $1. pg_stats shows a column
 * only to who may read it: the join is outer, and what is missing is said.
 */
export const tableDetailsSql = `
  select c.oid::text as oid, i.index_scans, i.index_count, i.index_pages, w.columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  cross join lateral (
    select coalesce(sum(pg_stat_get_numscans(x.indexrelid)), 0)::float8 as index_scans, count(*)::int as index_count,
      coalesce(sum(ic.relpages), 0)::float8 as index_pages
    from pg_index x join pg_class ic on ic.oid = x.indexrelid where x.indrelid = c.oid) as i
  cross join lateral (
    select json_agg(json_build_array(a.attlen, a.attalign::text, s.null_frac, s.avg_width) order by a.attnum) as columns
    from pg_attribute a left join lateral (
      select null_frac, avg_width from pg_stats
      where schemaname = n.nspname and tablename = c.relname and attname = a.attname and not inherited) as s on true
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as w
  where c.oid = any ($1::oid[])`;
