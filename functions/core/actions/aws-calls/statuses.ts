import type { Refusal } from "../../contract/work-order.ts";
import type { CallPurpose } from "./call-row.ts";

/** What is done to a database itself; groups and pending maintenance have no status that matters. */
export type StatusPurpose = Exclude<
  CallPurpose,
  | "set-instance-parameter"
  | "set-cluster-parameter"
  | "make-instance-group"
  | "copy-instance-group"
  | "make-cluster-group"
  | "copy-cluster-group"
  | "apply-maintenance"
>;

interface StatusRow {
  readonly statuses: readonly string[];
  readonly page: string;
}

const rds = "https://docs.aws.amazon.com/AmazonRDS/latest";
const available = (page: string): StatusRow => ({ statuses: ["available"], page: `${rds}/${page}` });

/**
 * SPEC A0: in which status a database takes which call, by the page that says so. What no page names is not in it: no page
 * tells whether a class can be changed while storage is optimized.
 */
const table: Readonly<Record<StatusPurpose, StatusRow>> = {
  // The emergency itself: an instance that is full takes nothing but more room.
  "grow-storage": {
    statuses: ["available", "storage-full"],
    page: `${rds}/UserGuide/accessing-monitoring.html`,
  },
  "tune-storage": {
    statuses: ["available", "storage-full"],
    page: `${rds}/UserGuide/USER_PIOPS.ModifyingExisting.html`,
  },
  "scale-class": available("APIReference/API_ModifyDBInstance.html"),
  "scale-capacity": available("APIReference/API_ModifyDBCluster.html"),
  "use-instance-group": available("APIReference/API_ModifyDBInstance.html"),
  "use-cluster-group": available("APIReference/API_ModifyDBCluster.html"),
  "change-authority": available("APIReference/API_ModifyDBInstance.html"),
  restart: available("UserGuide/USER_RebootInstance.html"),
  start: { statuses: ["stopped"], page: `${rds}/UserGuide/USER_StartInstance.html` },
  // "The source DB instance must be in the available or storage-optimization state."
  snapshot: {
    statuses: ["available", "storage-optimization"],
    page: `${rds}/APIReference/API_CreateDBSnapshot.html`,
  },
  "restore-to-time": available("UserGuide/USER_PIT.html"),
  "add-instance": available("APIReference/API_CreateDBInstance.html"),
  "add-replica": available("APIReference/API_CreateDBInstanceReadReplica.html"),
};

/** Null: it takes the call. A status that could not be read, or that the table does not name, does not. */
export function statusRefusal(
  purpose: StatusPurpose,
  { id, status }: { readonly id: string; readonly status: string | null },
): Refusal | null {
  const { statuses, page } = table[purpose];
  if (status !== null && statuses.includes(status)) return null;
  const allowed = statuses.join(" or ");
  return {
    guard: "database-status",
    reason: `${status === null ? `The status of ${id} could not be seen` : `The status of ${id} is ${status}`}; RDS takes this call while it is ${allowed} (${page}).`,
    release: `Lifts by itself when its status is ${allowed} again.`,
  };
}
