import type { ProposedAction } from "../../contract/finding.ts";
import type { Session } from "../../contract/session.ts";
import { recentLogHits } from "../../facts/log-lines.ts";
import { lasts, xminHolders } from "../../facts/old-xmin.ts";
import type { View } from "../../facts/view.ts";
import { waitShare } from "../../facts/workload.ts";
import { postgresDatabaseRatesRows } from "../../probes/postgres/database-rates-rows.ts";
import { postgresReplicationReceiverRows } from "../../probes/postgres/replication-receiver-rows.ts";
import { changeParameter } from "../../remedies/aws/parameter-remedies.ts";
import { cancelStatement, endSession } from "../../remedies/remedies.ts";
import { describeSession, duration, plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

/**
 * On a standby a query can need rows, or hold a lock, that replay has to remove. Replay waits for it, up to
 * max_standby_streaming_delay: lag. Then the query is cancelled: an error for its user.
 * https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT
 */
export const replicaQueryConflict = defineRule({
  id: "replica-query-conflict",
  spec: ["D4", "P7", "P12"],
  category: "replication",
  title: "Queries on a standby and its replay are in each other's way",
  needs: [
    "postgres-wait-profile",
    "postgres-database-rates",
    "postgres-replication-receiver",
    "postgres-oldest-xmin",
  ],
  evaluate: (view) => [...waitingDraft(view), ...cancelledDraft(view)].slice(0, 1),
});

function waitingDraft(view: View): readonly FindingDraft[] {
  const standby = view.rows(postgresReplicationReceiverRows)?.[0];
  if (standby === undefined || standby.replayPaused || (standby.replayLagBytes ?? 0) === 0) return [];
  const how = replayWaitsFor(view);
  if (how === null) return [];
  const { sessions: suspects, proved } = suspectsOf(view);
  const [first] = suspects;
  const behind = standby.lagSeconds;
  const late = (behind ?? 0) >= view.thresholds.replicationLagSeconds;
  // On any server somebody's snapshot is the oldest: what is younger than the lag has not made it.
  const long = (first?.transactionSeconds ?? 0) >= (behind ?? 0) / 2;
  const culprit =
    first === undefined
      ? "a query on it"
      : `${first.state === "active" ? "a query" : "an open transaction"} of ${duration(first.transactionSeconds)} (${describeSession(first, "postgres")})`;
  return [
    {
      subject: "",
      severity: late ? "P2" : "P3",
      confidence: first === undefined ? 0.7 : 0.85,
      summary: `Replay on this standby waits for ${culprit}: ${how}; it is ${duration(behind)} behind`,
      evidence: [
        { source: "postgres-wait-profile", says: how },
        ...suspects.slice(0, 3).map((session) => ({
          source: "postgres-sessions",
          says: `${describeSession(session, "postgres")}: transaction of ${duration(session.transactionSeconds)}`,
        })),
      ],
      explains: [
        { cause: "replication-lag", subject: "", because: "replay waits until the query ends" },
        ...suspects.slice(0, 1).map(({ id }) => ({
          cause: "long-running-query" as const,
          subject: `session:${id}`,
          because: "it is the query that replay waits for",
        })),
      ],
      actions: late ? [...remedies(view, suspects, proved && long), ...settings(view)] : [],
    },
  ];
}

/** What the startup process was seen waiting for; a lock that it waits for is shown in the forest. */
function replayWaitsFor(view: View): string | null {
  const seen = waitShare(view, ({ name }) => name.includes(":RecoveryConflict"));
  if (seen !== null && seen.percent > 0) return "a query still needs rows that were removed on the primary";
  const nodes = (view.forests ?? []).flatMap((forest) => forest.nodes);
  const startup = nodes.find(({ session, waitsFor }) => session?.kind === "system" && waitsFor !== null);
  return startup?.waitsFor == null
    ? null
    : `it holds a lock on ${startup.waitsFor.object} that replay must have alone`;
}

interface Suspects {
  readonly sessions: readonly Session[];
  /** Nobody sees as far back as the first: whoever else is in the way, it is. */
  readonly proved: boolean;
}

/**
 * Rows that the primary removed are in the way of who sees them: whose snapshot is the oldest, however young the
 * transaction, and nobody who has none (an idle READ COMMITTED transaction). Where that is not known, or a lock is
 * waited for, the oldest transaction is the likeliest.
 * https://github.com/postgres/postgres/blob/master/src/backend/storage/ipc/procarray.c (GetConflictingVirtualXIDs)
 */
function suspectsOf(view: View): Suspects {
  const [first, ...others] = waitsForSnapshot(view) ? (xminHolders(view) ?? []) : [];
  if (first?.session == null || first.session.kind !== "client" || first.session.own)
    return { sessions: oldestOf(view), proved: false };
  const sessions = [first.session, ...oldestOf(view).filter(({ id }) => id !== first.session?.id)];
  // Of which database the rows are is not told, and a snapshot of another is in nobody's way.
  const { xminAge, database } = first.row;
  const proved = others
    .filter((other) => lasts(view, other))
    .every(({ row }) => row.xminAge < xminAge && row.database === database);
  return { sessions, proved };
}

function waitsForSnapshot(view: View): boolean {
  const seen = waitShare(view, ({ name }) => name.endsWith(":RecoveryConflictSnapshot"));
  return seen !== null && seen.percent > 0;
}

function oldestOf(view: View): readonly Session[] {
  return (view.sessions ?? [])
    .filter(({ kind, own, transactionSeconds }) => kind === "client" && !own && transactionSeconds !== null)
    .toSorted((a, b) => (b.transactionSeconds ?? 0) - (a.transactionSeconds ?? 0) || a.id - b.id);
}

/** Only when its snapshot is the oldest, or no other transaction nearly as old: the wrong one would be ended for nothing. */
function remedies(
  view: View,
  [first, second]: readonly Session[],
  proved: boolean,
): readonly ProposedAction[] {
  const age = first?.transactionSeconds ?? 0;
  if (first === undefined || age < view.thresholds.slowQuerySeconds) return [];
  if (!proved && second !== undefined && (second.transactionSeconds ?? 0) > 0.5 * age) return [];
  const relief = {
    frees: null,
    longestWaitSeconds: null,
    also: ["replay goes on; the report has to be run again, or on the primary"],
  };
  return first.state === "active" ? cancelStatement(view, first, relief) : endSession(view, first, relief);
}

function settings(view: View): readonly ProposedAction[] {
  return [
    changeParameter(
      view,
      { id: "change-parameters", spec: "A24", name: "hot_standby_feedback", value: "1" },
      "The primary then keeps the rows that queries here still need: no more conflicts over rows, more bloat there.",
    ),
  ];
}

/** Users who got an error: "canceling statement due to conflict with recovery". */
function cancelledDraft(view: View): readonly FindingDraft[] {
  const rows = view.rows(postgresDatabaseRatesRows) ?? [];
  const now = rows.reduce((sum, { conflicts }) => sum + (conflicts ?? 0), 0);
  const logged = recentLogHits(view.evidence, {
    levels: ["ERROR", "FATAL"],
    says: /^(?:canceling statement|terminating connection) due to conflict with recovery/,
  });
  if (now === 0 && logged === null) return [];
  const seconds = Math.max(0, ...rows.map(({ intervalSeconds }) => intervalSeconds));
  const says =
    logged === null
      ? `${plural(now, "query was", "queries were")} cancelled within ${duration(seconds)}`
      : `${plural(logged.count, "query was", "queries were")} cancelled in the last 15 min, the last ${duration(logged.newestAgeSeconds)} ago`;
  return [
    {
      subject: "",
      // One a quarter of an hour is how hot standby works; many are somebody's broken reports.
      severity: now > 0 || (logged?.count ?? 0) >= 3 ? "P2" : "P3",
      confidence: 0.85,
      summary: `Queries on this standby fail because of replay: ${says}`,
      evidence: [{ source: logged === null ? postgresDatabaseRatesRows.id : "error log", says }],
      explains: [],
      actions: settings(view),
    },
  ];
}
