import type { CauseId } from "../../functions/core/contract/cause-ids.ts";

/**
 * Scenarios that are told wrong today, with the root cause that is named instead (null: nothing of P0–P2). Each has the
 * right answer in its expected.json. The suite fails when one has become right, or names another cause: then take it
 * from the list, or look why.
 */
export const pending: Readonly<Record<string, CauseId | null>> = {
  "mariadb-myisam-reader-blocks-writers": "long-running-query",
  "mysql-index-made-invisible": "expensive-statement",
  "mysql-unindexed-update-locks-all": "hot-row-contention",
  "postgres-lock-table-full": "database-unreachable",
  "postgres-scan-cut-by-timeout": "error-storm",
  "postgres-subscription-apply-fails": "error-storm",
};

export function isPending(name: string): boolean {
  return Object.hasOwn(pending, name);
}
