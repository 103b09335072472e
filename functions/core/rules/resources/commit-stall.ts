import type { Explanation } from "../../contract/explanation.ts";
import type { Session } from "../../contract/session.ts";
import { blockingOf } from "../../facts/blocking.ts";
import { explainsPressure } from "../../facts/capacity.ts";
import { standingWait } from "../../facts/inside-wait.ts";
import { countBelow } from "../../facts/lock-graph.ts";
import { severityOfBlocking } from "../../facts/severity.ts";
import type { View } from "../../facts/view.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { postgresReplicationRows, type ReplicationRow } from "../../probes/postgres/replication-rows.ts";
import { waitKindOf } from "../../text/wait-kind.ts";
import { describeSession, duration, list, plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { waitFamilyDrafts } from "../wait-family-draft.ts";
import { logStallDrafts } from "./log-stall-draft.ts";
import { outsideCommitDrafts } from "./outside-commit-draft.ts";

/**
 * Commits that are made here and wait for a replica to confirm them. A signal does not undo one: "the transaction has
 * already committed locally, but might not have been replicated", and what was told to nobody is lost by the next
 * failover. So nobody is ended; what has to be mended is the replica, or the way to it.
 * https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION-HA
 * https://dev.mysql.com/doc/refman/8.4/en/replication-semisync.html
 */
export const commitStall = defineRule({
  id: "commit-stall",
  spec: ["D4", "A40"],
  category: "resources",
  title: "Commits wait for a replica to confirm them, or for the log to be written",
  needs: ["postgres-sessions", "mysql-sessions", "mysql-wait-profile", "mysql-innodb-rates", "CommitLatency"],
  evaluate: (view) => {
    if (view.sessions === null) return byWaits(view);
    const stalled = stalledCommits(view);
    const longest = Math.max(0, ...stalled.map(waited));
    if (longest >= view.thresholds.slowQuerySeconds) return [draftOf(view, stalled, longest)];
    if (stalled.length > 0) return [];
    const stalls = logStallDrafts(view);
    const isTold =
      view.evidence.target.engine === "postgres" || standingWait(view, waitNames.replica) !== null;
    return stalls.length === 0 && isTold ? byWaits(view) : stalls;
  },
});

function byWaits(view: View): readonly FindingDraft[] {
  const stream = waitFamilyDrafts(view, "commit-stall");
  return stream.length > 0 ? stream : outsideCommitDrafts(view);
}

function stalledCommits({ sessions }: View): readonly Session[] {
  return (sessions ?? [])
    .filter(
      ({ state, own, waitEvent }) =>
        state === "active" && !own && waitKindOf(waitEvent) === "commit-awaits-replica",
    )
    .toSorted((a, b) => waited(b) - waited(a) || a.id - b.id);
}

function waited({ statementSeconds, stateSeconds }: Session): number {
  return statementSeconds ?? stateSeconds ?? 0;
}

function draftOf(view: View, stalled: readonly Session[], longest: number): FindingDraft {
  const { graph } = blockingOf(view);
  const behind = stalled.reduce((sum, { id }) => sum + countBelow(graph, `session:${id}`), 0);
  const source = view.evidence.target.engine === "postgres" ? "postgres-sessions" : "mysql-sessions";
  const others =
    behind === 0 ? "" : `, and ${plural(behind, "session waits", "sessions wait")} for their locks`;
  return {
    subject: "",
    severity: severityOfBlocking({
      blocked: stalled.length + behind,
      maxConnections: view.server?.maxConnections ?? null,
    }),
    confidence: 0.9,
    summary: `${plural(stalled.length, "commit waits", "commits wait")} for ${replicaText(view)} to confirm ${stalled.length === 1 ? "it" : "them"}, the longest for ${duration(longest)}${others}; they are made here already, and nobody is ended for it`,
    evidence: [
      ...stalled.slice(0, 3).map((session) => ({
        source,
        says: `${describeSession(session, view.evidence.target.engine)}: waits on ${session.waitEvent} for ${duration(waited(session))}`,
      })),
      ...receiversText(view),
      {
        source: "engine",
        says: "to cancel or end such a session undoes nothing: its rows stay, its client gets no error, and a failover to the replica loses them; mend the replica (its instance, its storage, the network to it), and the commits end by themselves",
      },
    ],
    explains: stalled.flatMap(({ id }) => explained(id)).concat(pressure(view, stalled.length + behind)),
    actions: [],
  };
}

function explained(id: number): readonly Explanation[] {
  const subject = `session:${id}`;
  const because = "its commit waits for the replica, and keeps its locks meanwhile";
  return [
    { cause: "blocked-by-running-query", subject, because },
    { cause: "explicit-lock-held", subject, because },
    { cause: "hot-row-contention", subject, because },
    { cause: "long-running-query", subject, because },
    { cause: "long-running-query", subject: `behind:${subject}`, because },
  ];
}

function pressure(view: View, waiting: number): readonly Explanation[] {
  return explainsPressure(view, waiting, waiting);
}

/** The receiver that is counted on, and fewest bytes of the log have reached. */
function replicaText(view: View): string {
  const rows = view.rows(postgresReplicationRows);
  const [slowest] = countedOn(rows ?? []);
  if (slowest !== undefined) return `replica ${nameOf(slowest)}`;
  return rows === null ? "a replica" : "a replica that is not connected";
}

function countedOn(rows: readonly ReplicationRow[]): readonly ReplicationRow[] {
  return rows
    .filter(({ syncState }) => syncState === "sync" || syncState === "quorum")
    .toSorted((a, b) => (b.flushLagBytes ?? 0) - (a.flushLagBytes ?? 0) || a.pid - b.pid);
}

function nameOf({ application, client }: ReplicationRow): string {
  return [application, client].filter((part) => part !== null).join(" at ") || "without a name";
}

function receiversText(view: View): FindingDraft["evidence"] {
  const rows = view.rows(postgresReplicationRows);
  if (rows === null) return [];
  const says = countedOn(rows).map(
    (row) =>
      `${nameOf(row)} (${row.state ?? "state not known"}, last reply ${duration(row.lastReplySeconds)} ago)`,
  );
  return [
    {
      source: postgresReplicationRows.id,
      says:
        says.length === 0
          ? "no receiver that commits wait for is connected"
          : `commits wait for ${list(says)}`,
    },
  ];
}
