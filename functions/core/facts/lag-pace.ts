import { duration } from "../text/wording.ts";
import { metricFact, usualHigh } from "./metric-facts.ts";
import type { ReplicaFact } from "./replica-facts.ts";
import { lagMetrics } from "./replica-metrics.ts";
import type { View } from "./view.ts";

/** A shorter look is no pace. */
const leastSeconds = 5 * 60;
/** Seconds a second. Of what is applied in order, only one change at a time can keep all that come after it. */
const asTheClock = 0.9;
const noticeable = 0.1;
/** Of its own writes as a rule. */
const little = 0.5;

/**
 * "; it grows as fast as the clock: …": how the lag of a replica has moved in the window; empty where it stays, may be none, or
 * too little was seen. Its own writes tell on which side it stands: who waits, or scans for rows, writes next to nothing.
 */
export function lagPace(view: View, { subject, doubt }: Pick<ReplicaFact, "subject" | "doubt">): string {
  if (doubt !== undefined) return "";
  const name = subject === "" ? view.evidence.target.name : subject;
  const { pace, seconds } = paceOf(view, name);
  if (pace >= asTheClock)
    return `; it grows as fast as the clock: next to nothing is applied${writesText(view, name)}`;
  if (pace >= noticeable) return `; it grows by ${duration(60 * pace)} a minute`;
  return pace <= -noticeable ? `; it catches up, at this pace in ${duration(seconds / -pace)}` : "";
}

/** The lag of the database that was looked at grows as fast as the clock. */
export function lagsByTheClock(view: View): boolean {
  return paceOf(view, view.evidence.target.name).pace >= asTheClock;
}

/** Seconds a second, and how many it is behind; none where too little was seen. */
function paceOf(view: View, name: string): { readonly pace: number; readonly seconds: number } {
  const lag = lagMetrics.map((id) => metricFact(view, id, name)).find((fact) => fact !== null);
  const [first, last] = [lag?.points[0], lag?.points.at(-1)];
  if (first === undefined || last === undefined) return { pace: 0, seconds: 0 };
  const seconds = (Date.parse(last.at) - Date.parse(first.at)) / 1000;
  const pace = seconds < leastSeconds ? 0 : (last.value - first.value) / seconds;
  return { pace, seconds: last.value };
}

function writesText(view: View, name: string): string {
  const writes = metricFact(view, "WriteIOPS", name);
  const usual = writes === null ? null : usualHigh(writes);
  if (writes === null || usual === null || writes.latest > little * usual) return "";
  return `; it writes ${Math.round(writes.latest)} times a second, ${Math.round(usual)} as a rule: it is in the midst of one change, or waits`;
}
