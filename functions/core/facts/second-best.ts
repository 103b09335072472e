import type { Session } from "../contract/session.ts";
import { mysqlOldestTransactionRows } from "../probes/mysql/oldest-transaction-rows.ts";
import { mysqlSessionsAloneRows } from "../probes/mysql/sessions-alone-rows.ts";
import { mysqlWaitCountersRows } from "../probes/mysql/wait-counters-rows.ts";
import { postgresLocksAloneRows } from "../probes/postgres/blocking/locks-alone-rows.ts";
import { mentions, tableIn } from "../text/table-in.ts";
import { lockObject, requestName } from "../text/wording.ts";
import { countBelow, type LockGraph, type LockMember, lockGraphOf } from "./lock-graph.ts";
import { unansweredLocks } from "./questions.ts";
import { looksLockBound } from "./running.ts";
import type { View } from "./view.ts";

/** Who waits as far as the next best view shows it, where the view of the locks themselves is shut or silent. */
export interface SecondBest {
  readonly source: string;
  /** What was looked at instead, in words. */
  readonly by: string;
  readonly waiters: number;
  readonly longestWaitSeconds: number | null;
  /** What most of them want, by the words of the first in line. */
  readonly object: string | null;
  readonly first: Session | null;
  /** Whether a strong request stands there, behind which others queue. */
  readonly isQueue: boolean;
  /** Open for as long as the first has waited, and not waiting itself. */
  readonly likelyHolder: Session | null;
  /** By pg_locks, which has the holder itself: so many wait for it, one behind the other too. Null by any other view. */
  readonly heldUp: number | null;
}

/** Null where the locks were seen, or nothing else was. No waiters are told only where everybody's sessions were seen. */
export function secondBestOf(view: View): SecondBest | null {
  const unanswered = unansweredLocks(view);
  if (unanswered.length === 0) return null;
  if (view.sessions !== null) {
    const source = view.evidence.target.engine === "postgres" ? "postgres-sessions" : "mysql-sessions";
    const sessions = withRowWaits(view, view.sessions);
    const waiting = sessions.filter((session) => waits(session, unanswered));
    const able = sessions.filter((session) => !hasLockedNothing(view, session));
    return bySessions(sessions, waiting, { source, by: "the states of its sessions" }, able);
  }
  const found = standIn(view);
  return found !== null && found.waiters > 0 ? found : null;
}

/** Sessions are hidden, and pg_locks, which is open to everybody, has nobody who waits. */
export function nobodyByLocksAlone(view: View): boolean {
  return view.sessions === null && view.rows(postgresLocksAloneRows)?.[0]?.waiters === 0;
}

function standIn(view: View): SecondBest | null {
  const [forest] = view.rows(postgresLocksAloneRows) ?? [];
  if (forest !== undefined) return byForest(lockGraphOf([forest]));
  const sessions = view.rows(mysqlSessionsAloneRows);
  const waiting = sessions?.filter((session) => looksLockBound(session)) ?? [];
  if (sessions !== null && waiting.length > 0) {
    return bySessions(sessions, waiting, {
      source: mysqlSessionsAloneRows.id,
      by: "the process list alone",
    });
  }
  const [counters] = view.rows(mysqlWaitCountersRows) ?? [];
  if (counters === undefined) return null;
  return {
    source: mysqlWaitCountersRows.id,
    by: "the server's counters",
    waiters: counters.rowLockWaits,
    longestWaitSeconds: null,
    object: counters.tables[0] ?? null,
    first: null,
    isQueue: false,
    likelyHolder: null,
    heldUp: null,
  };
}

/** Who waits for a row by InnoDB's list of transactions, whatever its thread's state says. */
function withRowWaits(view: View, sessions: readonly Session[]): readonly Session[] {
  const waits = (view.rows(mysqlOldestTransactionRows) ?? []).filter(({ state }) => state === "lock-wait");
  const waitOf = new Map(waits.map((wait) => [wait.sessionId, wait]));
  return sessions.map((session) => {
    const wait = waitOf.get(session.id);
    if (wait === undefined) return session;
    const statementSeconds = wait.waitSeconds ?? session.statementSeconds;
    return { ...session, waitEvent: "InnoDB lock", statementSeconds };
  });
}

