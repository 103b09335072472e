import type { Session } from "../../contract/session.ts";
import { type Blocking, behindSubject, blockingOf } from "../../facts/blocking.ts";
import { explainsPressure } from "../../facts/capacity.ts";
import { carriedLoad } from "../../facts/carried-load.ts";
import { culpritOf } from "../../facts/lock-queues.ts";
import { areRequests, looksPatient, waitsPatiently } from "../../facts/patient-waits.ts";
import { isProtectedApplication } from "../../facts/protected.ts";
import { looksLockBound, runningStatements, slotsTaken, waitOf } from "../../facts/running.ts";
import { groupedByClient } from "../../facts/same-client.ts";
import { temporaryEater } from "../../facts/temporary-eater.ts";
import type { View } from "../../facts/view.ts";
import { cancelStatement } from "../../remedies/remedies.ts";
import { leftAloneBecause } from "../../remedies/untouchable.ts";
import { compare } from "../../text/compare.ts";
import { describeSession, duration, plural, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { waitFamilyDrafts } from "../wait-family-draft.ts";
import { outsideClients } from "./outside-clients-draft.ts";

/** Statements told one by one; a hundred reports at once are told as a number. */
const toldApart = 5;

export const longRunningQuery = defineRule({
  id: "long-running-query",
  spec: ["D4"],
  category: "queries",
  title: "A statement has run for very long",
  needs: ["postgres-sessions", "mysql-sessions"],
  evaluate: (view) => {
    if (view.sessions === null) return outsideDrafts(view);
    const blocking = blockingOf(view);
    const long = runningStatements(view, blocking).filter(
      ({ statementSeconds }) => (statementSeconds ?? 0) >= view.thresholds.longRunningSeconds,
    );
    const waits = (session: Session): boolean =>
      waitOf(blocking, session) !== null || looksLockBound(session);
    const working = long.filter((session) => !waits(session));
    const groups = groupedByClient(working, (session) => blocksOthers(blocking, session));
    if (long.length === 0) return waitFamilyDrafts(view, "long-running-query");
    return [
      ...groups.slice(0, toldApart).map((group) => workingDraft(view, blocking, group, working.length)),
      ...othersDraft(view, groups.slice(toldApart).flat(), working.length),
      ...waitingDrafts(view, blocking, long.filter(waits)),
    ];
  },
});

/** A statement that hands out all it finds says more of clients that take it slowly. */
function outsideDrafts(view: View): readonly FindingDraft[] {
  return outsideClients(view).length > 0 ? [] : waitFamilyDrafts(view, "long-running-query");
}

type Group = readonly [Session, ...Session[]];

function workingDraft(view: View, blocking: Blocking, group: Group, count: number): FindingDraft {
  const [session] = group;
  const spared = isProtectedApplication(session, view.policy);
  const load = carriedLoad(view, session);
  const pressure = spared ? null : (slotsTaken(view, count) ?? load?.says ?? null);
  const blocks = blocksOthers(blocking, session);
  const statement = statementText(session.query);
  return {
    subject: `session:${session.id}`,
    severity: load?.severity ?? (pressure === null ? "P3" : "P2"),
    confidence: spared ? 0.3 : pressure === null ? 0.5 : 0.6,
    summary: `${whoRuns(view, group)}; ${verdict(view, session, { spared, blocks, pressure })}`,
    evidence: [
      ...(statement === null ? [] : [{ source: source(view), says: `statement: ${statement}` }]),
      ...(session.waitEvent === null
        ? []
        : [{ source: source(view), says: `waits on ${session.waitEvent}` }]),
    ],
    explains: [...(pressure === null ? [] : explainsPressure(view, count, count)), ...(load?.explains ?? [])],
    // A statement that blocks others is judged, and ended, for that; not a second time for its age.
    actions: pressure === null || blocks ? [] : cancelOldest(view, group, pressure),
  };
}

function whoRuns(view: View, [session, ...alike]: Group): string {
  const longest = `${duration(session.statementSeconds ?? 0)} (${describeSession(session, view.evidence.target.engine)})`;
  return alike.length === 0
    ? `1 statement running for ${longest}`
    : `${alike.length + 1} times the same statement of one client running, the longest for ${longest}`;
}

/** As many as the gate lets one incident end, the oldest first. */
function cancelOldest(view: View, group: Group, pressure: string): FindingDraft["actions"] {
  const { killCandidateSeconds } = view.thresholds;
  const due = group.filter(({ statementSeconds }) => (statementSeconds ?? 0) >= killCandidateSeconds);
  const first = due.slice(0, Math.min(toldApart, view.policy.maxSessionsPerIncident));
  const others = group.length - 1;
  const also = [
    `it is proposed because ${pressure}`,
    ...(others === 0
      ? []
      : [
          `it is one of ${group.length} that run the same: ${first.length} are proposed here, and ${plural(group.length - first.length, "runs", "run")} on`,
        ]),
  ];
  return first.flatMap((session) =>
    cancelStatement(view, session, { frees: null, longestWaitSeconds: null, also }),
  );
}

function blocksOthers({ blockers }: Blocking, { id }: Session): boolean {
  return blockers.some(({ member }) => member.key === `session:${id}`);
}

function verdict(
  view: View,
  session: Session,
  { spared, blocks, pressure }: { spared: boolean; blocks: boolean; pressure: string | null },
): string {
  if (spared)
    return "its application is on the protected list (policy.protectedApplications), so it is left alone";
  if (blocks) return "others wait for its locks";
  if (pressure !== null) return pressure;
  const alone = leftAloneBecause(session);
  if (alone !== null) return `it is left alone: ${alone}`;
  const eater = temporaryEater(view);
  if (eater?.session.id === session.id) return `its temporary tables take ${eater.share}`;
  return view.evidence.signal?.state === "ALARM"
    ? "nobody waits for it, and it is not seen at work on what the alarm is about"
    : "nobody waits for it and nothing is short";
}

function othersDraft(view: View, others: readonly Session[], count: number): readonly FindingDraft[] {
  if (others.length === 0) return [];
  const pressure =
    slotsTaken(view, count) ?? others.map((session) => carriedLoad(view, session)).find(Boolean);
  const { longRunningSeconds } = view.thresholds;
  return [
    {
      subject: "others",
      severity: pressure == null ? "P3" : "P2",
      confidence: 0.5,
      summary: `${plural(others.length, "more statement")} running for over ${duration(longRunningSeconds)}, each for ${duration(others[0]?.statementSeconds ?? null)} or less`,
      evidence: [{ source: source(view), says: `${plural(others.length, "session")} not told one by one` }],
      explains: [],
      actions: [],
    },
  ];
}

/** One finding for all that wait behind the same session: the symptom that its blocker explains. */
function waitingDrafts(view: View, blocking: Blocking, waiting: readonly Session[]): readonly FindingDraft[] {
  const culpritBehind = (session: Session) => {
    const member = waitOf(blocking, session);
    return member === null ? null : culpritOf(blocking.graph, blocking.queues, member);
  };
  const bySubject = Map.groupBy(waiting, (session) => {
    const culprit = culpritBehind(session);
    return culprit === null ? unattributed(blocking) : behindSubject(culprit);
  });
  return [...bySubject]
    .toSorted(([a], [b]) => compare(a, b))
    .map(([subject, sessions]) => ({
      subject,
      severity:
        sessions.every((session) => isPatient(blocking, session)) &&
        !areRequests(view, sessions.map(culpritBehind)[0]?.session ?? null, sessions)
          ? "P3"
          : "P2",
      isEffect: true,
      confidence: 0.8,
      summary: `${plural(sessions.length, "statement has", "statements have")} run for over ${duration(view.thresholds.longRunningSeconds)} because ${sessions.length === 1 ? "it waits" : "they wait"} for a lock, the longest for ${duration(sessions[0]?.statementSeconds ?? null)}`,
      evidence: sessions.slice(0, toldApart).map((session) => ({
        source: source(view),
        says: `${describeSession(session, view.evidence.target.engine)}: ${duration(session.statementSeconds)}`,
      })),
      explains: [],
      actions: [],
    }));
}

function isPatient(blocking: Blocking, session: Session): boolean {
  const member = waitOf(blocking, session);
  return member === null ? looksPatient(session) : waitsPatiently(member);
}

/** Waiters that the forest left out wait behind its one blocker, when it has only one. */
function unattributed({ blockers, queues }: Blocking): string {
  const [only] = blockers;
  return only !== undefined && blockers.length === 1 && queues.length === 0
    ? behindSubject(only.member)
    : "behind:unknown";
}

function source(view: View): string {
  return view.evidence.target.engine === "postgres" ? "postgres-sessions" : "mysql-sessions";
}
