import { type Statement, statementsOf } from "../../facts/statements.ts";
import { explainsLoad, paceText, strainOf } from "../../facts/strain.ts";
import { plansOf, tableKey, tablesOf } from "../../facts/table-facts.ts";
import type { View } from "../../facts/view.ts";
import type { PostgresPlanRow } from "../../probes/postgres/plans/rows.ts";
import { statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** What a plan spends its cost on, where that is a table read whole for a member of a document. */
const member =
  /^(?:[5-9]\d|100) % of .{1,40}\bSeq Scan of (\S{1,140}) for .{1,40}, testing .{0,80}?\(\(?([\w."]{1,130}) (?:->>?|#>>?) \$\d+\)\)*(?:::[\w ]{1,40})?\)* = /;
const fewRows = 1000;

/**
 * A table read whole for the few rows in which a member of a document (JSON) has a value. An index on that expression
 * serves it; the member's name stands in no statement that is kept, so that whoever wrote it has to write the index.
 * https://www.postgresql.org/docs/current/indexes-expressional.html
 */
export function memberScans(view: View): readonly FindingDraft[] {
  return plansOf(view).flatMap((plan) => {
    const scan = memberScanIn(plan);
    const statement = statementsOf(view)?.find(({ id, user }) => id === plan.queryId && user === plan.user);
    if (scan === null || statement === undefined || !isScanned(view, scan.table, statement)) return [];
    const strain = strainOf(view, statement);
    return strain === null ? [] : [draftOf(view, scan, statement, strain)];
  });
}

interface MemberScan {
  readonly table: string;
  readonly column: string;
  readonly detail: string;
}

function memberScanIn({ spends, problems, suggestions, meanRows }: PostgresPlanRow): MemberScan | null {
  const [, table, column] = member.exec(spends ?? "") ?? [];
  const scan = problems.find(
    ({ kind, relation }) => kind === "sequential-scan" && relation?.split(".").at(-1) === table,
  );
  const isFew = (meanRows ?? fewRows) < fewRows;
  if (!column || !scan?.relation || suggestions.length > 0 || !isFew || / OR /.test(spends ?? ""))
    return null;
  return { table: scan.relation, column: column.split(".").at(-1) ?? column, detail: scan.detail };
}

function draftOf(
  view: View,
  { table, column, detail }: MemberScan,
  statement: Statement,
  strain: string,
): FindingDraft {
  const because = `each call reads the whole of ${table}`;
  const text = statementText(statement.query);
  return {
    subject: `${table} (${column} ->> …)`,
    severity: "P2",
    nature: "acute",
    confidence: 0.7,
    summary: `No index on ${table} serves a condition on a member of ${column}: 1 statement reads the whole table for a few rows (${paceText(statement)}); ${strain}`,
    evidence: [
      { source: "postgres-plans", says: detail },
      ...(text === null ? [] : [{ source: statement.source, says: `statement: ${text}` }]),
      {
        source: "engine",
        says: `what would change it: CREATE INDEX CONCURRENTLY ON ${table} ((${column} ->> '…')), with the member that the application asks for, which is not kept here, and written just as it asks; then ANALYZE`,
      },
    ],
    explains: [
      ...explainsLoad(view, statement, ["cpu-saturated", "io-saturated", "instance-undersized"], because),
      { cause: "expensive-statement", subject: statement.key, because },
      { cause: "query-regression", subject: statement.key, because },
    ],
    actions: [],
  };
}

/** Of the calls: other statements may scan the table beside. */
const mostCalls = 0.75;

/**
 * By the counters the table is read whole as often as the statement is called: a plan for any member cannot use an index
 * on one (payload ->> 'type'), which the calls themselves do.
 */
function isScanned(view: View, relation: string, { now }: Statement): boolean {
  const table = (tablesOf(view) ?? []).find((one) => tableKey(one) === relation);
  const scans = table?.now.seqScansPerSecond ?? 0;
  return scans > 0 && scans >= mostCalls * now.callsPerSecond;
}
