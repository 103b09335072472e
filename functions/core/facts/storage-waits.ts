import { duration, lasted } from "../text/wording.ts";
import { cacheOf } from "./cache.ts";
import { atTheVolume } from "./idle-resources.ts";
import { standingWait } from "./inside-wait.ts";
import { baselineText, metricFact } from "./metric-facts.ts";
import { crowdedMinutes } from "./outside-load.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
import { isUsual } from "./usual.ts";
import type { View } from "./view.ts";
import { type OutsideWait, outsideWait } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";

/** Who waits for the log is told of as commits. */
const kinds = [
  { names: waitNames.page, what: "wait for pages from storage" },
  { names: waitNames.file, what: "wait for files on storage" },
] as const;

/** By name; else by their steps, where most of them are requests at the volume. */
function waitOf(view: View): { readonly what: string; readonly wait: OutsideWait } | null {
  for (const { names, what } of kinds) {
    const wait = standingWait(view, names);
    if (wait !== null) return { what, wait };
  }
  const wait = view.evidence.target.engine === "postgres" ? null : outsideWait(view, waitNames.work);
  const requests = metricFact(view, "DiskQueueDepth");
  if (wait === null || requests === null || isUsual(requests) || !atTheVolume(view, wait.sessions))
    return null;
  return { what: "read or write by their steps, most of them as requests at storage,", wait };
}

/**
 * Most of a load far above the CPUs waits for storage, by Performance Insights, though no request is slow and no limit is
 * reached: more is asked of it than before. Null where it is not so.
 */
export function storageWaits(view: View): { readonly says: string; readonly wait: OutsideWait } | null {
  const minutes = crowdedMinutes(view);
  // A cache that misses what is wanted tells more of it.
  if ((cacheOf(view)?.hitPercent ?? 100) < view.thresholds.cacheHitPercent) return null;
  const found = minutes === null ? null : waitOf(view);
  if (minutes === null || found === null || found.wait.asEver) return null;
  const { what, wait } = found;
  const load = metricFact(view, "DBLoad");
  const slowest = ["ReadLatency", "WriteLatency"].flatMap((id) => metricFact(view, id)?.latest ?? []);
  const answer = slowest.length === 0 ? "" : `, which answers within ${duration(Math.max(...slowest))}`;
  const usual = load === null ? "" : baselineText(load, (value) => String(Math.round(value * 10) / 10));
  return {
    says: `${Math.round(wait.sessions * 10) / 10} sessions at a time ${what} on ${vcpusOfTarget(view) ?? "?"} vCPUs, ${Math.round(wait.percent)} % of the load, for ${lasted(minutes)}${answer}: more is asked of it than before${usual === "" ? "" : `; DB load ${usual.replace(/^; /, "")}`}`,
    wait,
  };
}
