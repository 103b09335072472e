import * as z from "zod";
import { SqlError } from "../../../errors.ts";
import type { SqlRow } from "../../../ports.ts";

/** RDS's default of performance_schema_digests_size is 10,000; beyond this only the dearest are read. */
const maxEntries = 20_000;

/** Counters of one normalised statement in one schema, since the table was last emptied or the server started. */
export interface DigestCounters {
  readonly calls: number;
  readonly seconds: number;
  readonly lockSeconds: number;
  readonly errors: number;
  readonly rowsAffected: number;
  readonly rowsSent: number;
  readonly rowsExamined: number;
  readonly tmpTables: number;
  readonly tmpDiskTables: number;
  readonly sortMergePasses: number;
  readonly fullScans: number;
  readonly noIndexUsed: number;
}

export interface DigestEntry extends DigestCounters {
  readonly schema: string | null;
  readonly digest: string;
  readonly maxSeconds: number;
}

export interface DigestReading {
  readonly atSeconds: number;
  readonly entries: ReadonlyMap<string, DigestEntry>;
}

/**
 * No text: it is most of the row. Timers count picoseconds. The row without a digest is everything that found no
 * place any more.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-summary-tables.html
 */
export const digestReadingSql = `
  SELECT SCHEMA_NAME AS schema_name, DIGEST AS digest, UNIX_TIMESTAMP(NOW(6)) AS at_seconds,
    COUNT_STAR AS calls, SUM_TIMER_WAIT / 1e12 AS seconds, SUM_LOCK_TIME / 1e12 AS lock_seconds,
    MAX_TIMER_WAIT / 1e12 AS max_seconds, SUM_ERRORS AS errors, SUM_ROWS_AFFECTED AS rows_affected,
    SUM_ROWS_SENT AS rows_sent, SUM_ROWS_EXAMINED AS rows_examined, SUM_CREATED_TMP_TABLES AS tmp_tables,
    SUM_CREATED_TMP_DISK_TABLES AS tmp_disk_tables, SUM_SORT_MERGE_PASSES AS merge_passes,
    SUM_SELECT_SCAN + SUM_SELECT_FULL_JOIN AS full_scans, SUM_NO_INDEX_USED AS no_index
  FROM performance_schema.events_statements_summary_by_digest
  WHERE DIGEST IS NOT NULL
  ORDER BY SUM_TIMER_WAIT DESC LIMIT ${maxEntries}`;

/** An empty table is no answer where nothing is counted. */
export const digestSightSql = `
  SELECT @@performance_schema AS enabled,
    (SELECT ENABLED FROM performance_schema.setup_consumers WHERE NAME = 'statements_digest') AS consumer`;

const number = z.coerce.number();
const answerSchema = z.object({
  schema_name: z.string().nullable(),
  digest: z.string(),
  at_seconds: number,
  calls: number,
  seconds: number,
  lock_seconds: number,
  max_seconds: number,
  errors: number,
  rows_affected: number,
  rows_sent: number,
  rows_examined: number,
  tmp_tables: number,
  tmp_disk_tables: number,
  merge_passes: number,
  full_scans: number,
  no_index: number,
});

/** Throws SqlError "missing-object" when statements are not counted. */
export function requireDigests(rows: readonly SqlRow[] = []): void {
  const on = Number(rows[0]?.["enabled"]) === 1;
  if (on && rows[0]?.["consumer"] === "YES") return;
  const what = on ? "the consumer statements_digest is off" : "performance_schema is OFF";
  throw new SqlError("missing-object", "performance_schema", what);
}

export function digestReading(rows: readonly SqlRow[] = []): DigestReading {
  const answers = z.array(answerSchema).parse(rows);
  const entries = answers.map((answer) => {
    const entry = entryOf(answer);
    return [digestKey(entry), entry] as const;
  });
  return { atSeconds: answers[0]?.at_seconds ?? 0, entries: new Map(entries) };
}

export function digestKey({ schema, digest }: Pick<DigestEntry, "schema" | "digest">): string {
  return JSON.stringify([schema, digest]);
}

function entryOf(answer: z.infer<typeof answerSchema>): DigestEntry {
  return {
    schema: answer.schema_name,
    digest: answer.digest,
    calls: answer.calls,
    seconds: answer.seconds,
    lockSeconds: answer.lock_seconds,
    maxSeconds: answer.max_seconds,
    errors: answer.errors,
    rowsAffected: answer.rows_affected,
    rowsSent: answer.rows_sent,
    rowsExamined: answer.rows_examined,
    tmpTables: answer.tmp_tables,
    tmpDiskTables: answer.tmp_disk_tables,
    sortMergePasses: answer.merge_passes,
    fullScans: answer.full_scans,
    noIndexUsed: answer.no_index,
  };
}
