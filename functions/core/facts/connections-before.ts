import { duration } from "../text/wording.ts";
import { connectionTrend } from "./connection-trend.ts";
import { baselineText, metricFact } from "./metric-facts.ts";
import type { View } from "./view.ts";

/** "; 148 before they rose 9 min ago; 149 a day ago and 145 a week ago at this time": what is new about their number. */
export function connectionsBefore(view: View): string {
  const fact = metricFact(view, "DatabaseConnections");
  if (fact === null) return "";
  const trend = connectionTrend(view.evidence);
  const rise =
    trend === null || trend.shape === "level"
      ? ""
      : `; ${Math.round(trend.before)} ${trend.sinceBefore ? "when the window began," : "before they rose"} ${duration(trend.risingSeconds)} ago`;
  return `${rise}${baselineText(fact, (value) => String(Math.round(value)))}`;
}
