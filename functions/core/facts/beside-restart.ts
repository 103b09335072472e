import type { RdsEvent } from "../contract/context.ts";
import { eventsOf, inCategory } from "./rds-facts.ts";
import { eventCauses, isOwnWork } from "./restart-causes.ts";
import type { View } from "./view.ts";

export const dayMinutes = 24 * 60;
/** Words of one restart lie no further apart, and its cause no further before it. */
export const togetherMinutes = 15;

/** A failover restarts, and a database that was just made or restored begins with a recovery; `at`: epoch ms. */
export function isExplained(view: View, id: string, at: number): boolean {
  return eventsOf(view, id, dayMinutes, true).some(
    (event) =>
      ["failover", "global failover", "creation", "restoration"].some((name) => inCategory(event, name)) &&
      // "Multi-AZ instance activation" is how the same server comes back.
      !/activat|conversion/i.test(event.message) &&
      isNear(event, at),
  );
}

/** What RDS did to it just then, as it had said or been asked to; null where it says nothing of the kind. */
export function announcedBeside(view: View, id: string, at: number): string | null {
  const near = eventsOf(view, id, dayMinutes, true).filter((event) => isNear(event, at));
  const row = eventCauses.find(
    ({ pattern, category, cause }) =>
      cause.announced &&
      near.some((event) => pattern.test(event.message) && (category === null || inCategory(event, category))),
  );
  return row?.says ?? null;
}

/** What RDS says of its own work on a database that is known to have started then; null: nothing. */
export function maintenanceAt(view: View, id: string, at: number): RdsEvent | null {
  return (
    eventsOf(view, id, dayMinutes).find(
      (event) => inCategory(event, "maintenance") && isOwnWork.test(event.message) && isNear(event, at),
    ) ?? null
  );
}

/** Of one restart. */
export function isNear(event: RdsEvent, at: number): boolean {
  return Math.abs(Date.parse(event.at) - at) <= togetherMinutes * 60_000;
}
