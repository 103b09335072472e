import * as z from "zod";
import { SqlError } from "../../../errors.ts";
import { defineProbe, type Need } from "../../define.ts";
import { performanceSchemaGrant, performanceSchemaSetting } from "../sight.ts";
import { insideRoutines, insideRoutinesSql } from "./inside-routines.ts";
import { maxStatements, nextPlanStage, planRows } from "./read-plans.ts";
import { type MysqlPlanRow, mysqlPlansRows } from "./rows.ts";
import type { Answers, WorstStatement } from "./worst-statement.ts";

/** EXPLAIN needs the right to read what it explains; without it the statement is left out, and says so. */
export const selectOnTables: Need = {
  kind: "grant",
  name: "SELECT on the application's tables",
  enable: "GRANT SELECT, SHOW VIEW, EVENT ON *.* TO {user}",
  optional: "plans of statements, broken views, orphaned rows, and whose work an event does",
};

/** Statements of the responder and of other monitoring read these schemas and are nobody's to index. */
export const digestFilter = `DIGEST IS NOT NULL AND COALESCE(SCHEMA_NAME, '') NOT IN
    ('mysql', 'sys', 'performance_schema', 'information_schema')
    AND LEFT(DIGEST_TEXT, 4) IN ('SELE', 'UPDA', 'DELE', 'INSE', 'REPL', 'WITH')
    AND (DIGEST_TEXT LIKE '% FROM %' OR DIGEST_TEXT LIKE 'UPDATE %') AND DIGEST_TEXT NOT LIKE '%_schema\`%'`;

const worstSql = `
  SELECT DIGEST AS digest, SCHEMA_NAME AS schema_name, DIGEST_TEXT AS digest_text, QUERY_SAMPLE_TEXT AS sample,
    COUNT_STAR AS calls, SUM_TIMER_WAIT / 1000000000000 AS total_seconds, SUM_ROWS_EXAMINED AS examined,
    SUM_ROWS_SENT + SUM_ROWS_AFFECTED AS used
  FROM performance_schema.events_statements_summary_by_digest
  WHERE ${digestFilter}
  ORDER BY SUM_TIMER_WAIT DESC LIMIT ${maxStatements}`;

const number = z.coerce.number();
const worstSchema = z.object({
  digest: z.string(),
  schema_name: z.string().nullable(),
  digest_text: z.string().nullable(),
  sample: z.string().nullable(),
  calls: number,
  total_seconds: number,
  examined: number,
  used: number,
});

/** Sight, digests, statements inside stored programs. */
const answered = 3;

export const mysqlPlans = defineProbe({
  ...mysqlPlansRows,
  spec: ["P33"],
  title: "How are the worst statements planned, and would an index help?",
  engines: ["mysql"],
  // QUERY_SAMPLE_TEXT came with 8.0.
  versions: { from: 8 },
  tier: "performance",
  cost: "One pass over the digests and the last ten statements of each thread, then plans of at most 7 statements and the columns and indexes of their tables; nothing is executed, but where a plan leaves it open whether an index would select, the columns it tests are counted in 1,000 rows at each end of their table.",
  needs: [performanceSchemaGrant, performanceSchemaSetting, selectOnTables],
  maxRows: maxStatements,
  source: "https://dev.mysql.com/doc/refman/8.4/en/explain.html",
  statements: () => [{ sql: "SELECT @@performance_schema AS enabled" }, { sql: worstSql }],
  followRounds: 4,
  follow: (answers, context) =>
    answers.length < answered
      ? [insideRoutinesSql]
      : nextPlanStage(worstOf(answers), answers, answered, context),
  read: (answers, context): MysqlPlanRow[] => planRows(worstOf(answers), answers, answered, context),
});

function worstOf([sight = [], rows = [], inside]: Answers): readonly WorstStatement[] {
  if (Number(sight[0]?.["enabled"]) !== 1) {
    throw new SqlError("missing-object", "performance_schema", "performance_schema is OFF");
  }
  const sent = z
    .array(worstSchema)
    .parse(rows)
    .map((row) => ({
      digest: row.digest,
      schema: row.schema_name,
      digestText: row.digest_text,
      sample: row.sample,
      calls: row.calls,
      totalSeconds: row.total_seconds,
      rowsExamined: row.examined,
      rowsUsed: row.used,
    }));
  return [...insideRoutines(inside), ...sent];
}
