import type { RdsEvent } from "../contract/context.ts";
import { minutesSince, recentEvents, selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

export interface StatusTrouble {
  readonly says: string;
  /** False: it may go on serving, and cannot be changed or restarted. */
  readonly down: boolean;
  /** What brings it back, where a call of RDS can. */
  readonly mend: "start" | "restore" | null;
}

function down(says: string, mend: StatusTrouble["mend"] = null): StatusTrouble {
  return { says, down: true, mend };
}

const parameters =
  "a value in its parameter group keeps it from starting: take the last changes back or reset the group, then reboot it";
const upgradeFailed = "its upgrade failed; a final snapshot begins with rds-final";

/**
 * Statuses of DescribeDBInstances that are no health, in words. What RDS is at work on tells maintenance-running.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
 * KMS: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
 * Network, parameters: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Troubleshooting.html
 */
const table: ReadonlyMap<string, StatusTrouble> = new Map([
  ["cloning-failed", down("the clone of its volume failed: it is to be made anew")],
  ["creating", down("it is still being created")],
  ["deleting", down("it is being deleted")],
  ["delete-precheck", { says: "it is about to be deleted", down: false, mend: null }],
  [
    "failed",
    down("RDS cannot recover it: what is left is a restore to the latest restorable time", "restore"),
  ],
  [
    "inaccessible-encryption-credentials",
    down(
      "its KMS key is lost to RDS: it can only be restored from a backup whose key still works",
      "restore",
    ),
  ],
  [
    "inaccessible-encryption-credentials-recoverable",
    down(
      "RDS stopped it because it cannot use its KMS key: enable the key or give the grant back and start it, within seven days",
      "start",
    ),
  ],
  ["incompatible-create", down("it could not be created: a resource that it needs does not fit")],
  [
    "incompatible-network",
    {
      says: "its VPC has no free address or lacks a subnet: RDS can neither change nor restart it until that is mended, then start it",
      down: false,
      mend: "start",
    },
  ],
  [
    "incompatible-option-group",
    { says: "a change of its option group could be neither applied nor taken back", down: false, mend: null },
  ],
  ["incompatible-parameters", down(parameters)],
  ["incompatible-restore", down("the point-in-time restore failed, often for tables that are not InnoDB")],
  ["insufficient-capacity", down("its zone has no room for its class: another class or zone may have")],
  ["migration-failed", down("the migration from a snapshot failed: it is to be made anew")],
  ["restore-error", down("its restore failed")],
  ["starting", down("it is starting")],
  ["stopped", down("somebody stopped it; RDS starts it by itself after seven days", "start")],
  ["stopping", down("somebody is stopping it")],
  ["storage-full", down("its storage is full")],
  ["upgrade-failed", down(upgradeFailed)],
  ["upgrade_failed", down(upgradeFailed)],
]);

/** Null: health, or work of RDS that the database survives. */
export function troubleOf(status: string | null): StatusTrouble | null {
  const row = table.get(status ?? "");
  if (row !== undefined || !/^(incompatible|inaccessible)-/.test(status ?? "")) return row ?? null;
  // RDS adds some; of this family none is health.
  return { says: "RDS says so, and what it means is not known here", down: false, mend: null };
}

export interface SaidStatus extends StatusTrouble {
  readonly status: string;
  /** "stopped: somebody stopped it; …". */
  readonly text: string;
  readonly ofCluster: boolean;
}

/**
 * What RDS says of the instance, or of the cluster where the instance itself is no trouble; null where neither is. By
 * a call on the instance nothing of a cluster is mended.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html
 */
export function saidStatus(view: View): SaidStatus | null {
  const own = selfOf(view)?.status ?? null;
  const trouble = troubleOf(own);
  if (trouble !== null)
    return { ...trouble, status: own ?? "", text: `${own}: ${trouble.says}`, ofCluster: false };
  const status = view.evidence.context?.topology?.cluster?.status ?? "";
  const its = troubleOf(status);
  return (
    its && { ...its, mend: null, status, text: `${status} of the cluster: ${its.says}`, ofCluster: true }
  );
}

/** The newest word of RDS about why, within a day. */
export function failureWord(view: View): string | null {
  const event = recentEvents(view, 24 * 60).find(({ categories }) =>
    categories.some((name) => /failure/i.test(name)),
  );
  return event === undefined ? null : `${event.at} ${event.message}`;
}

/** It stops an instance two hours after it noticed; one that still runs after that is not the one meant. */
const keyMinutes = 180;

/** RDS-EVENT-0418 and 0419, unless 0420 has taken them back: within two hours the database is stopped. */
export function keyTrouble(view: View): { readonly event: RdsEvent; readonly minutes: number } | null {
  const event = recentEvents(view, keyMinutes).find(({ message }) => /\bKMS\b/.test(message));
  if (event === undefined || !/unable to access/i.test(event.message)) return null;
  return { event, minutes: minutesSince(view, event.at) };
}
