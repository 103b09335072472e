import * as z from "zod";
import { SqlError } from "../../../errors.ts";
import type { SqlRow } from "../../../ports.ts";
import { normaliseQuery } from "../../../text/normalise-query.ts";
import { mariadbInside } from "./mariadb-inside.ts";
import { digestFilter } from "./plans.ts";
import { maxStatements } from "./read-plans.ts";
import type { Answers, WorstStatement } from "./worst-statement.ts";

export const mariadbDigestsSql = `
  SELECT DIGEST AS digest, SCHEMA_NAME AS schema_name, DIGEST_TEXT AS digest_text, COUNT_STAR AS calls,
    SUM_TIMER_WAIT / 1000000000000 AS total_seconds, SUM_ROWS_EXAMINED AS examined,
    SUM_ROWS_SENT + SUM_ROWS_AFFECTED AS used
  FROM performance_schema.events_statements_summary_by_digest
  WHERE ${digestFilter}
  ORDER BY SUM_TIMER_WAIT DESC LIMIT ${maxStatements}`;

/** https://mariadb.com/kb/en/performance-schema-events_statements_history_long-table/ */
const samplesFrom = (table: string): string => `
  SELECT h.DIGEST AS digest, h.CURRENT_SCHEMA AS schema_name, MAX(h.SQL_TEXT) AS sample
  FROM performance_schema.${table} AS h
  WHERE h.SQL_TEXT IS NOT NULL AND FIND_IN_SET(h.DIGEST, ?) GROUP BY h.DIGEST, h.CURRENT_SCHEMA`;

/** Takes the digests, joined by commas, twice. */
export const mariadbSamplesSql = ["events_statements_history_long", "events_statements_history"]
  .map(samplesFrom)
  .join(" UNION ALL ");

/** The table is a CSV file without an index. https://mariadb.com/kb/en/mysqlslow_log-table/ */
export const slowLogSql = `
  SET STATEMENT max_statement_time = 2 FOR
  SELECT db AS schema_name, sql_text AS sample, TIME_TO_SEC(query_time) + MICROSECOND(query_time) / 1000000 AS seconds,
    rows_examined AS examined, rows_sent + rows_affected AS used
  FROM mysql.slow_log WHERE db NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')
  ORDER BY start_time DESC LIMIT 500`;

const number = z.coerce.number();
const digestSchema = z.object({
  digest: z.string(),
  schema_name: z.string().nullable(),
  digest_text: z.string().nullable(),
  calls: number,
  total_seconds: number,
  examined: number,
  used: number,
});
const sampleSchema = z.object({ digest: z.string(), schema_name: z.string().nullable(), sample: z.string() });
const slowSchema = z.object({
  schema_name: z.string(),
  sample: z.string(),
  seconds: number,
  examined: number,
  used: number,
});
const failedSchema = z.object({ failed: z.string() });

/** Null when the statement failed. */
function rowsOf<Row>(rows: readonly SqlRow[] | undefined, schema: z.ZodType<Row>): readonly Row[] | null {
  return failedSchema.safeParse(rows?.[0]).success ? null : z.array(schema).parse(rows ?? []);
}

export function sampleDigests([digests]: Answers): readonly string[] {
  return (rowsOf(digests, digestSchema) ?? []).map(({ digest }) => digest);
}

/** Digests, with a sample where the statement history or the slow log's table has one; without any, what that holds. */
export function mariadbWorst([digests, slow, inside, samples]: Answers): readonly WorstStatement[] {
  return [...mariadbInside(inside), ...sentWorst(digests, slow, samples)];
}

function sentWorst(
  digests: Answers[number] | undefined,
  slow: Answers[number] | undefined,
  samples: Answers[number] | undefined,
): readonly WorstStatement[] {
  const known = rowsOf(digests, digestSchema) ?? [];
  const texts = rowsOf(samples, sampleSchema) ?? [];
  const logged = rowsOf(slow, slowSchema) ?? [];
  if (known.length > 0) {
    const byText = Map.groupBy(logged, (row) =>
      wordsOf(row.schema_name, normaliseQuery(row.sample, "mariadb")),
    );
    return known.map((row) => {
      const [same] = byText.get(wordsOf(row.schema_name, row.digest_text)) ?? [];
      return fromDigest(row, texts, same?.sample ?? null);
    });
  }
  if (logged.length > 0) return fromSlowLog(logged);
  throw new SqlError(
    "missing-object",
    "no-sample",
    "MariaDB keeps no statement: its digests and the slow log's table are off or empty",
  );
}

/** The slow log knows no digests: the same but for quotes and blanks is the same. */
function wordsOf(schema: string | null, text: string | null): string {
  return `${schema ?? ""}.${(text ?? "").replace(/[`\s;]/g, "").toLowerCase()}`;
}

function fromDigest(
  row: z.infer<typeof digestSchema>,
  texts: readonly z.infer<typeof sampleSchema>[],
  logged: string | null,
): WorstStatement {
  const found = texts.find(
    ({ digest, schema_name }) => digest === row.digest && schema_name === row.schema_name,
  );
  return {
    digest: row.digest,
    schema: row.schema_name,
    digestText: row.digest_text,
    sample: found?.sample ?? logged,
    calls: row.calls,
    totalSeconds: row.total_seconds,
    rowsExamined: row.examined,
    rowsUsed: row.used,
  };
}

function fromSlowLog(rows: readonly z.infer<typeof slowSchema>[]): readonly WorstStatement[] {
  const groups = Map.groupBy(rows, ({ schema_name, sample }) =>
    JSON.stringify([schema_name, normaliseQuery(sample, "mariadb")]),
  );
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  return [...groups.values()]
    .flatMap(([first, ...more]) => {
      if (first === undefined) return [];
      const all = [first, ...more];
      const digestText = normaliseQuery(first.sample, "mariadb");
      return [
        {
          digest: `slow log: ${digestText.slice(0, 60)}`,
          schema: first.schema_name || null,
          digestText,
          sample: first.sample,
          calls: all.length,
          totalSeconds: total(all.map(({ seconds }) => seconds)),
          rowsExamined: total(all.map(({ examined }) => examined)),
          rowsUsed: total(all.map(({ used }) => used)),
        },
      ];
    })
    .sort((a, b) => b.totalSeconds - a.totalSeconds)
    .slice(0, maxStatements);
}
