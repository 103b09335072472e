import type { Explanation } from "../../contract/explanation.ts";
import type { ProposedAction, Severity } from "../../contract/finding.ts";
import type { Session } from "../../contract/session.ts";
import { holdsUpApplier } from "../../facts/applier.ts";
import { queueProofs } from "../../facts/blocker-proofs.ts";
import { type Blocking, behindSubject, blockingOf } from "../../facts/blocking.ts";
import { explainsPressure } from "../../facts/capacity.ts";
import { freedBy, holdersWith } from "../../facts/freed-alone.ts";
import { ancestors, type LockGraph, type LockMember, subtree } from "../../facts/lock-graph.ts";
import type { LockQueue } from "../../facts/lock-queues.ts";
import { lockSource } from "../../facts/lock-source.ts";
import { longestPossible } from "../../facts/longest-wait.ts";
import { ripenessOf } from "../../facts/ripeness.ts";
import { isMany, severityOfBlocking } from "../../facts/severity.ts";
import type { View } from "../../facts/view.ts";
import { endsWithItsStatement } from "../../remedies/ends-with-its-statement.ts";
import { cancelStatement, endSession } from "../../remedies/remedies.ts";
import { untouchableBecause } from "../../remedies/untouchable.ts";
import {
  describeSession,
  duration,
  lockObject,
  plural,
  requestName,
  statementText,
} from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { waitersText } from "./blocker-draft.ts";
import { outsideTableWaits } from "./outside-table-waits-draft.ts";
import { secondBestDrafts } from "./second-best-draft.ts";

export const ddlLockQueue = defineRule({
  id: "ddl-lock-queue",
  spec: ["D4", "D8"],
  category: "locks",
  title: "A DDL waits for its lock and everybody queues behind it",
  needs: ["postgres-blocking", "mysql-row-locks", "mariadb-row-locks", "mysql-metadata-locks"],
  evaluate: (view) => {
    if (view.forests === null && view.sessions === null) return outsideTableWaits(view);
    const blocking = blockingOf(view);
    return [
      ...blocking.queues.flatMap((queue) => draftOf(view, blocking, queue)),
      ...secondBestDrafts(view, "ddl-lock-queue"),
    ];
  },
});

function draftOf(view: View, blocking: Blocking, queue: LockQueue): readonly FindingDraft[] {
  const { pivot, behind } = queue;
  if (pivot.session === null || pivot.waitsFor === null) return [];
  const { engine } = view.evidence.target;
  const protectedBy = untouchableBecause(pivot.session, view.policy);
  const holder = holderText(view, queue.holder);
  const fleeting = isFleeting(view, queue);
  const statement = statementText(pivot.session.query);
  const notes = [
    `waits for ${pivot.waitsFor.mode} of ${lockObject(pivot.waitsFor)}`,
    ...(statement === null ? [] : [`statement: ${statement}`]),
    `held by ${holder}; alone it would keep only the queued request waiting`,
    ...(protectedBy === null ? [] : [`the queued request is not touched: ${protectedBy}`]),
    ...waitersText(subtree(blocking.graph, pivot.key)),
  ];
  return [
    {
      subject: pivot.key,
      severity: severityOf(view, queue, fleeting),
      // Above every blocker's own, so that of two equal causes the DDL is dealt with first (D8).
      confidence: fleeting ? 0.5 : 0.96,
      summary: `A queued ${requestName(pivot.session.query)} (${describeSession(pivot.session, engine)}) has waited ${waitedText(queue)} for ${lockObject(pivot.waitsFor)}, held by ${holder}; ${plural(behind, "session queues", "sessions queue")} behind it, longest wait ${queue.longestWaitSeconds === null ? atMost(longestPossible(blocking.graph, pivot)) : duration(queue.longestWaitSeconds)}${fleeting ? justBegun(queue) : ""}`,
      evidence: notes.map((says) => ({ source: lockSource(view), says })),
      explains: explainsOf(view, blocking, queue),
      actions: fleeting ? [] : remedies(view, blocking.graph, queue, pivot.session),
    },
  ];
}

function severityOf(view: View, { behind }: LockQueue, fleeting: boolean): Severity {
  const maxConnections = view.server?.maxConnections ?? null;
  if (fleeting) return isMany(behind, maxConnections) ? "P2" : "P3";
  return severityOfBlocking({ blocked: behind, maxConnections });
}

function isFleeting(view: View, { waitedSeconds, longestWaitSeconds }: LockQueue): boolean {
  const waits = [waitedSeconds, longestWaitSeconds].filter((seconds) => seconds !== null);
  return waits.length > 0 && waits.every((seconds) => seconds < view.thresholds.slowQuerySeconds);
}

