import { outsideCapacity } from "./connection-limit.ts";
import { longClimbOf } from "./long-climb.ts";
import { metricFact } from "./metric-facts.ts";
import { type Climb, climbOf } from "./outside-load.ts";
import type { View } from "./view.ts";

/** Farther away than this is no reason to wake anybody. */
export const soonSeconds = 3600;

/** How the count of connections has climbed for hours by CloudWatch; null while it has not. */
export function hoursOfClimb(view: View): Climb | null {
  const fact = metricFact(view, "DatabaseConnections");
  return fact === null ? null : longClimbOf(fact);
}

/** How the count of connections climbs by CloudWatch, within minutes or for hours; null while it does not. */
export function connectionClimb(view: View): Climb | null {
  const fact = metricFact(view, "DatabaseConnections");
  if (fact === null) return null;
  // What was measured for hours says more than minutes do, and a line drawn back from them less.
  return fact.earlier === null ? (climbOf(fact) ?? longClimbOf(fact)) : (longClimbOf(fact) ?? climbOf(fact));
}

/** Seconds until no slot is left at the pace of a steady climb; null without one, or where the limit is not known, or passed. */
export function slotsFullIn(view: View): number | null {
  const climb = connectionClimb(view);
  const outside = outsideCapacity(view);
  if (climb === null || outside === null || outside.limit === null) return null;
  return outside.used >= outside.limit ? null : (outside.limit - outside.used) / climb.perSecond;
}
