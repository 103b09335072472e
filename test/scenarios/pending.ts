import type { CauseId } from "../../functions/core/contract/cause-ids.ts";

/**
 * Scenarios that are told wrong today, with the root cause that is named instead (null: nothing of P0–P2). Each has the
 * right answer in its expected.json. The suite fails when one has become right, or names another cause: then take it
 * from the list, or look why.
 */
export const pending: Readonly<Record<string, CauseId | null>> = {
  // Its author expected a cancel of the queued trigger; its tool is on the protected list, so that the holder is offered.
  "mariadb-trigger-of-schema-tool-queues-everyone": "ddl-lock-queue",
  // Its author took an update of the operating system that waits for a herring; it is told beside, as P3, which it may be.
  "outside-mysql-connections-climb-since-noon": "connection-leak",
  // That it sorts on disk is told as the fault, and not that it sorts every row to use twenty.
  "mysql-view-ranks-every-scan": "spilling-query",
  // The importer is between two of its statements for some milliseconds, and is told as one who idles, as P3 beside.
  "postgres-partition-of-waits-for-import": "ddl-lock-queue",
  // Its author expected a cancel; the session is ended, with a cancel first, since a savepoint may keep the lock.
  "postgres-rates-reloaded-by-truncate": "blocked-by-running-query",
  // Its author excluded a failover of nine hours ago, which is told beside, as P3, and true.
  "outside-aurora-mysql-partition-drop-queues-ingest": "ddl-lock-queue",
  // Its author excluded that the server went down, which is told beside, as part of the change.
  "outside-mysql-class-change-under-way": "maintenance-running",
  // The holder that the log names for every waiter is not read: told as a row that may go from hand to hand.
  "outside-postgres-pools-fill-behind-row-lock": "hot-row-contention",
  // The log's refusals of one role are not read.
  "outside-postgres-role-limit-refuses-loader": "connections-near-limit",
  // More clients and more traffic are not said beside the CPU.
  "outside-postgres-exam-results-out": "cpu-saturated",
  // The server does not answer since its CPU is full: told as a second cause.
  "outside-postgres-unread-badge-takes-cpu": "expensive-statement",
  // The clients work as ever; only the responder's packets are dropped.
  "outside-postgres-events-outgrow-volume": "database-unreachable",
  "outside-postgres-quarter-of-two-tebibytes-free": "database-unreachable",
  // A parameter that was raised before is not said beside the crash for memory.
  "outside-aurora-postgres-work-mem-raised-then-restarts": "restart-or-crash",
  // The log's refused writes are not read beside the failover.
  "outside-aurora-postgres-writes-still-at-old-writer": "failover-happened",
  // Six of a hundred slots are taken, over a threshold that is set badly.
  "outside-aurora-postgres-reads-moved-to-reader": "connections-near-limit",
};

export function isPending(name: string): boolean {
  return Object.hasOwn(pending, name);
}
