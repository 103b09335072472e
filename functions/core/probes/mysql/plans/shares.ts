import * as z from "zod";
import { type Doubt, doubtKey } from "../../../plans/mysql-plan-suggestion.ts";
import { keptOf } from "../../../plans/mysql-suggest-index.ts";
import type { SqlRow } from "../../../ports.ts";
import { mysqlName } from "../../../text/sql-names.ts";
import type { FollowStatement } from "../../define.ts";
import type { Known } from "./known-tables.ts";
import type { Answers } from "./worst-statement.ts";

/** Rows that are looked at, at each end of a table. */
export const endRows = 1000;

/**
 * How many rows of the first and of the last have the most common value, by the primary key, in whose order InnoDB keeps
 * them: an old value and a new one are both met. Of a column without an index or a histogram the server itself knows
 * nothing, and takes a tenth. Null where there is no such key. Only counts come back.
 * https://dev.mysql.com/doc/refman/8.4/en/optimizer-statistics.html
 */
export function askShare({ schema, table, columns }: Doubt, known: Known | undefined): FollowStatement {
  const { first = null } = known ?? {};
  if (first === null) return { sql: "DO 0", mayFail: true };
  const list = columns.map((column) => mysqlName(column)).join(", ");
  const kept = columns.map((column) => (known ? keptOf(column, known.facts) : mysqlName(column))).join(", ");
  const [lead, from] = [mysqlName(first), `${mysqlName(schema, table)} FORCE INDEX (PRIMARY)`];
  const end = (direction: string): string =>
    `(SELECT '${direction}' AS side, ${lead} AS lead_schema, ${kept} FROM ${from} ORDER BY ${lead} ${direction} LIMIT ${endRows})`;
  // Five reads of the index on MySQL 9.7, three on MariaDB 10.11, however many rows there are.
  const between = `SELECT 1 FROM ${from} WHERE ${lead} > (SELECT MIN(${lead}) FROM ${from}) AND ${lead} < (SELECT MAX(${lead}) FROM ${from})`;
  // The name keeps it out of our own look at the digests.
  const sql = `SELECT MAX(n) AS most, SUM(n) AS looked, COUNT(DISTINCT low) AS leads, EXISTS (${between}) AS others FROM (SELECT COUNT(*) AS n, MIN(lead_schema) AS low FROM (${end("ASC")} UNION ALL ${end("DESC")}) AS rows_schema GROUP BY side, ${list}) AS values_schema`;
  return { sql, mayFail: true };
}

const shareSchema = z.object({
  most: z.coerce.number(),
  looked: z.coerce.number(),
  leads: z.coerce.number(),
  others: z.coerce.number(),
});

/**
 * Null where it could not be taken, the table has no such many rows, or they are of two tenants (by whom the key begins) of
 * more: what is rare with those may be common with the others.
 */
function shareOf(rows: readonly SqlRow[] | undefined): number | null {
  const { data } = shareSchema.safeParse(rows?.[0]);
  if (data === undefined || data.looked < 2 * endRows) return null;
  return data.leads <= 2 && data.others > 0 ? null : data.most / endRows;
}

export function sharesOf(doubts: readonly Doubt[], answers: Answers): ReadonlyMap<string, number | null> {
  return new Map(doubts.map((doubt, at) => [doubtKey(doubt), shareOf(answers[at])]));
}
