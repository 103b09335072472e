import type { Session } from "../contract/session.ts";
import { compare } from "../text/compare.ts";
import type { Blocking } from "./blocking.ts";
import { capacityOf, explainsPressure } from "./capacity.ts";
import type { LockMember } from "./lock-graph.ts";
import { isProtectedUser } from "./protected.ts";
import type { View } from "./view.ts";

/** Sessions of applications that run a statement; the server's own and the responder's are left out. */
export function runningStatements(view: View, blocking: Blocking): readonly Session[] {
  const inForest = [...blocking.graph.members.values()].map(({ session }) => session);
  const sessions = view.sessions ?? inForest.filter((session) => session !== null);
  return [...sessions]
    .filter(
      (session) =>
        session.kind === "client" &&
        session.state === "active" &&
        !session.own &&
        !isProtectedUser(session, view.policy),
    )
    .toSorted((a, b) => (b.statementSeconds ?? -1) - (a.statementSeconds ?? -1) || a.id - b.id);
}

/** The lock that a session waits for, when it is in a forest. */
export function waitOf(blocking: Blocking, session: Session): LockMember | null {
  const member = blocking.graph.members.get(`session:${session.id}`);
  return member === undefined || member.waitsFor === null ? null : member;
}

/**
 * Whether its wait event says that it waits for a lock, for waiters that the forest only counted.
 * PostgreSQL says "Lock: …", MySQL "… lock …" in wait/lock/… or the state of the process list.
 */
export function looksLockBound({ waitEvent }: Session): boolean {
  return (
    waitEvent !== null &&
    /^(lock\b|InnoDB lock|User lock)|wait\/lock\/|waiting for .*(lock|flush)|lock wait/i.test(waitEvent)
  );
}

/** Metrics whose alarm says that the database works too hard, rather than that it waits. */
const loadMetrics = [
  "CPUUtilization",
  "DBLoad",
  "DBLoadCPU",
  "DBLoadNonCPU",
  "DBLoadRelativeToNumVCPUs",
  "DiskQueueDepth",
  "ReadIOPS",
  "ReadLatency",
  "ReadThroughput",
  "WriteIOPS",
  "WriteLatency",
  "WriteThroughput",
];

/**
 * What suffers from so many long statements; null when nothing does. A pool that is full of others is no reason
 * to end one report: the statements must be what fills it.
 */
export function pressureOn(view: View, statements: number): string | null {
  const capacity = capacityOf(view);
  if (capacity !== null && explainsPressure(view, statements, statements).length > 0) {
    return `${statements} of ${capacity.used} connections run such statements, with ${capacity.usable} usable`;
  }
  const { signal } = view.evidence;
  const alarming = (signal?.state === "ALARM" ? signal.metrics : [])
    .map(({ name }) => name)
    .filter((name) => loadMetrics.includes(name))
    .toSorted(compare)[0];
  return alarming === undefined ? null : `the alarm on ${alarming} is on`;
}
