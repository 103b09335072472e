import { type LockGraph, type LockMember, subtree } from "./lock-graph.ts";

/**
 * CREATE INDEX CONCURRENTLY and its like wait for every transaction that may still see the old state, by its virtual
 * transaction. That is how they work, for hours if need be, and holds nobody up.
 * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
export function waitsPatiently({ waitsFor }: LockMember): boolean {
  return waitsFor?.objectKind === "transaction" && waitsFor.object.startsWith("virtual transaction ");
}

/** Nobody waits below this member but such a one. */
export function keepsOnlyPatientOnes(graph: LockGraph, { key, hidden }: LockMember): boolean {
  return hidden === 0 && subtree(graph, key).every((member) => waitsPatiently(member) && member.hidden === 0);
}
