import * as z from "zod";
import { withoutGivenValues } from "../../../plans/mysql-routine-statement.ts";
import type { SqlRow } from "../../../ports.ts";
import { normaliseQuery } from "../../../text/normalise-query.ts";
import type { FollowStatement } from "../../define.ts";
import type { WorstStatement } from "./worst-statement.ts";

/**
 * MariaDB records nothing of what runs inside a stored program unless somebody has turned that on. Its process list shows
 * it, with NAME_CONST in place of what the program gave it, which no client writes.
 * https://mariadb.com/kb/en/information-schema-processlist-table/
 */
export const mariadbInsideSql: FollowStatement = {
  sql: `SELECT ID AS id, DB AS schema_name, LEFT(INFO, 20001) AS text
    FROM information_schema.PROCESSLIST WHERE INFO LIKE '%NAME\\_CONST(%' AND ID <> CONNECTION_ID() LIMIT 500`,
  mayFail: true,
};

const rowSchema = z.object({
  id: z.coerce.number(),
  schema_name: z.string().nullable(),
  text: z.string(),
});

const most = 2;
/** One alone may be a report. */
const fewest = 2;

/** What several sessions run just now inside a stored program, most of them first. */
export function mariadbInside(rows: readonly SqlRow[] = []): readonly WorstStatement[] {
  const running = z.array(rowSchema).safeParse(rows).data ?? [];
  const groups = Map.groupBy(running, ({ schema_name, text }) => JSON.stringify([schema_name, shown(text)]));
  return [...groups.values()]
    .filter(({ length }) => length >= fewest)
    .toSorted((a, b) => b.length - a.length)
    .slice(0, most)
    .flatMap((same) => same.slice(0, 1).map((first) => worstOf(first, same.length)));
}

function shown(text: string): string {
  return normaliseQuery(withoutGivenValues(text), "mariadb");
}

function worstOf({ schema_name, text }: z.infer<typeof rowSchema>, sessions: number): WorstStatement {
  const query = shown(text);
  return {
    digest: `inside: ${query.slice(0, 60)}`,
    schema: schema_name,
    digestText: query,
    sample: text,
    // Nothing of it is counted.
    ...{ calls: 0, totalSeconds: 0, rowsExamined: 0, rowsUsed: 0 },
    inside: { digest: null, schema: schema_name, routine: null, kind: null, sessions, percentOfCall: null },
  };
}
