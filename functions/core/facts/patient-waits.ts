import type { Session } from "../contract/session.ts";
import { type LockGraph, type LockMember, subtree } from "./lock-graph.ts";
import { isMany } from "./severity.ts";
import type { View } from "./view.ts";

/**
 * Waits that are meant to be long. CREATE INDEX CONCURRENTLY and its like wait for every transaction that may still see
 * the old state, by its virtual transaction. Advisory and named locks are asked for to stand by: for the leader to
 * fail, for the other run of a job to end. That is how they work, for days if need be.
 * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 * https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 * https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
 */
export function waitsPatiently(member: LockMember): boolean {
  return waitsForOlderTransactions(member) || member.waitsFor?.objectKind === "advisory";
}

function waitsForOlderTransactions({ waitsFor }: LockMember): boolean {
  return waitsFor?.objectKind === "transaction" && waitsFor.object.startsWith("virtual transaction ");
}

/** The same by its wait event, for a waiter that no forest shows. */
export function looksPatient({ waitEvent }: Session): boolean {
  return waitEvent !== null && /^(Lock\/(advisory|virtualxid)$|User lock)/i.test(waitEvent);
}

/** Nobody waits below this member but such a one. */
export function keepsOnlyPatientOnes(graph: LockGraph, { key, hidden }: LockMember): boolean {
  return hidden === 0 && subtree(graph, key).every((member) => waitsPatiently(member) && member.hidden === 0);
}

/** Its end would serve only those who stand by; whoever waits for these in turn waits for them, and not for it. */
export function isWaitedForOnPurpose(graph: LockGraph, { key }: LockMember): boolean {
  const direct = graph.children.get(key) ?? [];
  return direct.length > 0 && direct.every(({ waitsFor }) => waitsFor?.objectKind === "advisory");
}

/** A client stands by with one connection, or two while it is renewed. */
const standbysOfClient = 2;

/**
 * So many of one user that it has few left for anything else, or that several are of each client: they are its requests,
 * and none who stand by. An election has a standby for each of its clients, on a connection kept for it. How long they have
 * waited tells nothing: behind one that hangs all grow old together.
 */
export function areRequests({ connections, server }: View, waiting: readonly Session[]): boolean {
  const many = (count: number): boolean => isMany(count, server?.maxConnections ?? null);
  return [...Map.groupBy(waiting, ({ user }) => user)].some(([user, sessions]) => {
    const has = (connections ?? []).reduce((sum, group) => sum + (group.user === user ? group.count : 0), 0);
    const clients = [...Map.groupBy(sessions, ({ client }) => client).values()];
    const beyond = clients.reduce((sum, { length }) => sum + Math.max(0, length - standbysOfClient), 0);
    return many(sessions.length) && (2 * sessions.length >= has || many(beyond));
  });
}
