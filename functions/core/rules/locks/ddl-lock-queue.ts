import type { Explanation } from "../../contract/explanation.ts";
import type { Severity } from "../../contract/finding.ts";
import { holdsUpApplier } from "../../facts/applier.ts";
import { type Blocking, behindSubject, blockingOf } from "../../facts/blocking.ts";
import { explainsPressure } from "../../facts/capacity.ts";
import { ancestors, type LockMember, subtree } from "../../facts/lock-graph.ts";
import type { LockQueue } from "../../facts/lock-queues.ts";
import { lockSource } from "../../facts/lock-source.ts";
import { longestPossible } from "../../facts/longest-wait.ts";
import { isMany, severityOfBlocking } from "../../facts/severity.ts";
import type { View } from "../../facts/view.ts";
import { queueRemedies, waitedAtLeast } from "../../remedies/queue-remedies.ts";
import { untouchableBecause } from "../../remedies/untouchable.ts";
import { idleText } from "../../text/idle-text.ts";
import {
  describeSession,
  duration,
  lockObject,
  plural,
  requestName,
  statementText,
} from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { waitFamilyDrafts } from "../wait-family-draft.ts";
import { waitersText } from "./blocker-draft.ts";
import { loggedQueueDrafts } from "./logged-queue-draft.ts";
import { outsideTableWaits } from "./outside-table-waits-draft.ts";
import { secondBestDrafts } from "./second-best-draft.ts";

export const ddlLockQueue = defineRule({
  id: "ddl-lock-queue",
  spec: ["D4", "D8"],
  category: "locks",
  title: "A DDL waits for its lock and everybody queues behind it",
  needs: ["postgres-blocking", "mysql-row-locks", "mariadb-row-locks", "mysql-metadata-locks"],
  evaluate: (view) => {
    if (view.forests === null && view.sessions === null) {
      const logged = loggedQueueDrafts(view);
      if (logged.length > 0) return logged;
      return [...outsideTableWaits(view, "ddl-lock-queue"), ...waitFamilyDrafts(view, "ddl-lock-queue")];
    }
    const blocking = blockingOf(view);
    return [
      ...blocking.queues.flatMap((queue) => draftOf(view, blocking, queue)),
      ...secondBestDrafts(view, "ddl-lock-queue"),
    ];
  },
});

function draftOf(view: View, blocking: Blocking, queue: LockQueue): readonly FindingDraft[] {
  const { pivot } = queue;
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
      summary: `A queued ${requestName(pivot.session.query)} (${describeSession(pivot.session, engine)}) has waited ${waitedText(queue)} for ${lockObject(pivot.waitsFor)}, held by ${holder}; ${behindText(queue)}, longest wait ${queue.longestWaitSeconds === null ? atMost(longestPossible(blocking.graph, pivot)) : duration(queue.longestWaitSeconds)}${fleeting ? justBegun(queue) : ""}`,
      evidence: notes.map((says) => ({ source: lockSource(view), says })),
      explains: explainsOf(view, blocking, queue),
      actions: fleeting ? [] : queueRemedies(view, blocking.graph, queue, pivot.session),
    },
  ];
}

/** Whoever wants what its transaction has locked already stands in another line than who queues for what it waits for. */
function behindText({ behind, underItsLocks: under }: LockQueue): string {
  const queueing = behind - (under?.sessions ?? 0);
  return [
    ...(under === null
      ? []
      : [
          `${plural(under.sessions, "session waits", "sessions wait")} for ${lockObject(under.wait)}, which it has locked already`,
        ]),
    ...(queueing === 0 ? [] : [`${plural(queueing, "session queues", "sessions queue")} behind it`]),
  ].join(", and ");
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
  const { session } = holder;
  const doing =
    session.state === "active"
      ? `active for ${duration(session.stateSeconds)}`
      : idleText(session, view.thresholds.slowQuerySeconds);
  return `a session ${doing} (${describeSession(session, view.evidence.target.engine)})`;
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
