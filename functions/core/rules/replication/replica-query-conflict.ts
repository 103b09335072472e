import type { ProposedAction } from "../../contract/finding.ts";
import type { Session } from "../../contract/session.ts";
import { replaySuspects, replayWaitsFor } from "../../facts/replay-wait.ts";
import type { View } from "../../facts/view.ts";
import {
  postgresReplicationReceiverRows,
  type ReplicationReceiverRow,
} from "../../probes/postgres/replication-receiver-rows.ts";
import { cancelStatement, endSession } from "../../remedies/remedies.ts";
import { keepRows } from "../../remedies/standby-remedies.ts";
import { compare } from "../../text/compare.ts";
import { describeSession, duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { cancelledDraft } from "./cancelled-queries-draft.ts";

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
  // What is cancelled is an error of its user; that replay waits meanwhile may be how a standby works.
  evaluate: (view) =>
    [...waitingDraft(view), ...cancelledDraft(view)]
      .toSorted((a, b) => compare(a.severity, b.severity))
      .slice(0, 1),
});

function waitingDraft(view: View): readonly FindingDraft[] {
  const standby = replayingStandby(view);
  const wait = replayWaitsFor(view);
  if (standby === null || wait === null) return [];
  const { sessions: suspects, proved } = replaySuspects(view);
  const behind = standby.lagSeconds;
  const late = (behind ?? 0) >= view.thresholds.replicationLagSeconds;
  // On any server somebody's snapshot is the oldest: what is younger than the lag has not made it.
  const [oldest] = suspects;
  const blamed = (oldest?.transactionSeconds ?? 0) >= (behind ?? 0) / 2 ? oldest : undefined;
  // One after another they keep it waiting; in passing, it is how a standby works.
  const matters = blamed !== undefined || wait.lasts;
  const ended = late && blamed !== undefined ? remedies(view, suspects, proved) : [];
  const kept = late && matters && wait.forRows ? keepRows(view, "snapshot") : [];
  return [
    {
      subject: "",
      severity: late && matters ? "P2" : "P3",
      confidence: confidenceOf(matters, blamed),
      summary: `Replay on this standby waits for ${culpritText(blamed)}: ${wait.says}; it is ${duration(behind)} behind`,
      evidence: [
        { source: "postgres-wait-profile", says: wait.says },
        ...suspects.slice(0, 3).map((session) => ({
          source: "postgres-sessions",
          says: `${describeSession(session, "postgres")}: transaction of ${duration(session.transactionSeconds)}`,
        })),
      ],
      explains: matters ? explained(blamed) : [],
      actions: [...ended, ...kept],
    },
  ];
}

function replayingStandby(view: View): ReplicationReceiverRow | null {
  const [standby] = view.rows(postgresReplicationReceiverRows) ?? [];
  if (standby === undefined || standby.replayPaused || (standby.replayLagBytes ?? 0) === 0) return null;
  return standby;
}

function culpritText(blamed: Session | undefined): string {
  if (blamed === undefined) return "queries on it";
  const what = blamed.state === "active" ? "a query" : "an open transaction";
  return `${what} of ${duration(blamed.transactionSeconds)} (${describeSession(blamed, "postgres")})`;
}

function confidenceOf(matters: boolean, blamed: Session | undefined): number {
  if (!matters) return 0.6;
  return blamed === undefined ? 0.7 : 0.85;
}

function explained(blamed: Session | undefined): FindingDraft["explains"] {
  return [
    { cause: "replication-lag", subject: "", because: "replay waits until the query ends" },
    ...(blamed === undefined ? [] : [blamed.id]).map((id) => ({
      cause: "long-running-query" as const,
      subject: `session:${id}`,
      because: "it is the query that replay waits for",
    })),
  ];
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
