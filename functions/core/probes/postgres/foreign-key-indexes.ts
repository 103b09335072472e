import * as z from "zod";
import { defineProbe } from "../define.ts";
import {
  type PostgresForeignKeyIndexRow,
  postgresForeignKeyIndexesRows,
  postgresForeignKeyIndexRowSchema,
} from "./foreign-key-indexes-rows.ts";
import { servesForeignKey } from "./indexes-sql.ts";
import { userSchemas } from "./sizes-sql.ts";

/** A partition's constraint is judged at its root. */
const sql = `
  select n.nspname as schema, t.relname as table, k.conname as constraint,
    pg_get_userbyid(t.relowner)::text as owner,
    (select array_agg(a.attname::text order by u.place)
      from unnest(k.conkey) with ordinality u(number, place)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number) as columns,
    format('%I.%I', pn.nspname, p.relname) as "referencedTable",
    greatest(t.reltuples, 0)::float8 as "tableRows",
    t.relpages * current_setting('block_size')::float8 as "tableBytes",
    pg_stat_get_tuples_deleted(k.confrelid)::float8 as "referencedDeletes",
    pg_stat_get_tuples_updated(k.confrelid)::float8 as "referencedUpdates",
    case k.confdeltype when 'a' then 'no-action' when 'r' then 'restrict' when 'c' then 'cascade'
      when 'n' then 'set-null' else 'set-default' end as "onDelete",
    format('CREATE INDEX%s ON %I.%I (%s)', case when t.relkind = 'r' then ' CONCURRENTLY' end, n.nspname, t.relname,
      (select string_agg(quote_ident(a.attname), ', ' order by u.place)
        from unnest(k.conkey) with ordinality u(number, place)
          join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number)) as "createIndex"
  from pg_constraint k
    join pg_class t on t.oid = k.conrelid join pg_namespace n on n.oid = t.relnamespace
    join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
  where k.contype = 'f' and k.conparentid = 0 and ${userSchemas}
    and not exists (
      select from pg_index x join pg_class i on i.oid = x.indexrelid join pg_am m on m.oid = i.relam
      where x.indrelid = k.conrelid and x.indisvalid and ${servesForeignKey})
  order by t.reltuples desc, t.relpages desc, k.oid
  limit 200`;

export const postgresForeignKeyIndexes = defineProbe({
  ...postgresForeignKeyIndexesRows,
  spec: ["P10"],
  title: "Which foreign keys have no index on the referencing side?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One pass over pg_constraint and the indexes of its tables; linear in the foreign keys.",
  needs: [],
  maxRows: 100,
  source: "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
  statements: () => [{ sql }],
  read: ([rows = []]): PostgresForeignKeyIndexRow[] => z.array(postgresForeignKeyIndexRowSchema).parse(rows),
});
