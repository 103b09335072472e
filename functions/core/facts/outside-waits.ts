import { compare } from "../text/compare.ts";
import { statementText } from "../text/wording.ts";
import { type LoadShare, loadShares, totalLoad } from "./insights.ts";
import { metricFact } from "./metric-facts.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
import { isAsEver } from "./usual.ts";
import type { View } from "./view.ts";

/** Added to a sentence on such a load. */
export function asEverText({ asEver }: Pick<OutsideWait, "asEver">): string {
  return asEver ? "; the load is as high as a day and a week ago at this hour" : "";
}

/** One kind of wait that fills the load of minutes, by Performance Insights. */
export interface OutsideWait {
  readonly sessions: number;
  readonly percent: number;
  readonly waits: readonly LoadShare[];
  /** What waits most, or works most where that was not split; null where no statement was seen. */
  readonly statement: string | null;
  /** As much, a day and a week ago at this hour: a note, whatever it waits for. */
  readonly asEver: boolean;
  readonly evidence: readonly { readonly source: string; readonly says: string }[];
}

/** Less than half of the load, or fewer sessions than CPUs, is what a busy database sees every day. */
const mostPercent = 50;

/**
 * Null where nothing of that name stands out. A load above the CPUs that is no CPU waits for something a larger class
 * does not have.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.MaxCPU.html
 */
export function outsideWait(view: View, names: RegExp): OutsideWait | null {
  const waits = loadShares(view, "wait-event").filter(({ name }) => names.test(name));
  const sessions = totalLoad(waits);
  const percent = waits.reduce((sum, share) => sum + share.percent, 0);
  if (percent < mostPercent || sessions < Math.max(2, vcpusOfTarget(view) ?? 2)) return null;
  const load = metricFact(view, "DBLoad");
  return {
    sessions,
    percent,
    waits,
    asEver: load !== null && isAsEver(load),
    statement: statementOf(loadShares(view, "statement"), names),
    evidence: waits.map(({ name, percent: share }) => ({
      source: "Performance Insights",
      says: `${name} ${Math.round(share)} %`,
    })),
  };
}

function statementOf(shares: readonly LoadShare[], names: RegExp): string | null {
  const waiting = ({ waits }: LoadShare): number => totalLoad(waits.filter(({ name }) => names.test(name)));
  const first = shares.toSorted(
    (a, b) => waiting(b) - waiting(a) || b.load - a.load || compare(a.name, b.name),
  )[0];
  const text = statementText(first?.name ?? null);
  return first === undefined || text === null ? null : `${text} (${Math.round(first.percent)} %)`;
}
