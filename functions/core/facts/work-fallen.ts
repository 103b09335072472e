import { grouped } from "../text/wording.ts";
import { metricFact, usualHigh } from "./metric-facts.ts";
import { isMany } from "./severity.ts";
import type { View } from "./view.ts";

/** Less than this as a rule is no work that could be missed. */
const measures = [
  { id: "CommitThroughput", what: "commits", least: 5 },
  { id: "WriteIOPS", what: "writes", least: 50 },
] as const;

const halved = 0.5;

export interface WorkFallen {
  readonly source: string;
  /** "41 commits a second, 320 as a rule". */
  readonly says: string;
}

/** What is done has fallen to less than half of what is usual at this hour; null where it has not, or nobody measured. */
export function workFallen(view: View): WorkFallen | null {
  for (const { id, what, least } of measures) {
    const fact = metricFact(view, id);
    const usual = fact === null ? null : usualHigh(fact);
    if (fact === null || usual === null || usual < least) continue;
    if (fact.latest > halved * usual) return null;
    const says = `${grouped(Math.round(fact.latest))} ${what} a second, ${grouped(Math.round(usual))} as a rule`;
    return { source: id, says };
  }
  return null;
}

/** How bad sessions are that wait for locks, from outside: many, while the work is not done. */
export function severityOfWaits(view: View, sessions: number): "P1" | "P2" {
  return isMany(Math.round(sessions), null) && workFallen(view) !== null ? "P1" : "P2";
}
