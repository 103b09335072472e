import { runsServerless } from "./database-kind.ts";
import { baselineText, metricFact, usualHigh } from "./metric-facts.ts";
import { bytesText } from "./rds-facts.ts";
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

/** That they ask for more, in numbers, and how many they are where that grew, too; empty where they do not. */
export function moreAsked(view: View): readonly { readonly source: string; readonly says: string }[] {
  const asked = metricFact(view, "NetworkReceiveThroughput");
  if (asked === null || !asksForMore(view)) return [];
  const clients = metricFact(view, "DatabaseConnections");
  const usual = clients === null ? null : usualHigh(clients);
  const more = clients !== null && usual !== null && clients.latest >= grown * usual;
  return [
    {
      source: asked.id,
      says: `its clients ask for more: ${bytesText(asked.latest)} a second come in${baselineText(asked, bytesText)}`,
    },
    ...(more
      ? [
          {
            source: clients.id,
            says: `${Math.round(clients.latest)} connections${baselineText(clients, (value) => String(Math.round(value)))}: who sent them here (a campaign, a crawler, retries) can send fewer`,
          },
        ]
      : []),
  ];
}

/** Statements come in over the network: so many more of their bytes are more of them. */
export function asksForMore(view: View): boolean {
  const asked = metricFact(view, "NetworkReceiveThroughput");
  const usual = asked === null ? null : usualHigh(asked);
  return asked !== null && usual !== null && asked.latest >= grown * usual;
}
