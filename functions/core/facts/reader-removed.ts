import { beginOf, metricFact, usualHigh } from "./metric-facts.ts";
import { eventsOf, minutesSince, othersOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

const hoursBack = 3;
const minuteMs = 60_000;
/** Its sessions end with it, and open again elsewhere. */
const movedWithin = 20;
/** The event may be told while it still serves. */
const before = 5;
/** More than a busier day than others. */
const grown = 1.5;
/** Over what one reader more would have had, no more. */
const share = 1.3;

export interface ReaderRemoved {
  readonly id: string;
  readonly minutes: number;
  /** They were seen to come when it went. */
  readonly seen: boolean;
}

/**
 * The reader of Aurora that was taken away when the statements of this one began to be far more than as a rule: those
 * who used it are here now. Null where it is no reader, they are not, or they came at another time.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Integrating.AutoScaling.html
 */
export function readerRemoved(view: View): ReaderRemoved | null {
  const { name, role } = view.evidence.target;
  const queries = metricFact(view, "Queries");
  const usual = queries === null ? null : usualHigh(queries);
  if (role !== "reader" || queries === null || !usual || queries.latest < grown * usual) return null;
  const others = othersOf(view);
  const left = 1 + others.filter(({ role, status }) => role === "reader" && status === "available").length;
  // It explains no more than its own part, and nothing while the next one is on its way.
  if (queries.latest > share * ((left + 1) / left) * usual) return null;
  if (others.some(({ status }) => status === "creating")) return null;
  const begin = beginOf(queries, (value) => value >= grown * usual);
  for (const { at, message } of eventsOf(view, name, hoursBack * 60, true)) {
    if (/^adding reader /i.test(message)) return null;
    const id = /^removing reader (\S+?)\.?$/i.exec(message)?.[1];
    const later = (begin.at - Date.parse(at)) / minuteMs;
    const inTime = !begin.seen || later <= movedWithin;
    if (id !== undefined && id !== name && later >= -before && inTime) {
      return { id, minutes: minutesSince(view, at), seen: begin.seen };
    }
  }
  return null;
}
