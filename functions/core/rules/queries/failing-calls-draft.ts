import { type FailingCalls, failingCalls, recentErrors } from "../../facts/failing-calls.ts";
import { namedCounts } from "../../facts/named-counts.ts";
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
    .filter((failing) => isMany(view, failing, failing.errorsPerSecond))
    .map((failing) => draftOf(view, failing));
}

function isMany(view: View, { callsPerSecond, intervalSeconds }: FailingCalls, errors: number): boolean {
  return (
    errors * intervalSeconds >= enoughErrors &&
    100 * errors >= view.thresholds.errorRatePercent * callsPerSecond
  );
}

/** All of it may be deadlocks, or answers, and the rest is too little. */
function doubtOf(view: View, failing: FailingCalls): boolean {
  const rest = failing.errorsPerSecond - failing.perhapsAnswersPerSecond;
  return failing.deadlocksPerSecond === null || !isMany(view, failing, rest);
}

function draftOf(view: View, failing: FailingCalls): FindingDraft {
  const { schema, callsPerSecond, errorsPerSecond, deadlocksPerSecond, statements } = failing;
  const doubt = doubtOf(view, failing);
  const source = mysqlStatementDigestsRows.id;
  const errors = recentErrors(view);
  const [worst] = statements;
  const text = statementText(worst?.query ?? null);
  const share = rounded((100 * errorsPerSecond) / callsPerSecond);
  return {
    subject: schema,
    severity: doubt ? "P3" : "P2",
    confidence: doubt ? 0.4 : 0.8,
    summary: `${share} % of the statements in ${schema} fail with an error, ${rounded(errorsPerSecond)} a second${text === null ? "" : `; what fails most is ${text}`}${mostText(view, errorsPerSecond)}`,
    evidence: [
      ...statements.slice(0, 3).map(({ query, now }) => ({
        source,
        says: `${rounded(now.errorsPerSecond)} of ${rounded(now.callsPerSecond)} calls a second fail: ${statementText(query) ?? "a statement whose text is not known"}`,
      })),
      { source: mysqlLimitsRows.id, says: whichText(errors) },
      ...(deadlocksPerSecond === null
        ? [{ source, says: "deadlocks came of late, and how often could not be seen: all may be theirs" }]
        : []),
      ...(failing.perhapsAnswersPerSecond > 0
        ? [
            {
              source,
              says: `${rounded(failing.perhapsAnswersPerSecond)} a second are of statements that say NOWAIT: perhaps the answer that a row is taken, which is no fault`,
            },
          ]
        : []),
    ],
    explains: [],
    actions: [],
  };
}

/** Counted at another moment, and warnings alike: what is about as frequent names them. */
function mostText(view: View, errorsPerSecond: number): string {
  const [most] = namedCounts(view)
    .filter(({ perSecond: rate }) => 2 * rate >= errorsPerSecond && rate <= 1.5 * errorsPerSecond)
    .toSorted((a, b) => Math.abs(a.perSecond - errorsPerSecond) - Math.abs(b.perSecond - errorsPerSecond));
  return most === undefined ? "" : `; counted meanwhile: ${most.says}`;
}

function whichText(errors: readonly string[] | null): string {
  if (errors === null)
    return "which error it is could not be seen: it stands with the application; this server counts none by number";
  return errors.length === 0
    ? "which error it is could not be seen"
    : `raised of late, warnings among them: ${list(errors)}`;
}
