import { metricFact } from "../facts/metric-facts.ts";
import type { View } from "../facts/view.ts";

/** Of the free storage; what holds the log is not there for data. */
const freeShare = 0.25;

/** The largest log that storage bears, in bytes; where its room is not known no more than twice that of now. */
export function mostLogBytes(view: View, nowBytes: number, most: number): number {
  const free = metricFact(view, "FreeStorageSpace")?.latest ?? null;
  return Math.min(most, free === null ? 2 * nowBytes : freeShare * free);
}
