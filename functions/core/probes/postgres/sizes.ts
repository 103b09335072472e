import * as z from "zod";
import { defineProbe } from "../define.ts";
import { lockedRelations, relationBytes, userSchemas } from "./sizes-sql.ts";

/** P18: the largest databases, then tables, then indexes. Growth is the difference between two such answers. */
export const postgresSizeRowSchema = z.object({
  kind: z.enum(["database", "table", "index"]),
  name: z.string(),
  schema: z.string().nullable(),
  /** Of an index. */
  table: z.string().nullable(),
  /** A table's with its indexes and its out-of-line values. */
  totalBytes: z.number(),
  heapBytes: z.number().nullable(),
  indexBytes: z.number().nullable(),
  toastBytes: z.number().nullable(),
  rows: z.number().nullable(),
  /** False: as of the last vacuum or analyze, because somebody holds the relation exclusively. */
  current: z.boolean(),
});
export type PostgresSizeRow = z.infer<typeof postgresSizeRowSchema>;

const databases = `
  select 'database' as kind, d.datname as name, null as schema, null as table,
    pg_database_size(d.oid)::float8 as "totalBytes", null::float8 as "heapBytes", null::float8 as "indexBytes",
    null::float8 as "toastBytes", null::float8 as rows, true as current
  from pg_database d where not d.datistemplate and d.datname <> 'rdsadmin'
  order by 5 desc limit 30`;

/** Ranked by pages as of the last vacuum or analyze, indexes and out-of-line values included. */
const tables = `
  with ${lockedRelations},
  indexes as materialized (select x.indrelid, sum(i.relpages::float8) as pages
    from pg_index x join pg_class i on i.oid = x.indexrelid group by x.indrelid),
  largest as materialized (
    select c.oid, c.relname, n.nspname, c.relpages, c.reltuples, c.reltoastrelid, coalesce(t.relpages, 0) as toast_pages
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join pg_class t on t.oid = c.reltoastrelid left join indexes x on x.indrelid = c.oid
    where c.relkind in ('r', 'm') and ${userSchemas}
    order by c.relpages + coalesce(t.relpages, 0) + coalesce(x.pages, 0) desc, c.oid limit 30),
  measured as (
    select l.*, ${relationBytes("l.oid", "l.relpages")} as heap,
      ${relationBytes("l.reltoastrelid", "l.toast_pages")} as toast,
      (select coalesce(sum(${relationBytes("x.indexrelid", "i.relpages")}), 0)
        from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = l.oid) as index
    from largest l)
  select 'table' as kind, m.relname as name, m.nspname as schema, null as table,
    m.heap + m.toast + m.index as "totalBytes", m.heap as "heapBytes", m.index as "indexBytes",
    m.toast as "toastBytes", greatest(m.reltuples, 0)::float8 as rows,
    m.oid not in (select relation from locked) as current
  from measured m order by 5 desc`;

const indexes = `
  with ${lockedRelations},
  largest as materialized (
    select c.oid, c.relname, n.nspname, c.relpages, c.reltuples, t.relname as table_name
    from pg_index x join pg_class c on c.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
      join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'i' and ${userSchemas}
    order by c.relpages desc, c.oid limit 30)
  select 'index' as kind, l.relname as name, l.nspname as schema, l.table_name as table,
    ${relationBytes("l.oid", "l.relpages")} as "totalBytes", null::float8 as "heapBytes", null::float8 as "indexBytes",
    null::float8 as "toastBytes", greatest(l.reltuples, 0)::float8 as rows,
    l.oid not in (select relation from locked) as current
  from largest l order by 5 desc`;

export const postgresSizes = defineProbe({
  id: "postgres-sizes",
  spec: ["P18"],
  title: "How large are databases, tables and indexes?",
  engines: ["postgres"],
  tier: "health",
  cost: "One look at each file of each database, and one pass over pg_class; linear in the number of relations.",
  needs: [],
  row: postgresSizeRowSchema,
  maxRows: 90,
  source: "https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-DBSIZE",
  statements: () => [{ sql: databases }, { sql: tables }, { sql: indexes }],
  read: (answers): PostgresSizeRow[] => z.array(postgresSizeRowSchema).parse(answers.flat()),
});
