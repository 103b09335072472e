import type { ProposedAction } from "../../contract/finding.ts";
import type { Session } from "../../contract/session.ts";
import { lastingFor, metricFact } from "../../facts/metric-facts.ts";
import { nameOf, type PurgeHolder, type PurgeSight, purgeSight } from "../../facts/purge-holders.ts";
import { bytesText } from "../../facts/rds-facts.ts";
import { rounded } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import {
  type MysqlPurgeRow,
  mysqlOldestTransactionPurgeRows,
} from "../../probes/mysql/oldest-transaction-purge-rows.ts";
import {
  type MysqlTransactionRow,
  mysqlOldestTransactionRows,
} from "../../probes/mysql/oldest-transaction-rows.ts";
import { endSession } from "../../remedies/remedies.ts";
import { duration, list, plural, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { historyFromOutside } from "./outside-history-draft.ts";

export const historyListGrowth = defineRule({
  id: "history-list-growth",
  spec: ["D4"],
  category: "vacuum",
  title: "Old row versions pile up because purge may not remove them",
  needs: [
    mysqlOldestTransactionPurgeRows.id,
    mysqlOldestTransactionRows.id,
    "mysql-sessions",
    "RollbackSegmentHistoryListLength",
    "TransactionAgeMaximum",
  ],
  evaluate: (view) => {
    const [purge] = view.rows(mysqlOldestTransactionPurgeRows) ?? [];
    return purge === undefined ? historyFromOutside(view) : draftsOf(view, purge);
  },
});

/** Purge is always a little behind; from here on somebody holds it back, or it cannot follow. */
const noticeable = 10_000;
/** From here on every read of a changed row walks a long chain of versions, if it has come to stay. */
const harmful = 100_000;
/** Harmful in itself, however it came about. */
const alarming = 1_000_000;
const soonSeconds = 120;

function draftsOf(view: View, purge: MysqlPurgeRow): readonly FindingDraft[] {
  const { historyListLength: length, historyGrowthPerSecond: growth } = purge;
  const sight = purgeSight(view, purge);
  const { holder } = sight;
  const grows = (growth ?? 0) > 0;
  const nobody = holder === null && sight.candidates.length === 0;
  if (length < noticeable || (nobody && !grows && length < harmful)) return [];
  const suffers = hasComeToStay(view, purge, sight);
  return [
    {
      subject: "",
      severity: suffers ? "P2" : "P3",
      confidence: holder === null ? 0.6 : 0.85,
      summary: `${plural(length, "committed transaction")} left old row versions that wait to be purged (history list${growth === null ? "" : ` ${growth >= 0 ? "+" : ""}${rounded(growth)} a second`})${whoText(view, sight)}`,
      evidence: evidenceOf(purge, sight),
      explains: suffers ? symptoms : [],
      actions: holder === null || !suffers ? [] : endIdle(view, holder),
    },
  ];
}

/**
 * A second's growth is no growth: a load job makes a hundred thousand, and purge clears them after it. A view that has
 * kept so many for as long as it takes to be ended has, and so has a list that CloudWatch saw growing.
 */
function hasComeToStay(view: View, purge: MysqlPurgeRow, { holder, candidates }: PurgeSight): boolean {
  const { historyListLength: length, historyGrowthPerSecond: growth } = purge;
  if (length < harmful) return false;
  if (holder !== null && holder.keeps >= harmful && isForgotten(view, holder, growth)) return true;
  const series = metricFact(view, "RollbackSegmentHistoryListLength");
  const long = lastingFor(view, series, (value) => value >= harmful);
  if (series !== null && long !== null && series.latest > (series.points[0]?.value ?? series.latest))
    return true;
  // Purge that catches up with nobody in its way will be done soon.
  return length >= alarming && (holder !== null || candidates.length > 0 || growth === null || growth >= 0);
}

/** It is as old as what is ended, or idles beyond its limit while the list grows to what alarms within minutes. */
function isForgotten({ thresholds }: View, { row, keeps }: PurgeHolder, growth: number | null): boolean {
  if (row.ageSeconds >= thresholds.killCandidateSeconds) return true;
  const idles = row.state === "idle" && (row.idleSeconds ?? 0) >= thresholds.idleInTransactionSeconds;
  return idles && keeps + soonSeconds * (growth ?? 0) >= alarming;
}

const symptoms: FindingDraft["explains"] = [
  { cause: "io-saturated", because: "old versions are read and kept in undo" },
  { cause: "cpu-saturated", because: "reads walk long chains of old versions" },
  { cause: "storage-low", because: "undo cannot be cut back" },
  { cause: "table-bloat", because: "deleted rows stay until purge may remove them" },
];

function whoText(view: View, { holder, young, candidates, seen, readers }: PurgeSight): string {
  if (holder !== null) return `: ${describe(view, holder.row)} still needs them`;
  const [oldest] = candidates;
  if (oldest === undefined && !seen)
    return "; open transactions could not be seen, so who needs them is not known";
  if (oldest === undefined && readers.length > 0)
    return `; no old transaction of this instance holds them: one on a reader may (${list(readers)}), into which nobody looked`;
  if (oldest === undefined && young !== null)
    return `: ${describe(view, young)} needs them, and is not old yet`;
  if (oldest === undefined) return ", and no old transaction holds them";
  return `; ${describe(view, oldest)} may be what needs them, which was not proved`;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/proactive-insights.history-list.html */
const onReaders = {
  source: mysqlOldestTransactionPurgeRows.id,
  says: "Aurora's instances share one volume: what a reader still reads the writer may not purge; on each of them SELECT trx_started, trx_mysql_thread_id, trx_query FROM information_schema.INNODB_TRX ORDER BY trx_started LIMIT 5 tells",
};

function evidenceOf(
  purge: MysqlPurgeRow,
  { holder, candidates, readers }: PurgeSight,
): FindingDraft["evidence"] {
  const { undoBytes, purgeThreads, maxPurgeLag } = purge;
  const source = mysqlOldestTransactionPurgeRows.id;
  return [
    ...(undoBytes === null ? [] : [{ source, says: `undo tablespaces take ${bytesText(undoBytes)}` }]),
    { source, says: `${plural(purgeThreads, "purge thread")}, innodb_max_purge_lag ${maxPurgeLag}` },
    ...(holder === null ? candidateEvidence(candidates) : holderEvidence(holder)),
    ...(holder === null && readers.length > 0 ? [onReaders] : []),
  ];
}

const source = mysqlOldestTransactionRows.id;

function candidateEvidence(candidates: PurgeSight["candidates"]): FindingDraft["evidence"] {
  if (candidates.length === 0) return [];
  const named = list(candidates.map((row) => `${nameOf(row)} (${duration(row.ageSeconds)}, ${row.state})`));
  const says = `old transactions that may have a view of the data: ${named}; InnoDB does not say which has one that purge waits for, so none is proposed to be ended`;
  return [{ source, says }];
}

function describe(view: View, { ageSeconds, state, sessionId, user }: MysqlTransactionRow): string {
  const session = (view.sessions ?? []).find((one) => one.id === sessionId && one.user === user);
  const who = [
    session?.application && `app ${session.application}`,
    user && `user ${user}`,
    sessionId === null ? "no session" : `connection ${sessionId}`,
  ];
  return `1 transaction open for ${duration(ageSeconds)} (${who.filter((part) => part).join(", ")}, ${state})`;
}

function holderEvidence({ row, keeps, because, notAlone }: PurgeHolder): FindingDraft["evidence"] {
  const text = statementText(row.query);
  const says = `it reads at ${row.isolationLevel} and has changed ${plural(row.rowsModified, "row")}`;
  return [
    { source, says: `${because}: at least ${keeps} wait for it` },
    { source, says },
    ...(text === null ? [] : [{ source, says: `statement: ${text}` }]),
    ...(notAlone === null ? [] : [{ source, says: `ending it may not be enough: ${notAlone}` }]),
  ];
}

/**
 * Only a transaction that has been idle for longer than the kill threshold; a running one is somebody's work. Never
 * unasked: nobody waits, and purge may be stopped by somebody else (FLUSH TABLES … FOR EXPORT).
 */
function endIdle(view: View, holder: PurgeHolder): readonly ProposedAction[] {
  const { row, notAlone, proved } = holder;
  const { killCandidateSeconds } = view.thresholds;
  if (row.state !== "idle" || (row.idleSeconds ?? 0) < killCandidateSeconds) return [];
  const session = (view.sessions ?? []).find(({ id }) => id === row.sessionId);
  if (session === undefined || !sameOwner(session, row)) return [];
  return endSession(view, session, {
    frees: notAlone === null ? null : 0,
    longestWaitSeconds: null,
    also: [
      "purge can go on, which takes a while and some I/O",
      ...(notAlone === null ? [] : [`left to a person, because ${notAlone}`]),
      ...(proved ? [] : ["left to a person, because that it has this view follows by elimination only"]),
    ],
  });
}

function sameOwner({ user, state }: Session, holder: MysqlTransactionRow): boolean {
  return user === holder.user && (state === "idle" || state === "idle-in-transaction");
}
