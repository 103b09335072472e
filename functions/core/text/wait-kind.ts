/** What a session's wait says of whose doing it is; by the engines' own names of their waits. */
export type WaitKind =
  | "commit-awaits-replica"
  | "slow-client"
  | "pausing-on-purpose"
  | "buffer-pin-wait"
  | "extension-wait";

/**
 * https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-TABLE
 * https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html
 * https://dev.mysql.com/doc/refman/8.4/en/replication-semisync.html
 */
const kinds: readonly (readonly [RegExp, WaitKind])[] = [
  // It is committed here already: a signal ends the wait and not the transaction.
  [/^IPC\/SyncRep$|^waiting for semi-sync ack/i, "commit-awaits-replica"],
  [/^Client\b|^(sending to client|receiving from client|writing to net|reading from net)/i, "slow-client"],
  [/^Timeout\b|^user sleep$/i, "pausing-on-purpose"],
  // postgres_fdw and dblink: Extension/Extension up to 16, names of their own from 17, AppendReady for several at once.
  [/^Extension\b|^IPC\/AppendReady$/, "extension-wait"],
  [/^BufferPin\b|^Buffer\/BufferCleanup$|^LWLock\/BufferCleanup$/i, "buffer-pin-wait"],
];

export function waitKindOf(waitEvent: string | null): WaitKind | null {
  return kinds.find(([words]) => waitEvent !== null && words.test(waitEvent))?.[1] ?? null;
}
