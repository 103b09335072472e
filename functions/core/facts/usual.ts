import type { MetricFact } from "./metric-facts.ts";

/** As high as ever at this hour, a day or a week ago. */
export function isUsual(fact: MetricFact): boolean {
  return reached(fact, "day") || reached(fact, "week");
}

/** As high as ever, a day and a week ago: one bad night is no habit, two are. */
export function isAsEver(fact: MetricFact): boolean {
  return reached(fact, "day") && reached(fact, "week");
}

/** No lower than a day and a week ago, of what is short when there is little of it. Null of either: not known. */
export function isNoLowerThanEver(fact: MetricFact): boolean {
  const { day, week } = fact;
  return day !== null && week !== null && levelOf(fact) >= ofMean * Math.max(day, week);
}

const ofMean = 0.9;
/** Against three minutes of then: what lasts is rougher than a mean. */
const ofHeld = 0.85;

function reached(fact: MetricFact, when: "day" | "week"): boolean {
  const { [when]: mean, held } = fact;
  const level = levelOf(fact);
  return (mean !== null && mean >= ofMean * level) || (held[when] ?? 0) >= ofHeld * level;
}

/** Of the last three points, so that one that is rough decides nothing. */
function levelOf({ points, latest }: MetricFact): number {
  const last = points.slice(-3).map(({ value }) => value);
  return last.length < 3 ? latest : (last.toSorted((a, b) => a - b)[1] ?? latest);
}
