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

/** No request waits for so long; who stands by does for days. */
const longestRequestSeconds = 3600;

/**
 * So many of one application that it has few left for anything else: they are its requests, and none who stand by. An
 * election has a standby or two for each of its clients, on connections kept for it.
 */
export function areRequests({ connections, server }: View, waiting: readonly Session[]): boolean {
  const many = ({ length }: readonly Session[]): boolean => isMany(length, server?.maxConnections ?? null);
  const recent = waiting.filter(({ statementSeconds }) => (statementSeconds ?? 0) < longestRequestSeconds);
  if (!many(recent)) return false;
  const all = Map.groupBy(connections ?? [], clientOf);
  return [...Map.groupBy(recent, clientOf)].some(([client, sessions]) => {
    const has = (all.get(client) ?? []).reduce((sum, { count }) => sum + count, 0);
    return many(sessions) && 2 * sessions.length >= has;
  });
}

function clientOf({ application, user }: Pick<Session, "application" | "user">): string {
  return application ?? user ?? "";
}