/** Row locks show in InnoDB's list of transactions, everything else in a session's state. */
function waits(session: Session, unanswered: readonly string[]): boolean {
  if (session.own || !looksLockBound(session)) return false;
  const kind = session.waitEvent === "InnoDB lock" ? /-(row-locks|blocking)$/ : /-(metadata-locks|blocking)$/;
  return unanswered.some((id) => kind.test(id));
}

/** By InnoDB's list of transactions: this one, not one after it, has locked and changed no row. */
function hasLockedNothing(view: View, { id, transactionSeconds }: Session): boolean {
  const rows = view.rows(mysqlOldestTransactionRows) ?? [];
  return rows.some(
    ({ sessionId, rowsLocked, rowsModified, ageSeconds }) =>
      sessionId === id &&
      rowsLocked + rowsModified === 0 &&
      ageSeconds + clockSlackSeconds >= (transactionSeconds ?? 0),
  );
}

/** `able`: who may hold a row; a table's metadata is held by whoever has read it. */
function bySessions(
  sessions: readonly Session[],
  waiting: readonly Session[],
  where: Pick<SecondBest, "source" | "by">,
  able = sessions,
): SecondBest {
  const inOrder = waiting.toSorted((a, b) => waited(b) - waited(a) || a.id - b.id);
  const strong = inOrder.find(({ query }) => requestName(query) !== "lock request");
  const first = strong ?? inOrder[0] ?? null;
  const longest = inOrder[0];
  const object = first === null ? null : tableIn(first.query);
  return {
    ...where,
    waiters: waiting.length,
    longestWaitSeconds: longest === undefined ? null : waited(longest),
    object,
    first,
    isQueue: strong !== undefined && waiting.length > 1,
    likelyHolder:
      first === null
        ? null
        : holderOf(first.waitEvent === "InnoDB lock" ? able : sessions, waiting, first, object),
    heldUp: null,
  };
}

function waited({ statementSeconds, stateSeconds }: Session): number {
  return statementSeconds ?? stateSeconds ?? 0;
}

/** Clocks of two columns differ, and process lists count whole seconds. */
const clockSlackSeconds = 1;

/** Who has had a transaction, or a statement, open since before the first began to wait: the oldest, by its words. */
function holderOf(
  sessions: readonly Session[],
  waiting: readonly Session[],
  first: Session,
  object: string | null,
): Session | null {
  const table = object?.split(".").at(-1) ?? null;
  const open = (session: Session): number => session.transactionSeconds ?? session.statementSeconds ?? -1;
  const aboutIt = ({ query }: Session): number => Number(table !== null && mentions(query, table));
  const [oldest] = sessions
    .filter((session) => session.kind === "client" && !session.own && !waiting.includes(session))
    .filter((session) => open(session) + clockSlackSeconds >= waited(first))
    .toSorted((a, b) => aboutIt(b) - aboutIt(a) || open(b) - open(a) || a.id - b.id);
  return oldest ?? null;
}

/** pg_locks is open to everybody and tells locks and queues; only whose sessions they are stays hidden. */
function byForest(graph: LockGraph): SecondBest {
  const weight = (member: LockMember): number => countBelow(graph, member.key);
  const [root] = graph.roots.toSorted((a, b) => weight(b) - weight(a));
  const next = (root === undefined ? [] : (graph.children.get(root.key) ?? [])).toSorted(
    (a, b) => weight(b) - weight(a) || (a.waitsFor?.queuePosition ?? 0) - (b.waitsFor?.queuePosition ?? 0),
  )[0];
  const longest = [...graph.members.values()].map(({ waitsFor }) => waitsFor?.waitSeconds ?? null);
  const known = longest.filter((seconds) => seconds !== null);
  return {
    source: postgresLocksAloneRows.id,
    by: "pg_locks alone",
    waiters: graph.waiters,
    longestWaitSeconds: known.length === 0 ? null : Math.max(...known),
    object: next?.waitsFor ? lockObject(next.waitsFor) : null,
    first: next?.session ?? null,
    isQueue: next !== undefined && weight(next) > 0,
    likelyHolder: root?.session ?? null,
    heldUp: root === undefined ? null : weight(root),
  };
}
