import { askedRollbacks } from "../../facts/asked-rollbacks.ts";
import { type EndedPartitions, endedPartitions } from "../../facts/ended-partitions.ts";
import { type FailedTransactions, failedTransactions } from "../../facts/failed-transactions.ts";
import { limitsSet } from "../../facts/limits-set.ts";
import { type LogHits, type LogWords, recentLogHits } from "../../facts/log-lines.ts";
import { rounded } from "../../facts/statements.ts";
import { type UndoneTable, undoneTables } from "../../facts/undone-changes.ts";
import type { View } from "../../facts/view.ts";
import {
  type DatabaseRatesRow,
  postgresDatabaseRatesRows,
} from "../../probes/postgres/database-rates-rows.ts";
import { postgresUndoneChangesRows } from "../../probes/postgres/undone-changes-rows.ts";
import { compare } from "../../text/compare.ts";
import { list } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { failingCallsDrafts } from "./failing-calls-draft.ts";
import { loggedText } from "./logged-errors-draft.ts";
import { missingNamesDrafts } from "./missing-names-draft.ts";
import { unreportedErrors } from "./unreported-errors-draft.ts";

export const errorStorm = defineRule({
  id: "error-storm",
  spec: ["D4", "P7"],
  category: "queries",
  title: "Many transactions or statements fail",
  needs: [
    postgresDatabaseRatesRows.id,
    "postgres-top-statements",
    "postgres-failing-statements",
    postgresUndoneChangesRows.id,
    "mysql-statement-digests",
  ],
  evaluate: (view) => {
    const drafts = (view.rows(postgresDatabaseRatesRows) ?? [])
      .flatMap((row) => draftOf(view, withoutToldApart(row)) ?? unreportedErrors(view, row))
      .toSorted((a, b) => compare(a.subject, b.subject));
    const named = missingNamesDrafts(view, drafts);
    return [
      ...drafts.filter(({ subject }) => !named.some((draft) => draft.subject === subject)),
      ...named,
      ...failingCallsDrafts(view),
    ];
  },
});

/** Fewer in the interval make no rate. */
const enough = 50;
/** Of what was caught failing for a known reason: a fault, however much else goes on. */
const leastKnown = 1;
/**
 * A FATAL of a sign-in ends no transaction. But for the answer to NOWAIT (55P03): a time-out while waiting is worded
 * otherwise.
 */
export const loggedErrors: LogWords = { levels: ["ERROR"], says: /^((?!could not obtain lock on ).{1,80})/ };
/** So many errors in the log within a quarter of an hour are no slip. */
const manyLogged = 10;
/** Of the rollbacks, that errors are to be the reason of them; the log may be cut, and some errors are not logged. */
const sharePerSecond = 0.1;
/** A storm that goes on writes now. */
const lateSeconds = 300;

/**
 * The server counts what was rolled back, not why: some applications end every read so. Its log tells errors, or that
 * nobody asked for the rollbacks; and of a table of which nothing stays, somebody's writes are lost, whoever asked.
 * Without any of it this is worth knowing and no more.
 */
function draftOf(view: View, row: DatabaseRatesRow): FindingDraft | null {
  const { database, commitsPerSecond: commits, rollbacksPerSecond: rollbacks, intervalSeconds } = row;
  if (database === null || commits === null || rollbacks === null) return null;
  const percent = (100 * rollbacks) / (commits + rollbacks);
  const logged = recentLogHits(view.evidence, { ...loggedErrors, database });
  const failed = failedTransactions(view, row);
  const ended = endedPartitions(view, database, logged?.caught ?? failed?.statements);
  if (percent < leastOf(view, logged, ended) || (commits + rollbacks) * intervalSeconds < enough) return null;
  const inLog = isInLog(view, row, logged);
  const undone = undoneTables(view, { database, rollbacksPerSecond: rollbacks });
  const weight = weightOf(inLog, failed, undone);
  const asked = weight.severity === "P3" ? askedRollbacks(view, row) : "";
  if ((logged ?? asked) === null) return null;
  return {
    subject: database,
    ...weight,
    summary: `${rounded(percent)} % of the transactions in ${database} roll back, ${rounded(rollbacks)} a second${whyText(inLog, failed, undone)}${ended?.reason ?? asked ?? ""}`,
    evidence: [
      {
        source: postgresDatabaseRatesRows.id,
        says: `${rounded(commits)} commits and ${rounded(rollbacks)} rollbacks a second`,
      },
      ...(failed?.proof ?? []),
      ...undone.slice(0, 3).map(undoneText),
      ...(ended?.proof ?? []),
      ...loggedText(logged),
      ...limitsText(view, database, logged, inLog || failed !== null),
      ...unnamedText(weight, logged ?? saidOf(ended)),
    ],
    explains: [],
    actions: [],
  };
}

