import { type FailingCalls, failingCalls, recentErrors } from "../../facts/failing-calls.ts";
import { rounded } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import { mysqlLimitsRows } from "../../probes/mysql/limits/rows.ts";
import { mysqlStatementDigestsRows } from "../../probes/mysql/statement-digests/statement-digests-rows.ts";
import { list, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** So many within two readings are no slip. */
const enoughErrors = 10;

/** MySQL and MariaDB count errors by statement: what fails is known, on MySQL by number, too. */
export function failingCallsDrafts(view: View): readonly FindingDraft[] {
  return failingCalls(view)
    .filter(
      ({ errorsPerSecond: errors, callsPerSecond: calls, intervalSeconds }) =>
        errors * intervalSeconds >= enoughErrors && 100 * errors >= view.thresholds.errorRatePercent * calls,
    )
    .map((failing) => draftOf(view, failing));
}

function draftOf(view: View, failing: FailingCalls): FindingDraft {
  const { schema, callsPerSecond, errorsPerSecond, deadlocksPerSecond, statements } = failing;
  const source = mysqlStatementDigestsRows.id;
  const errors = recentErrors(view);
  const [worst] = statements;
  const text = statementText(worst?.query ?? null);
  const share = rounded((100 * errorsPerSecond) / callsPerSecond);
  return {
    subject: schema,
    severity: deadlocksPerSecond === null ? "P3" : "P2",
    confidence: deadlocksPerSecond === null ? 0.4 : 0.8,
    summary: `${share} % of the statements in ${schema} fail with an error, ${rounded(errorsPerSecond)} a second${text === null ? "" : `; what fails most is ${text}`}`,
    evidence: [
      ...statements.slice(0, 3).map(({ query, now }) => ({
        source,
        says: `${rounded(now.errorsPerSecond)} of ${rounded(now.callsPerSecond)} calls a second fail: ${statementText(query) ?? "a statement whose text is not known"}`,
      })),
      { source: mysqlLimitsRows.id, says: whichText(errors) },
      ...(deadlocksPerSecond === null
        ? [{ source, says: "deadlocks came of late, and how often could not be seen: all may be theirs" }]
        : []),
    ],
    explains: [],
    actions: [],
  };
}

function whichText(errors: readonly string[] | null): string {
  if (errors === null)
    return "which error it is could not be seen: it stands with the application; this server counts none by number";
  return errors.length === 0
    ? "which error it is could not be seen"
    : `raised of late, warnings among them: ${list(errors)}`;
}
