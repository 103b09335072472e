import { runsServerless } from "./database-kind.ts";
import { metricFact, usualHigh } from "./metric-facts.ts";
import type { View } from "./view.ts";
import { shrunkClass } from "./what-changed.ts";
import { dominantStatement } from "./workload.ts";

/** One that takes most of the time is mended, not fed. */
const mostPercent = 50;
/** More than a busier day than others. */
const grown = 1.5;

/**
 * Why a larger class is no answer yet to a CPU that has no room left: nobody saw what takes it, or one statement takes
 * most of it. Null where many share it, where the clients ask for more than as a rule, where the class was larger, and
 * where more is given without a restart.
 */
export function classTooEarly(view: View): string | null {
  if (runsServerless(view) || shrunkClass(view) !== null || asksForMore(view)) return null;
  const dominant = dominantStatement(view);
  if (dominant === null)
    return "no statement was seen that takes it, and a larger class restarts everything and may be filled the same way: first look at what runs";
  if (dominant.percent < mostPercent) return null;
  return `one statement takes ${Math.round(dominant.percent)} % of the time (${dominant.query}): first see what changed about it; a larger class restarts everything and may be filled the same way`;
}

/** Statements come in over the network: so many more of their bytes are more of them. */
export function asksForMore(view: View): boolean {
  const asked = metricFact(view, "NetworkReceiveThroughput");
  const usual = asked === null ? null : usualHigh(asked);
  return asked !== null && usual !== null && asked.latest >= grown * usual;
}

/** "; 24450 statements a second, 4094 as a rule": where it is more work, and not work that takes longer; Aurora MySQL alone counts them. */
export function moreStatements(view: View): string {
  const queries = metricFact(view, "Queries");
  const usual = queries === null ? null : usualHigh(queries);
  if (queries === null || usual === null || queries.latest < grown * usual) return "";
  return `; ${Math.round(queries.latest)} statements a second, ${Math.round(usual)} as a rule`;
}