function leastOf(view: View, logged: LogHits | null, ended: EndedPartitions | null): number {
  return logged === null && ended?.isNow ? leastKnown : view.thresholds.errorRatePercent;
}

/** What its own words say of it. */
function saidOf(ended: EndedPartitions | null): EndedPartitions | null {
  return ended?.isSaid ? ended : null;
}

function isInLog(view: View, row: DatabaseRatesRow, logged: LogHits | null): boolean {
  return logged !== null && (areEnough(logged, row.rollbacksPerSecond ?? 0) || isStorm(view, row));
}

/** By the newest of them: the log keeps older ones of each kind. */
function areEnough({ times, newestAgeSeconds }: LogHits, rollbacksPerSecond: number): boolean {
  const newest = times.slice(-manyLogged);
  const perSecond = newest.length / Math.max(1, (newest.at(-1) ?? 0) - (newest[0] ?? 0));
  return (
    newest.length >= manyLogged &&
    newestAgeSeconds <= lateSeconds &&
    perSecond >= sharePerSecond * rollbacksPerSecond
  );
}

/** The server's clock has whole seconds. */
const fewSeconds = 2;
const justNowSeconds = 60;

/**
 * By all that was read of the log, of which few lines are kept. The faster errors are written, the less time what is read
 * spans: where that is a moment, and most of it errors, no count of them is a rate, and there are more.
 */
function isStorm({ evidence }: View, row: DatabaseRatesRow): boolean {
  return (evidence.context?.logs ?? []).some(({ kind, truncated, read }) => {
    if (kind !== "error" || read === undefined || read.until === null) return false;
    const count = read.errors.find(({ database }) => database === row.database)?.count ?? 0;
    const age = (Date.parse(evidence.collectedAt) - Date.parse(read.until)) / 1000;
    if (count < manyLogged || age > justNowSeconds) return false;
    const isFull = truncated && read.seconds <= fewSeconds && 2 * count >= read.messages;
    return isFull || count / Math.max(1, read.seconds) >= sharePerSecond * (row.rollbacksPerSecond ?? 0);
  });
}

/** What deadlocks end, and what replay cancels on a standby, is told as such. */
function withoutToldApart(row: DatabaseRatesRow): DatabaseRatesRow {
  const { rollbacksPerSecond: rollbacks, deadlocks, conflicts, intervalSeconds } = row;
  if (rollbacks === null || intervalSeconds <= 0) return row;
  const toldApart = ((deadlocks ?? 0) + (conflicts ?? 0)) / intervalSeconds;
  return { ...row, rollbacksPerSecond: Math.max(0, rollbacks - toldApart) };
}

type Weight = Pick<FindingDraft, "severity" | "confidence">;

function weightOf(inLog: boolean, failed: FailedTransactions | null, undone: readonly UndoneTable[]): Weight {
  if (inLog) return { severity: "P2", confidence: 0.8 };
  if (failed !== null) return { severity: "P2", confidence: 0.7 };
  return undone.length > 0 ? { severity: "P2", confidence: 0.6 } : { severity: "P3", confidence: 0.4 };
}

function whyText(inLog: boolean, failed: FailedTransactions | null, undone: readonly UndoneTable[]): string {
  if (inLog) return ", and its log is full of errors";
  if (failed === null && undone.length > 0)
    return `, and with them what is written to ${list(undone.slice(0, 3).map(({ name }) => name))}; whether by errors or on purpose could not be seen`;
  if (failed === null) return "; whether by errors or on purpose could not be seen";
  return `, and not on purpose${failed.statement === null ? "" : `; what fails is ${failed.statement}`}`;
}

function undoneText({
  name,
  undonePerSecond,
  changesPerSecond,
}: UndoneTable): FindingDraft["evidence"][number] {
  const says = `${rounded(undonePerSecond)} of ${rounded(changesPerSecond)} rows a second that are written to ${name} are rolled back`;
  return { source: postgresUndoneChangesRows.id, says };
}

function unnamedText(
  { severity }: Weight,
  known: LogHits | EndedPartitions | null,
): FindingDraft["evidence"] {
  if (severity === "P3" || known !== null) return [];
  const says = "which error it is stands in the server's log alone, which was not read";
  return [{ source: postgresDatabaseRatesRows.id, says }];
}

/** Beside a log that was read it says what may be set otherwise, and without one what to look for. */
function limitsText(
  view: View,
  database: string,
  logged: LogHits | null,
  isError: boolean,
): FindingDraft["evidence"] {
  const says = isError ? limitsSet(view, database, logged?.caught.map(({ text }) => text) ?? null) : null;
  return says === null ? [] : [{ source: "postgres-settings", says }];
}
