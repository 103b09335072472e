import * as z from "zod";
import { defineProbe } from "../define.ts";
import { type CollationRow, postgresCollationsRows } from "./collations-rows.ts";

/** What the database itself was made with is known from 15 on. */
const ofDatabase = `
    union all
    select 'default', 100::oid, datcollversion, pg_database_collation_actual_version(oid)
    from pg_database where datname = current_database()`;

/** Only collations that an index sorts by are asked of their library: there are a thousand others. */
const sql = (major: number): string => `
  with sorted as (
    select distinct i.indexrelid, i.indisunique, k.sorts, c.relname, c.relnamespace, c.reltuples
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
    cross join unnest(i.indcollation::oid[], i.indclass::oid[]) k (sorts, class)
    join pg_opclass o on o.oid = k.class
    where m.amname in ('btree', 'gist', 'brin') and c.relkind = 'i' and k.sorts <> 0
      and o.opcname !~ 'pattern_ops|trgm|bloom'),
  versions as (
    select collname::text as name, oid, collversion as recorded, pg_collation_actual_version(oid) as actual
    from pg_collation where oid in (select sorts from sorted) and oid <> 100${major >= 15 ? ofDatabase : ""}),
  changed as (select * from versions where recorded <> actual)
  select name, recorded, actual,
    (select count(*)::int from sorted i where i.sorts = changed.oid) as indexes,
    array(select format('%I.%I', n.nspname, i.relname) from sorted i
      join pg_namespace n on n.oid = i.relnamespace where i.sorts = changed.oid
      order by i.indisunique desc, i.reltuples desc, i.indexrelid limit 3) as examples
  from changed order by name limit 20`;

export const postgresCollations = defineProbe({
  ...postgresCollationsRows,
  spec: ["P10"],
  title: "Does text still sort as its indexes were built?",
  engines: ["postgres"],
  tier: "health",
  cost: "Two passes over pg_index; the libraries are asked for the few collations that indexes use.",
  needs: [],
  maxRows: 20,
  source: "https://www.postgresql.org/docs/current/sql-altercollation.html",
  statements: ({ server }) => [{ sql: sql(server.major) }],
  read: ([rows = []]): CollationRow[] =>
    z
      .array(postgresCollationsRows.row)
      .parse(rows)
      .filter(({ indexes }) => indexes > 0),
});
