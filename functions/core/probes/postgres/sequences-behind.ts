import * as z from "zod";
import type { SqlRow } from "../../ports.ts";
import { postgresName } from "../../text/sql-names.ts";
import { defineProbe, type FollowStatement } from "../define.ts";
import { pairs } from "../growth.ts";
import { atSeconds } from "./at-seconds.ts";
import { readAllData } from "./index-bloat.ts";
import { type PostgresSequencesBehindRow, postgresSequencesBehindRows } from "./sequences-behind-rows.ts";
import { fedColumns, lastValue } from "./sequences-sql.ts";
import { lockedRelations, userSchemas } from "./sizes-sql.ts";

/** Tables with most INSERTs; the end of an index of each is read. */
const mostLookedUp = 60;
const looked = 100;

/**
 * Logical replication, a copy or an import brings the rows and leaves the sequence. Only where a unique index begins with
 * the column, which makes its largest value one look and a number given twice an error.
 */
const sql = `
  with ${lockedRelations}, ${fedColumns}
  select q.seqrelid::text || '/' || c.oid as key, ${atSeconds}, n.nspname::text as schema_name, c.relname::text as table_name,
    a.attname::text as column_name, pg_get_userbyid(c.relowner)::text as owner,
    sn.nspname || '.' || sc.relname as sequence, sn.nspname::text as sequence_schema, q.seqstart::text as start,
    q.seqincrement::text as increment, ${lastValue("q.seqrelid")}::text as last
  from fed join pg_sequence q using (seqrelid) join pg_class c on c.oid = fed.relation
    join pg_namespace n on n.oid = c.relnamespace join pg_class sc on sc.oid = q.seqrelid
    join pg_namespace sn on sn.oid = sc.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum = fed.attribute and not a.attisdropped
  where q.seqincrement > 0 and not q.seqcycle and c.relkind = 'r' and c.relpersistence <> 't' and ${userSchemas}
    and a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
    and has_sequence_privilege(q.seqrelid, 'USAGE, SELECT') and c.oid not in (select relation from locked)
    and pg_stat_get_tuples_inserted(c.oid) + greatest(c.reltuples, 0) > 0
    and exists (select from pg_index x where x.indrelid = c.oid and x.indisunique and x.indisvalid and x.indpred is null
      and x.indnkeyatts = 1 and x.indkey[0] = fed.attribute)
  order by pg_stat_get_tuples_inserted(c.oid) + greatest(c.reltuples, 0) desc, 1
  limit ${mostLookedUp}`;

const answerSchema = z.object({
  key: z.string(),
  at_seconds: z.number(),
  schema_name: z.string(),
  table_name: z.string(),
  column_name: z.string(),
  owner: z.string().nullable(),
  sequence: z.string(),
  sequence_schema: z.string(),
  start: z.string(),
  increment: z.string(),
  last: z.string().nullable(),
});
type Answer = z.infer<typeof answerSchema>;
const lookSchema = z.object({ largest: z.string().nullable(), taken: z.number().int() });

export const postgresSequencesBehind = defineProbe({
  ...postgresSequencesBehindRows,
  spec: ["P30"],
  title: "Which sequences give numbers that are taken already?",
  engines: ["postgres"],
  tier: "performance",
  cost: `One pass over the sequences and their columns, twice, then the last row and at most ${looked} others of an index of each of ${mostLookedUp} tables.`,
  needs: [readAllData],
  maxRows: 20,
  source: "https://www.postgresql.org/docs/current/logical-replication-restrictions.html",
  samples: 2,
  statements: () => [{ sql }],
  follow: ([, second]) => answersOf(second).map(lookAt),
  read: ([first, second, ...looks]): PostgresSequencesBehindRow[] =>
    pairs(answerSchema, first, second, ({ key }) => key).flatMap(({ before, after, seconds }, at) =>
      rowOf(before, after, seconds, looks[at]?.[0]),
    ),
});

function answersOf(rows: readonly SqlRow[] | undefined): Answer[] {
  return z.array(answerSchema).parse(rows ?? []);
}

function nextOf({ last, start, increment }: Answer): bigint {
  return last === null ? BigInt(start) : BigInt(last) + BigInt(increment);
}

function lookAt(answer: Answer): FollowStatement {
  const table = `only ${postgresName(answer.schema_name, answer.table_name)}`;
  const column = postgresName(answer.column_name);
  const next = nextOf(answer);
  const until = next + BigInt(looked) * BigInt(answer.increment);
  const range = `${column} >= '${next}'::numeric::int8 and ${column} < '${until}'::numeric::int8`;
  return {
    sql: `select (select max(${column})::text from ${table}) as largest,
      (select count(*)::int from (select from ${table} where ${range} limit ${looked}) as taken) as taken`,
    mayFail: true,
  };
}

function rowOf(
  before: Answer | undefined,
  after: Answer,
  seconds: number,
  look: SqlRow | undefined,
): PostgresSequencesBehindRow[] {
  const { data } = lookSchema.safeParse(look);
  const next = nextOf(after);
  if (data === undefined || data.largest === null || data.taken === 0 || BigInt(data.largest) < next)
    return [];
  return [
    {
      schema: after.schema_name,
      table: after.table_name,
      column: after.column_name,
      owner: after.owner,
      sequence: after.sequence,
      sequenceSchema: after.sequence_schema,
      nextValue: String(next),
      largestKey: data.largest,
      takenOfHundred: data.taken,
      askedPerSecond: askedOf(before, after, seconds),
    },
  ];
}

function askedOf(before: Answer | undefined, after: Answer, seconds: number): number | null {
  if (before === undefined || after.last === null || seconds <= 0) return null;
  const taken = (nextOf(after) - nextOf(before)) / BigInt(after.increment);
  return Math.max(0, Number(taken)) / seconds;
}
