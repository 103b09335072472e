import * as z from "zod";
import { SqlError } from "../../errors.ts";
import { defineProbe } from "../define.ts";
import { readAllData } from "./index-bloat.ts";
import { type PostgresKeyUseRow, postgresKeyUseRows } from "./key-use-rows.ts";
import { fedColumns, lastOfType, lastValue } from "./sequences-sql.ts";

/** Less is not worth a row. */
const toldFromPercent = 70;
/** Sequences of which the last value is read: a page of each. */
const mostRead = 1000;

/** Sequences of 64 bits on columns of 64 bits do not end; CYCLE never does. */
const sql = `
  with ${fedColumns},
  limits as (
    select fed.*, q.seqstart, q.seqincrement, q.seqmax, a.attname, format_type(a.atttypid, a.atttypmod) as type,
      ${lastOfType("t", "q.seqmax")} as column_max
    from fed join pg_sequence q using (seqrelid)
      join pg_attribute a on a.attrelid = relation and a.attnum = attribute and not a.attisdropped
      join pg_type t on t.oid = a.atttypid
    where q.seqincrement > 0 and not q.seqcycle),
  narrow as materialized (
    select l.*, c.relname, c.relnamespace, c.relowner
    from limits l join pg_class c on c.oid = l.relation
    where least(l.seqmax, l.column_max) < 9223372036854775807 and c.relpersistence <> 't'
    order by pg_stat_get_tuples_inserted(c.oid) + greatest(c.reltuples, 0) desc, c.oid
    limit ${mostRead}),
  last as (
    select n.*, has_sequence_privilege(seqrelid, 'USAGE, SELECT') as visible,
      ${lastValue("seqrelid")} as last
    from narrow n)
  select s.nspname::text as schema_name, l.relname::text as table_name, l.attname::text as column_name, l.type,
    pg_get_userbyid(l.relowner)::text as owner, sn.nspname || '.' || sc.relname as sequence, sn.nspname::text as sequence_schema,
    coalesce(l.last::numeric + l.seqincrement, l.seqstart)::text as next_value,
    least(l.seqmax, l.column_max)::text as max_value,
    greatest(0, 100 * coalesce(l.last, 0)::float8 / least(l.seqmax, l.column_max)) as used_percent,
    l.column_max > l.seqmax as sequence_first, l.visible
  from last l join pg_namespace s on s.oid = l.relnamespace join pg_class sc on sc.oid = l.seqrelid
    join pg_namespace sn on sn.oid = sc.relnamespace
  where not l.visible or 100 * l.last::float8 / least(l.seqmax, l.column_max) >= ${toldFromPercent}
  order by used_percent desc, 1, 2, 3 limit 100`;

const answerSchema = z.object({
  schema_name: z.string(),
  table_name: z.string(),
  column_name: z.string(),
  type: z.string(),
  owner: z.string().nullable(),
  sequence: z.string(),
  sequence_schema: z.string(),
  next_value: z.string(),
  max_value: z.string(),
  used_percent: z.number(),
  sequence_first: z.boolean(),
  visible: z.boolean(),
});

export const postgresKeyUse = defineProbe({
  ...postgresKeyUseRows,
  spec: ["P30"],
  title: "Which keys of less than 64 bits run out of numbers?",
  engines: ["postgres"],
  tier: "performance",
  cost: `One pass over the sequences and their columns, then a page of each of the ${mostRead} narrow ones whose tables are written to most: a few 100 ms for 10,000.`,
  needs: [readAllData],
  maxRows: 40,
  source: "https://www.postgresql.org/docs/current/view-pg-sequences.html",
  statements: () => [{ sql }],
  read: ([answers]): PostgresKeyUseRow[] => {
    const rows = z.array(answerSchema).parse(answers ?? []);
    const seen = rows.filter(({ visible }) => visible);
    if (seen.length === 0 && rows.length > 0)
      throw new SqlError("permission", "42501", "the values of sequences are hidden from the probe user");
    return seen.map((row) => ({
      schema: row.schema_name,
      table: row.table_name,
      column: row.column_name,
      type: row.type,
      owner: row.owner,
      sequence: row.sequence,
      sequenceSchema: row.sequence_schema,
      nextValue: row.next_value,
      maxValue: row.max_value,
      usedPercent: Math.min(100, row.used_percent),
      narrow: row.sequence_first ? "sequence" : "column",
    }));
  },
});
