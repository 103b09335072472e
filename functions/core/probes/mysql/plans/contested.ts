import * as z from "zod";
import type { SqlRow } from "../../../ports.ts";
import type { FollowStatement } from "../../define.ts";

/** EXPLAIN opens its tables: behind a queue for one of them it would wait itself, and its lock limit is a whole second. */
export const contestedStatements: readonly FollowStatement[] = [
  {
    sql: `SELECT DISTINCT OBJECT_SCHEMA AS schema_name, OBJECT_NAME AS table_name
      FROM performance_schema.metadata_locks
      WHERE OBJECT_TYPE = 'TABLE' AND (LOCK_STATUS = 'PENDING' OR LOCK_TYPE = 'EXCLUSIVE') LIMIT 1000`,
    mayFail: true,
  },
  // Where locks are not instrumented: the words of whoever waits, and of whoever is about to want a table alone.
  {
    sql: `SELECT LEFT(INFO, 2000) AS words FROM information_schema.PROCESSLIST
      WHERE STATE LIKE 'Waiting for%lock' OR INFO REGEXP '^[[:space:]]*(alter|drop|rename|truncate|optimize|repair|lock|create)'
      LIMIT 200`,
    mayFail: true,
  },
];

const lockedSchema = z.array(z.object({ schema_name: z.string(), table_name: z.string() }));
const wordsSchema = z.array(z.object({ words: z.string().nullable() }));

/** Answers to contestedStatements → whether somebody queues for this table. */
export function contestedBy([locked, waiting]: readonly (readonly SqlRow[])[]) {
  const names = new Set(
    (lockedSchema.safeParse(locked).data ?? []).map((row) => `${row.schema_name}.${row.table_name}`),
  );
  const words = new Set(
    (wordsSchema.safeParse(waiting).data ?? []).flatMap(
      (row): readonly string[] => row.words?.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? [],
    ),
  );
  return ({ schema, table }: { readonly schema: string; readonly table: string }): boolean =>
    names.has(`${schema}.${table}`) || words.has(table.toLowerCase());
}
