import { failingText } from "../../facts/failed-transactions.ts";
import { rounded } from "../../facts/statements.ts";
import { unreportedRollbacks } from "../../facts/unreported-rollbacks.ts";
import type { View } from "../../facts/view.ts";
import {
  type DatabaseRatesRow,
  postgresDatabaseRatesRows,
} from "../../probes/postgres/database-rates-rows.ts";
import {
  type FailingStatementRow,
  postgresFailingStatementsRows,
} from "../../probes/postgres/failing-statements-rows.ts";
import { majorOf } from "../../remedies/run-as.ts";
import { asksNowait } from "../../text/asks-nowait.ts";
import { statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Fewer in the interval make no rate. */
const enough = 50;
/** So many within the half second that is looked at are no slip. */
const someCaught = 3;
/** For how long it is looked, and the part of what goes unreported that is then caught, at the least. */
const lookSeconds = 0.5;
const leastPart = 0.1;
/** Before it, sessions report every transaction. */
const silentFrom = 15;

/**
 * Transactions that fail before they come upon a table, which no rate of the server has. What was caught alone is known to
 * be an error; how many of the others are is bounded by the ROLLBACKs after which nothing is reported.
 */
export function unreportedErrors(view: View, row: DatabaseRatesRow): readonly FindingDraft[] {
  const { database, commitsPerSecond: commits, rollbacksPerSecond: rollbacks, intervalSeconds } = row;
  const bound = unreportedRollbacks(view, row);
  if (database === null || commits === null || rollbacks === null || bound === null) return [];
  const caught = caughtInside(view, database);
  const seen = caught.reduce((sum, { sessions }) => sum + sessions, 0);
  // Caught for sure, whatever excuses the others, and however short each was there to be seen; what stays aborted asks for no end.
  const sure = Math.max(0, Math.min(seen / lookSeconds, bound.asked) - rollbacks);
  const unreported = Math.max(bound.most, sure);
  const percent = (100 * unreported) / Math.max(0.001, commits + rollbacks + unreported);
  if ((majorOf(view) ?? 0) < silentFrom || seen < someCaught || unreported * intervalSeconds < enough)
    return [];
  // A few that the server reports are other ones: whoever begins and ends a transaction for nothing fails in none.
  const surePercent = (100 * sure) / Math.max(0.001, commits + rollbacks + sure);
  const many = surePercent >= view.thresholds.errorRatePercent;
  if (percent < view.thresholds.errorRatePercent || (!many && seen / lookSeconds < leastPart * unreported))
    return [];
  if (sure <= 0) return [];
  const text = statementText(caught[0]?.query ?? null);
  return [
    {
      subject: database,
      severity: "P2",
      confidence: 0.6,
      summary: `Transactions in ${database} fail before they come upon a table: ${seen} were caught at it within half a second${text === null ? "" : `, most of them by ${text}`}; ${sure > bound.most ? "at least" : "up to"} ${rounded(unreported)} a second are rolled back so, beside ${rounded(commits)} commits`,
      evidence: [
        ...caught.slice(0, 3).map(failingText),
        {
          source: postgresDatabaseRatesRows.id,
          says: `${rounded(commits)} commits and ${rounded(rollbacks)} rollbacks a second are reported; for ${sure > bound.most ? "at least" : "up to"} ${rounded(unreported)} more ROLLBACKs a second no statement was carried out: of a session that comes upon no table the server reports no transaction`,
        },
        {
          source: postgresFailingStatementsRows.id,
          says: "which error it is stands in the server's log alone, which was not read",
        },
      ],
      explains: [],
      actions: [],
    },
  ];
}

/** An error outside a transaction sends no ROLLBACK. That a row is taken is what NOWAIT asks. */
function caughtInside(view: View, database: string): readonly FailingStatementRow[] {
  return (view.rows(postgresFailingStatementsRows) ?? [])
    .filter((row) => row.database === database && !asksNowait(row.query))
    .filter(({ failedAt }) => failedAt === "transaction" || failedAt === "aborted")
    .toSorted((a, b) => b.sessions - a.sessions);
}
