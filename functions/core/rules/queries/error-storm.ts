import { type FailedTransactions, failedTransactions } from "../../facts/failed-transactions.ts";
import { type LogHits, recentLogHits } from "../../facts/log-lines.ts";
import { rounded } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import {
  type DatabaseRatesRow,
  postgresDatabaseRatesRows,
} from "../../probes/postgres/database-rates-rows.ts";
import { compare } from "../../text/compare.ts";
import { plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { failingCallsDrafts } from "./failing-calls-draft.ts";

export const errorStorm = defineRule({
  id: "error-storm",
  spec: ["D4", "P7"],
  category: "queries",
  title: "Many transactions or statements fail",
  needs: [
    postgresDatabaseRatesRows.id,
    "postgres-top-statements",
    "postgres-failing-statements",
    "mysql-statement-digests",
  ],
  evaluate: (view) => [
    ...(view.rows(postgresDatabaseRatesRows) ?? [])
      .flatMap((row) => draftOf(view, row) ?? [])
      .toSorted((a, b) => compare(a.subject, b.subject)),
    ...failingCallsDrafts(view),
  ],
});

/** Fewer in the interval make no rate. */
const enough = 50;
/** So many errors in the log within a quarter of an hour are no slip. */
const manyLogged = 10;

/**
 * The server counts what was rolled back, not why: some applications end every read so. Its log tells errors, or that
 * nobody asked for the rollbacks; without either this is worth knowing and no more.
 */
function draftOf(view: View, row: DatabaseRatesRow): FindingDraft | null {
  const { database, commitsPerSecond: commits, rollbacksPerSecond: rollbacks, intervalSeconds } = row;
  if (database === null || commits === null || rollbacks === null) return null;
  const percent = (100 * rollbacks) / (commits + rollbacks);
  if ((commits + rollbacks) * intervalSeconds < enough || percent < view.thresholds.errorRatePercent)
    return null;
  const logged = recentLogHits(view.evidence, /\b(?:ERROR|FATAL):\s+(.{1,80})/);
  const failed = failedTransactions(view, row);
  const inLog = (logged?.count ?? 0) >= manyLogged;
  return {
    subject: database,
    severity: inLog || failed !== null ? "P2" : "P3",
    confidence: inLog ? 0.8 : failed !== null ? 0.7 : 0.4,
    summary: `${rounded(percent)} % of the transactions in ${database} roll back, ${rounded(rollbacks)} a second${whyText(inLog, failed)}`,
    evidence: [
      {
        source: postgresDatabaseRatesRows.id,
        says: `${rounded(commits)} commits and ${rounded(rollbacks)} rollbacks a second`,
      },
      ...(failed?.proof ?? []),
      ...(logged === null ? [] : loggedText(logged)),
      ...(failed !== null && logged === null ? [unnamed] : []),
    ],
    explains: [],
    actions: [],
  };
}

function whyText(inLog: boolean, failed: FailedTransactions | null): string {
  if (inLog) return ", and its log is full of errors";
  if (failed === null) return "; whether by errors or on purpose could not be seen";
  return `, and not on purpose${failed.statement === null ? "" : `; what fails is ${failed.statement}`}`;
}

const unnamed = {
  source: "error log",
  says: "which error it is stands in the server's log alone, which was not read",
};

function loggedText({ count, caught }: LogHits): FindingDraft["evidence"] {
  const source = "error log";
  const most = caught.slice(0, 3).map(({ text, count: times }) => `${text} (${times})`);
  return [
    { source, says: `${plural(count, "error")} in the last 15 min` },
    ...most.map((says) => ({ source, says })),
  ];
}
