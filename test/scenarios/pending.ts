import type { CauseId } from "../../functions/core/contract/cause-ids.ts";

/**
 * Scenarios that are told wrong today, with the root cause that is named instead (null: nothing of P0–P2). Each has the
 * right answer in its expected.json. The suite fails when one has become right, or names another cause: then take it
 * from the list, or look why.
 */
export const pending: Readonly<Record<string, CauseId | null>> = {
  // That it sorts on disk is told as the fault, and not that it sorts every row to use twenty.
  "mysql-view-ranks-every-scan": "spilling-query",
  // The statement that fails is told with its user, and not with the application, which is one of several of that user.
  "postgres-enum-value-not-yet-added": "error-storm",
  // The importer is between two of its statements for some milliseconds, and is told as one who idles, as P3 beside.
  "postgres-partition-of-waits-for-import": "ddl-lock-queue",
  // Its author expected a cancel; the session is ended, with a cancel first, since a savepoint may keep the lock.
  "postgres-rates-reloaded-by-truncate": "blocked-by-running-query",
  // That locks are the conflict is not told, and the cancelled queries' rollbacks are told as errors of their own.
  "postgres-replica-dashboards-cut-by-partition-drop": "replica-query-conflict",
  // Whose turn it is, and is between two statements for a moment, is told as one who idles, beside.
  "postgres-trigger-keeps-totals": "hot-row-contention",
};

export function isPending(name: string): boolean {
  return Object.hasOwn(pending, name);
}
