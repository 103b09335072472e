import { plural } from "../text/wording.ts";
import { clusterIdOf } from "./database-kind.ts";
import { minutesSince, selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

/**
 * Statuses in which RDS takes a change of storage. `storage-full` is the very emergency; a running optimization has
 * to end first. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html
 */
const takesStorageChanges = ["available", "storage-full"];

/**
 * Four a day, the next one as soon as the last was optimized; pages from before July 2026 say six hours.
 * https://aws.amazon.com/about-aws/whats-new/2026/07/amazon-rds-upto-four-storage-modifications-24-hours
 */
const mostInADay = 4;
const dayMinutes = 24 * 60;

/** Why RDS would refuse a change of storage now; null when nothing that was seen speaks against it. */
export function storageChangeRefused(view: View): string | null {
  const self = selfOf(view);
  if (self === null) return null;
  const { status, storage } = self;
  const running = (storage?.operation ?? "") !== "" && !/^(none|completed?)$/i.test(storage?.operation ?? "");
  if (status === "storage-optimization" || running) {
    const progress = storage?.operationPercent ?? null;
    return `the last change of its storage is still being optimized${progress === null ? "" : ` (${progress} %)`}, and RDS takes the next one when that has ended`;
  }
  if (status !== null && !takesStorageChanges.includes(status)) {
    return `its status is ${status}, and RDS takes changes of storage only while it is ${takesStorageChanges.join(" or ")}`;
  }
  const changes = changesOfStorage(view);
  return changes !== null && changes >= mostInADay
    ? `its storage was changed ${plural(changes, "time")} in the last 24 hours, and RDS takes ${mostInADay} a day`
    : null;
}

/** As RDS reported them; null when its events could not be read. */
function changesOfStorage(view: View): number | null {
  const events = view.evidence.context?.events ?? null;
  if (events === null) return null;
  const own = [view.evidence.target.name, clusterIdOf(view)];
  return events.filter(
    ({ subject, message, at }) =>
      own.includes(subject) &&
      minutesSince(view, at) <= dayMinutes &&
      /^finished applying (autoscaling-initiated )?modification to (allocated )?storage/i.test(message),
  ).length;
}