function justBegun({ waitedSeconds }: LockQueue): string {
  return waitedSeconds === null ? "; these have only just begun to wait" : "; it has only just begun";
}

/**
 * Whoever stands behind it came later, as a rule: it has waited for at least as long, and for no longer than it runs. On
 * MySQL and MariaDB a strong request passes who came before it.
 */
function waitedAtLeast({ pivot, waitedSeconds, longestWaitSeconds }: LockQueue): number | null {
  if (waitedSeconds !== null || longestWaitSeconds === null) return waitedSeconds;
  return Math.min(longestWaitSeconds, pivot.session?.statementSeconds ?? longestWaitSeconds);
}

function waitedText(queue: LockQueue): string {
  const seconds = waitedAtLeast(queue);
  if (seconds !== null) return `${queue.waitedSeconds === null ? "at least " : ""}${duration(seconds)}`;
  return atMost(queue.pivot.session?.statementSeconds ?? null);
}

/** The age of a statement bounds a wait that is not told. */
function atMost(seconds: number | null): string {
  return seconds === null ? duration(seconds) : `${duration(seconds)} at most`;
}

function holderText(view: View, holder: LockMember | null): string {
  if (holder === null) return "a session that could not be seen";
  if (holder.prepared !== null) return `prepared transaction ${holder.prepared.gid}`;
  if (holder.session === null) return "a session that is gone";
  const state = holder.session.state.replaceAll("-", " ");
  return `a session ${state} for ${duration(holder.session.stateSeconds)} (${describeSession(holder.session, view.evidence.target.engine)})`;
}

function explainsOf(view: View, blocking: Blocking, { pivot, behind }: LockQueue): readonly Explanation[] {
  const because = "without the queued request only that request would wait for it";
  const holders = ancestors(blocking.graph, pivot).map(({ key }) => key);
  const alone = blocking.blockers.filter(
    ({ member, harmlessAlone }) => holders.includes(member.key) && harmlessAlone,
  );
  return [
    ...alone.flatMap(({ member }): readonly Explanation[] => [
      { cause: "blocked-by-idle-transaction", subject: member.key, because },
      { cause: "blocked-by-running-query", subject: member.key, because },
      { cause: "explicit-lock-held", subject: member.key, because },
      { cause: "prepared-transaction-holding-locks", subject: member.key, because },
    ]),
    { cause: "long-running-query", subject: behindSubject(pivot), because: "they queue behind it" },
    ...holdsUpApplier(view, blocking.graph, pivot),
    ...explainsPressure(view, behind + 1, blocking.graph.waiters),
  ];
}

/** The queued request goes first; ending the holder instead only lets it through, so that comes second at best. */
function remedies(
  view: View,
  graph: LockGraph,
  queue: LockQueue,
  session: Session,
): readonly ProposedAction[] {
  const { behind, pivot, holder, longestWaitSeconds, waitedSeconds } = queue;
  const other =
    holder?.session === null || holder === null
      ? "the alternative is to finish what holds the lock, which lets the queued request through"
      : `the alternative is to end ${describeSession(holder.session, view.evidence.target.engine)}, which lets the queued request through`;
  const frees = freedBy(graph, pivot);
  const ripeness = ripenessOf(view, pivot, behind, graph.waiters, waitedAtLeast(queue));
  const relief = {
    frees,
    longestWaitSeconds,
    waitedSeconds,
    proofs: queueProofs(view, pivot, { graph, behind, frees, ripeness }),
    ...(ripeness.ripe ? {} : { tooYoung: ripeness.because }),
    also: [
      ...(frees === 0 ? ["another request like it stands before it, so that this alone frees nobody"] : []),
      `${/^(lock|flush)/i.test(requestName(session.query)) ? "its lock is not taken, or its flush not made," : "the schema change is not made"} and has to be repeated, with a lock timeout`,
      other,
    ],
  };
  const alone = holder === null || holdersWith(graph, holder) === 1;
  const inOrder = [
    cancelStatement(view, session, relief),
    endSession(view, session, relief),
    endHolder(view, holder, alone ? behind + 1 : 0, longestWaitSeconds),
  ];
  return inOrder.find((actions) => actions.length > 0) ?? [];
}

/** Only when the queued request itself must not be touched. */
function endHolder(
  view: View,
  holder: LockMember | null,
  frees: number,
  longestWaitSeconds: number | null,
): readonly ProposedAction[] {
  if (holder === null || holder.session === null || holder.waitsFor !== null) return [];
  const also = ["the queued request must not be touched; this lets it through"];
  const relief = { frees, longestWaitSeconds, also };
  return holder.session.state === "active" && endsWithItsStatement(view, holder.session)
    ? cancelStatement(view, holder.session, relief)
    : endSession(view, holder.session, relief);
}
