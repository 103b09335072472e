import * as z from "zod";
import { SqlError } from "../../errors.ts";
import type { SqlRow } from "../../ports.ts";
import { postgresName } from "../../text/sql-names.ts";
import { defineProbe } from "../define.ts";
import { readAllData } from "./index-bloat.ts";
import { type PostgresNarrowReferencesRow, postgresNarrowReferencesRows } from "./narrow-references-rows.ts";
import { fedColumns, lastOfType, lastValue } from "./sequences-sql.ts";
import { lockedRelations, userSchemas } from "./sizes-sql.ts";

/** Less is not worth a row. */
const toldFromPercent = 70;
const mostReferences = 200;
/** Parents without a sequence, whose largest key is looked up in the index that a foreign key needs. */
const mostLookedUp = 20;

/** Widened where the rows are made, and forgotten where they are referred to. */
const sql = `
  with ${lockedRelations}, ${fedColumns},
  refs as materialized (
    select k.conname, k.conrelid, k.confrelid, u.parent, a.attname as child_column, b.attname as parent_column,
      format_type(a.atttypid, a.atttypmod) as type, ${lastOfType("ta", "null")} as child_last,
      ${lastOfType("tb", "null")} as parent_last
    from pg_constraint k cross join lateral unnest(k.conkey, k.confkey) u(child, parent)
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.child join pg_type ta on ta.oid = a.atttypid
      join pg_attribute b on b.attrelid = k.confrelid and b.attnum = u.parent join pg_type tb on tb.oid = b.atttypid
    where k.contype = 'f' and k.conparentid = 0),
  narrow as materialized (
    select r.*, p.relname as parent_table, p.relnamespace as parent_namespace, p.relkind
    from refs r join pg_class p on p.oid = r.confrelid
    where r.child_last < r.parent_last
    order by pg_stat_get_tuples_inserted(p.oid) + greatest(p.reltuples, 0) desc, p.oid, r.conrelid
    limit ${mostReferences}),
  valued as (
    select w.*, exists (select from fed f where f.relation = w.confrelid and f.attribute = w.parent) as fed,
      (select max(${lastValue("f.seqrelid")}::numeric + q.seqincrement)
        from fed f join pg_sequence q using (seqrelid)
        where f.relation = w.confrelid and f.attribute = w.parent and q.seqincrement > 0) as next_value
    from narrow w)
  select n.nspname::text as schema_name, t.relname::text as table_name, v.child_column::text as column_name, v.type,
    pg_get_userbyid(t.relowner)::text as owner, v.conname::text as constraint_name,
    pn.nspname::text as parent_schema, v.parent_table::text as parent_table, v.parent_column::text as parent_column,
    v.next_value::text as next_value, v.child_last::text as max_value,
    v.next_value is null and v.relkind = 'r' and v.confrelid not in (select relation from locked) as to_look_up,
    v.fed and v.next_value is null as hidden
  from valued v join pg_class t on t.oid = v.conrelid join pg_namespace n on n.oid = t.relnamespace
    join pg_namespace pn on pn.oid = v.parent_namespace
  where ${userSchemas}`;

const answerSchema = z.object({
  schema_name: z.string(),
  table_name: z.string(),
  column_name: z.string(),
  type: z.string(),
  owner: z.string().nullable(),
  constraint_name: z.string(),
  parent_schema: z.string(),
  parent_table: z.string(),
  parent_column: z.string(),
  next_value: z.string().nullable(),
  max_value: z.string(),
  to_look_up: z.boolean(),
  hidden: z.boolean(),
});
type Answer = z.infer<typeof answerSchema>;
const largestSchema = z.object({ largest: z.string().nullable() });

export const postgresNarrowReferences = defineProbe({
  ...postgresNarrowReferencesRows,
  spec: ["P30"],
  title: "Which columns refer to a key that outgrows their type?",
  engines: ["postgres"],
  tier: "performance",
  cost: `One pass over the foreign keys, a page of each sequence behind at most ${mostReferences} that narrow, and one row from the end of at most ${mostLookedUp} indexes where there is no sequence.`,
  needs: [readAllData],
  maxRows: 40,
  source: "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
  statements: () => [{ sql }],
  follow: ([rows]) =>
    toLookUp(answersOf(rows)).map(({ parent_schema, parent_table, parent_column }) => ({
      sql: `select max(${postgresName(parent_column)})::text as largest from only ${postgresName(parent_schema, parent_table)}`,
      mayFail: true as const,
    })),
  read: ([rows, ...looked]): PostgresNarrowReferencesRow[] => {
    const answers = answersOf(rows);
    const lookedUp = toLookUp(answers);
    const found = answers.flatMap((answer) => rowOf(answer, looked[lookedUp.indexOf(answer)]?.[0]));
    if (found.length === 0 && answers.some(({ hidden }) => hidden))
      throw new SqlError("permission", "42501", "the values of sequences are hidden from the probe user");
    return found
      .filter(({ usedPercent }) => usedPercent >= toldFromPercent)
      .toSorted((a, b) => b.usedPercent - a.usedPercent);
  },
});

function answersOf(rows: readonly SqlRow[] | undefined): Answer[] {
  return z.array(answerSchema).parse(rows ?? []);
}

function toLookUp(answers: readonly Answer[]): Answer[] {
  return answers.filter(({ to_look_up }) => to_look_up).slice(0, mostLookedUp);
}

function rowOf(answer: Answer, looked: SqlRow | undefined): PostgresNarrowReferencesRow[] {
  const { data } = largestSchema.safeParse(looked);
  const largest = data?.largest ?? null;
  const next = answer.next_value ?? (largest === null ? null : String(BigInt(largest) + 1n));
  if (next === null || BigInt(next) < 0n) return [];
  return [
    {
      schema: answer.schema_name,
      table: answer.table_name,
      column: answer.column_name,
      type: answer.type,
      owner: answer.owner,
      constraint: answer.constraint_name,
      parentSchema: answer.parent_schema,
      parentTable: answer.parent_table,
      parentColumn: answer.parent_column,
      nextValue: next,
      maxValue: answer.max_value,
      usedPercent: Math.min(100, Math.max(0, (100 * (Number(next) - 1)) / Number(answer.max_value))),
    },
  ];
}
