import type { Session } from "../contract/session.ts";
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

/**
 * Whether so many long statements are what fills the connection slots; null when they are not. A pool that is full of
 * others is no reason to end one report.
 */
export function slotsTaken(view: View, statements: number): string | null {
  const capacity = capacityOf(view);
  if (capacity === null || explainsPressure(view, statements, statements).length === 0) return null;
  return `${statements} of ${capacity.used} connections run such statements, with ${capacity.usable} usable`;
}
