import * as z from "zod";
import { defineProbe } from "../define.ts";
import { bloatPercent, rebuiltPages } from "./index-bloat-estimate.ts";
import { type PostgresIndexBloatRow, postgresIndexBloatRows } from "./index-bloat-rows.ts";
import { lockedRelations, relationBytes, userSchemas } from "./sizes-sql.ts";

/** Catalogues show statistics of columns only to those who may read them. From 14 on. */
export const readAllData = {
  kind: "grant",
  name: "pg_read_all_data",
  enable: "GRANT pg_read_all_data TO {user}",
  optional: "plans of statements, bloat of tables and indexes, keys that run out, and orphaned rows",
} as const;

/**
 * Of one column pg_stats has a row under the table's name, of an indexed expression under the index's. $1: bytes below
 * which an index is not looked at.
 */
const sql = `
  with ${lockedRelations},
  largest as materialized (
    select c.oid, c.relname, c.reltuples, t.relname as table_name, t.reltuples as table_tuples, t.relowner, n.nspname, c.relpages,
      x.indrelid, x.indkey, x.indclass, x.indcollation, x.indnkeyatts, x.indnatts, x.indisunique, x.indpred is null as whole,
      coalesce(substring(array_to_string(c.reloptions, ',') from 'fillfactor=(\\d+)')::int, 90) as fill,
      coalesce(substring(lower(array_to_string(c.reloptions, ',')) from 'deduplicate_items=([a-z0-9]+)')
        not in ('off', 'false', 'no', '0'), true) as deduplicate
    from pg_index x
      join pg_class c on c.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
      join pg_namespace n on n.oid = c.relnamespace join pg_am m on m.oid = c.relam
    where c.relkind = 'i' and m.amname = 'btree' and x.indisvalid and ${userSchemas}
      and c.relpages * current_setting('block_size')::float8 >= $1::float8
    order by c.relpages desc, c.oid limit 100)
  select l.nspname as schema, l.table_name as table, l.relname as index, pg_get_userbyid(l.relowner)::text as owner, l.fill,
    ${relationBytes("l.oid", "l.relpages")} as size, current_setting('block_size')::int as block,
    case when l.whole and l.reltuples <= 0 then greatest(l.table_tuples, 0) else greatest(l.reltuples, 0) end::float8 as tuples,
    l.deduplicate and not l.indisunique and l.indnkeyatts = l.indnatts
      and coalesce(bool_and(safe.dedup), true) as deduplicates,
    json_agg(json_build_object('widthBytes', s.avg_width, 'nullFraction', s.null_frac, 'distinct', s.n_distinct,
      'alignBytes', case when a.attlen < 0 then 1 when a.attalign = 'd' then 8 when a.attalign = 'i' then 4
        when a.attalign = 's' then 2 else 1 end) order by k) as columns
  from largest l
    cross join lateral generate_series(0, l.indnatts - 1) k
    join pg_attribute a on a.attrelid = l.oid and a.attnum = k + 1
    left join pg_attribute ta on ta.attrelid = l.indrelid and ta.attnum = l.indkey[k] and l.indkey[k] <> 0
    left join lateral (select p.avg_width, p.null_frac, p.n_distinct from pg_stats p
      where p.schemaname = l.nspname and p.tablename = case when l.indkey[k] = 0 then l.relname else l.table_name end
        and p.attname = case when l.indkey[k] = 0 then a.attname else ta.attname end and not p.inherited) s on true
    left join lateral (select coalesce(co.collisdeterministic, true) and exists (
        select from pg_amproc f where f.amprocfamily = o.opcfamily and f.amproclefttype = o.opcintype
          and f.amprocrighttype = o.opcintype and f.amprocnum = 4
          and (f.amproc = 'btequalimage'::regproc or f.amproc = 'btvarstrequalimage'::regproc)) as dedup
      from pg_opclass o left join pg_collation co on co.oid = l.indcollation[k]
      where o.oid = l.indclass[k] and k < l.indnkeyatts) safe on true
  group by l.oid, l.nspname, l.table_name, l.relname, l.relowner, l.fill, l.relpages, l.whole, l.reltuples, l.table_tuples,
    l.deduplicate, l.indisunique, l.indnkeyatts, l.indnatts`;

const columnSchema = z.object({
  widthBytes: z.number().nullable(),
  nullFraction: z.number().nullable(),
  distinct: z.number().nullable(),
  alignBytes: z.number(),
});
const answerSchema = z.object({
  schema: z.string(),
  table: z.string(),
  index: z.string(),
  owner: z.string().nullable(),
  fill: z.number(),
  size: z.number(),
  block: z.number(),
  tuples: z.number(),
  deduplicates: z.boolean(),
  columns: z.array(columnSchema),
});

export const postgresIndexBloat = defineProbe({
  ...postgresIndexBloatRows,
  spec: ["P10"],
  title: "How much of the large B-trees is bloat?",
  engines: ["postgres"],
  tier: "health",
  cost: "One pass over pg_index, then column statistics and sizes of at most 100 indexes; reads no index.",
  needs: [readAllData],
  maxRows: 50,
  source: "https://www.postgresql.org/docs/current/btree.html",
  statements: ({ settings }) => [{ sql, params: [settings.thresholds.indexBloatMinMb * 1024 * 1024] }],
  read: ([rows = []]): PostgresIndexBloatRow[] =>
    z
      .array(answerSchema)
      .parse(rows)
      .map(bloatOf)
      .toSorted((a, b) => (b.bloatBytes ?? -1) - (a.bloatBytes ?? -1) || b.sizeBytes - a.sizeBytes),
});

function bloatOf(answer: z.infer<typeof answerSchema>): PostgresIndexBloatRow {
  const { schema, table, index, owner, size, fill, block, tuples, deduplicates } = answer;
  const head = { schema, table, index, owner, sizeBytes: size, fillFactor: fill };
  const columns = answer.columns.flatMap(({ widthBytes, nullFraction, distinct, alignBytes }) =>
    widthBytes === null || nullFraction === null || distinct === null
      ? []
      : [{ widthBytes, nullFraction, distinct, alignBytes }],
  );
  if (columns.length < answer.columns.length) {
    const reason =
      "no statistics of its columns: never analyzed, or hidden without pg_read_all_data or by row-level security";
    return { ...head, rebuiltBytes: null, bloatBytes: null, bloatPercent: null, reason };
  }
  const rebuilt = rebuiltPages({ tuples, fillFactor: fill, deduplicates, columns, blockBytes: block });
  const rebuiltBytes = Math.min(size, rebuilt * block);
  const percent = bloatPercent(size / block, rebuilt);
  return { ...head, rebuiltBytes, bloatBytes: size - rebuiltBytes, bloatPercent: percent, reason: null };
}
