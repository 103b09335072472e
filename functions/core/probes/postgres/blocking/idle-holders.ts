import * as z from "zod";
import type { SqlRow } from "../../../ports.ts";
import type { FollowStatement } from "../../define.ts";
import { encodingHereSql, escapedTextSql, legibleTextSql } from "../legible-text.ts";
import { type PostgresSessionRow, readLength, readLengthIdle } from "../session-row.ts";
import { type PostgresLockRow, postgresLockRowSchema } from "./lock-rows.ts";

/** Guards look for patterns in a holder's text; of a forest's nodes no more than these are proposed for an end. */
const most = 200;

const textSchema = z.object({
  id: z.number().int(),
  statement_key: z.string(),
  query: z.string().nullable(),
});

/** The rest of the text of who holds a lock and is idle: of idle sessions only the beginning was read. */
export function idleHolderTexts(
  locks: readonly SqlRow[],
  activity: readonly PostgresSessionRow[],
): FollowStatement[] {
  const cut = cutHolders(locks, activity).slice(0, most);
  if (cut.length === 0) return [];
  const here = { text: "a.query", here: "here" };
  const sqlOf = (text: string): string => `
  select a.pid as id, a.query_start::text || ' ' || md5(a.query) as statement_key, left(${text}, ${readLength}) as query
  from pg_stat_activity a left join pg_database d on d.oid = a.datid cross join ${encodingHereSql} as here
  where a.pid in (${cut.map(({ id }) => id).join(", ")})`;
  const send = { sql: sqlOf(escapedTextSql(here)) };
  const sql = sqlOf(legibleTextSql({ ...here, encoding: "d.encoding" }));
  return [{ sql, instead: { of: "22021", send }, mayFail: true }];
}

/** What could not be read is said, so that nobody acts on half a text. */
export function withWholeTexts(
  locks: readonly SqlRow[],
  activity: readonly PostgresSessionRow[],
  answer: readonly SqlRow[],
): readonly PostgresSessionRow[] {
  const cut = new Set(cutHolders(locks, activity));
  if (cut.size === 0) return activity;
  const texts = z.array(textSchema).safeParse(answer).data ?? [];
  const textOf = new Map(texts.map(({ id, statement_key, query }) => [`${id} ${statement_key}`, query]));
  return activity.map((row) => {
    if (!cut.has(row)) return row;
    const query = textOf.get(`${row.id} ${row.statement_key}`);
    return query == null ? { ...row, legible: false } : { ...row, query };
  });
}

function cutHolders(
  locks: readonly SqlRow[],
  activity: readonly PostgresSessionRow[],
): readonly PostgresSessionRow[] {
  const cut = activity.filter(
    ({ state, query }) => state === "idle" && query !== null && query.length >= readLengthIdle,
  );
  if (cut.length === 0) return [];
  const holds = ({ granted, pid }: PostgresLockRow): boolean => granted && pid !== null;
  const rows = z.array(postgresLockRowSchema).parse(locks);
  const holders = new Set(rows.filter(holds).map(({ pid }) => pid));
  return cut.filter(({ id }) => holders.has(id));
}
