import { metricFact, usualHigh } from "./metric-facts.ts";
import type { View } from "./view.ts";

const moreThanUsual = 1.2;

/** More connections than as a rule at this time, by CloudWatch's count; false where it or what is usual was not seen. */
export function areMore(view: View): boolean {
  const fact = metricFact(view, "DatabaseConnections");
  const usual = fact === null ? null : usualHigh(fact);
  return fact !== null && usual !== null && fact.latest > moreThanUsual * usual;
}
