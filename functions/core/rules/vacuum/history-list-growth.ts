import type { ProposedAction } from "../../contract/finding.ts";
import type { Session } from "../../contract/session.ts";
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
import { compare } from "../../text/compare.ts";
import { duration, plural, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

export const historyListGrowth = defineRule({
  id: "history-list-growth",
  spec: ["D4"],
  category: "vacuum",
  title: "Old row versions pile up because purge may not remove them",
  needs: [mysqlOldestTransactionPurgeRows.id, mysqlOldestTransactionRows.id, "mysql-sessions"],
  evaluate: (view) => {
    const [purge] = view.rows(mysqlOldestTransactionPurgeRows) ?? [];
    return purge === undefined ? [] : draftsOf(view, purge);
  },
});

/** Purge is always a little behind; from here on somebody holds it back, or it cannot follow. */
const noticeable = 10_000;
/** From here on every read of a changed row walks a long chain of versions. */
const harmful = 100_000;

function draftsOf(view: View, purge: MysqlPurgeRow): readonly FindingDraft[] {
  const { historyListLength: length, historyGrowthPerSecond: growth } = purge;
  const holder = oldestView(view);
  const grows = (growth ?? 0) > 0;
  if (length < noticeable || (holder === null && !grows && length < harmful)) return [];
  // Purge that catches up with nobody in its way will be done soon.
  const suffers = length >= harmful && (holder !== null || grows);
  return [
    {
      subject: "",
      severity: suffers ? "P2" : "P3",
      confidence: holder === null ? 0.6 : 0.85,
      summary: `${plural(length, "committed transaction")} left old row versions that wait to be purged (history list${growth === null ? "" : ` ${growth >= 0 ? "+" : ""}${rounded(growth)} a second`})${holder === null ? ", and no old transaction holds them" : `: ${describe(holder)} still needs them`}`,
      evidence: evidenceOf(purge, holder),
      explains: suffers ? symptoms : [],
      actions: holder === null || !suffers ? [] : endIdle(view, holder),
    },
  ];
}

const symptoms: FindingDraft["explains"] = [
  { cause: "io-saturated", because: "old versions are read and kept in undo" },
  { cause: "cpu-saturated", because: "reads walk long chains of old versions" },
  { cause: "storage-low", because: "undo cannot be cut back" },
  { cause: "table-bloat", because: "deleted rows stay until purge may remove them" },
];

function evidenceOf(purge: MysqlPurgeRow, holder: MysqlTransactionRow | null): FindingDraft["evidence"] {
  const { undoBytes, purgeThreads, maxPurgeLag } = purge;
  const source = mysqlOldestTransactionPurgeRows.id;
  return [
    ...(undoBytes === null ? [] : [{ source, says: `undo tablespaces take ${bytesText(undoBytes)}` }]),
    { source, says: `${plural(purgeThreads, "purge thread")}, innodb_max_purge_lag ${maxPurgeLag}` },
    ...(holder === null ? [] : holderEvidence(holder)),
  ];
}

/** The oldest transaction whose view of the data lasts; null when none is older than the threshold. */
function oldestView(view: View): MysqlTransactionRow | null {
  const { idleInTransactionSeconds } = view.thresholds;
  return (
    (view.rows(mysqlOldestTransactionRows) ?? [])
      .filter(({ keepsView, ageSeconds }) => keepsView && ageSeconds >= idleInTransactionSeconds)
      .toSorted((a, b) => b.ageSeconds - a.ageSeconds || compare(a.transactionId, b.transactionId))[0] ?? null
  );
}

function describe({ ageSeconds, state, sessionId, user }: MysqlTransactionRow): string {
  const who = [user && `user ${user}`, sessionId === null ? "no session" : `connection ${sessionId}`];
  return `1 transaction open for ${duration(ageSeconds)} (${who.filter((part) => part).join(", ")}, ${state})`;
}

function holderEvidence({
  isolationLevel,
  query,
  rowsModified,
}: MysqlTransactionRow): FindingDraft["evidence"] {
  const text = statementText(query);
  const says = `it reads at ${isolationLevel} and has changed ${plural(rowsModified, "row")}`;
  return [
    { source: mysqlOldestTransactionRows.id, says },
    ...(text === null ? [] : [{ source: mysqlOldestTransactionRows.id, says: `statement: ${text}` }]),
  ];
}

/** Only a transaction that has been idle for longer than the kill threshold; a running one is somebody's work. */
function endIdle(view: View, holder: MysqlTransactionRow): readonly ProposedAction[] {
  const { killCandidateSeconds } = view.thresholds;
  if (holder.state !== "idle" || (holder.idleSeconds ?? 0) < killCandidateSeconds) return [];
  const session = (view.sessions ?? []).find(({ id }) => id === holder.sessionId);
  return session === undefined || !sameOwner(session, holder) ? [] : endSession(view, session, relief);
}

function sameOwner({ user, state }: Session, holder: MysqlTransactionRow): boolean {
  return user === holder.user && (state === "idle" || state === "idle-in-transaction");
}

const relief = {
  frees: null,
  longestWaitSeconds: null,
  also: ["purge can go on, which takes a while and some I/O"],
};
