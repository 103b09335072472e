import { statementsOf } from "../../facts/statements.ts";
import { explainsLoad, paceText, strainOf } from "../../facts/strain.ts";
import type { View } from "../../facts/view.ts";
import { mariadbPlansRows, mysqlPlansRows } from "../../probes/mysql/plans/rows.ts";
import { analyzeMysqlTable } from "../../remedies/mysql-statistics-remedies.ts";
import { statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";
import { mysqlStatisticsDrafts } from "./mysql-statistics-draft.ts";

/**
 * A table opened anew shows its stored count as its size: both are old then, and only what a statement looks at tells.
 * One finding for each table, by the statement that costs most.
 */
export function mysqlMisjudgedDrafts(view: View): readonly FindingDraft[] {
  const told = mysqlStatisticsDrafts(view).map(({ subject }) => subject);
  const drafts = [...(view.rows(mysqlPlansRows) ?? []), ...(view.rows(mariadbPlansRows) ?? [])].flatMap(
    ({ digest, schema, problems }) => {
      const problem = problems.find(({ kind }) => kind === "row-estimate");
      const table = problem?.table ?? null;
      const statement = statementsOf(view)?.find(
        ({ id, key }) => id === digest && key.startsWith(`${schema ?? "?"}/`),
      );
      if (problem === undefined || table === null || statement === undefined || told.includes(table))
        return [];
      return [draftOf(view, { statement, table, schema, detail: problem.detail })];
    },
  );
  return [...Map.groupBy(drafts, ({ subject }) => subject).values()].flatMap(([first]) => first ?? []);
}

interface Misjudged {
  readonly statement: NonNullable<ReturnType<typeof statementsOf>>[number];
  /** "schema.name"; the statement's own schema mostly. */
  readonly table: string;
  readonly schema: string | null;
  readonly detail: string;
}

function draftOf(view: View, { statement, table, schema, detail }: Misjudged): FindingDraft {
  const strain = strainOf(view, statement);
  const because = `its plan takes ${table} for a small table`;
  const dot = schema !== null && table.startsWith(`${schema}.`) ? schema.length : table.indexOf(".");
  const text = statementText(statement.query);
  return {
    subject: table,
    severity: strain === null ? "P3" : "P2",
    confidence: strain === null ? 0.5 : 0.7,
    summary: `Statistics of ${table} are stale: a plan ${detail} (${paceText(statement)}); ${strain ?? "nothing suffers from it now"}`,
    evidence: text === null ? [] : [{ source: "plans", says: `statement: ${text}` }],
    explains: [
      { cause: "plan-regression", subject: statement.key, because },
      { cause: "query-regression", subject: statement.key, because },
      ...(strain === null
        ? []
        : explainsLoad(view, statement, ["cpu-saturated", "io-saturated", "instance-undersized"], because)),
    ],
    actions: [
      analyzeMysqlTable(view, {
        schema: table.slice(0, Math.max(0, dot)),
        table: table.slice(dot + 1),
        recounts: null,
      }),
    ],
  };
}
