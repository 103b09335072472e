import { statementsOf } from "../../facts/statements.ts";
import { explainsLoad, paceText, strainOf } from "../../facts/strain.ts";
import { plansOf } from "../../facts/table-facts.ts";
import type { View } from "../../facts/view.ts";
import { statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** What a plan spends its cost on, where that is a table read whole for a member of a document. */
const member =
  /\bSeq Scan of .{1,140}, testing .{0,80}?\(\(?([\w."]{1,130}) (?:->>?|#>>?) \$\d+\)[^=<>]{0,40} = /;
const fewRows = 1000;

/**
 * A table read whole for the few rows in which a member of a document (JSON) has a value. An index on that expression
 * serves it; the member's name stands in no statement that is kept, so that whoever wrote it has to write the index.
 * https://www.postgresql.org/docs/current/indexes-expressional.html
 */
export function memberScans(view: View): readonly FindingDraft[] {
  return plansOf(view).flatMap((plan): readonly FindingDraft[] => {
    const [, column] = member.exec(plan.spends ?? "") ?? [];
    const scan = plan.problems.find(({ kind }) => kind === "sequential-scan");
    const statement = statementsOf(view)?.find(({ id, user }) => id === plan.queryId && user === plan.user);
    if (column === undefined || scan === undefined || plan.suggestions.length > 0 || !statement) return [];
    const strain = (plan.meanRows ?? fewRows) < fewRows ? strainOf(view, statement) : null;
    if (strain === null) return [];
    const name = column.split(".").at(-1) ?? column;
    const because = `each call reads the whole of ${scan.relation}`;
    const text = statementText(statement.query);
    return [
      {
        subject: `${scan.relation} (${name} ->> …)`,
        severity: "P2",
        nature: "acute",
        confidence: 0.7,
        summary: `No index on ${scan.relation} serves a condition on a member of ${name}: 1 statement reads the whole table for a few rows (${paceText(statement)}); ${strain}`,
        evidence: [
          { source: "postgres-plans", says: scan.detail },
          ...(text === null ? [] : [{ source: statement.source, says: `statement: ${text}` }]),
          {
            source: "engine",
            says: `what would change it: CREATE INDEX CONCURRENTLY ON ${scan.relation} ((${name} ->> '…')), with the member that the application asks for, which is not kept here, and written just as it asks; then ANALYZE`,
          },
        ],
        explains: [
          ...explainsLoad(view, statement, ["cpu-saturated", "io-saturated", "instance-undersized"], because),
          { cause: "expensive-statement", subject: statement.key, because },
          { cause: "query-regression", subject: statement.key, because },
        ],
        actions: [],
      },
    ];
  });
}
