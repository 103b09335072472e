import { postgresWaitProfileRows } from "../probes/postgres/wait-profile-rows.ts";
import { compare } from "../text/compare.ts";
import { statementText } from "../text/wording.ts";
import { loadShares, totalLoad } from "./insights.ts";
import { loadProfile } from "./load-profile.ts";
import type { View } from "./view.ts";

/** How much of the load waits for one thing, from inside over a second, or from Performance Insights over minutes. */
export interface WaitLoad {
  readonly source: string;
  /** Sessions at a time. */
  readonly averageSessions: number;
  /** Of all sessions at work. */
  readonly percent: number;
  /** Who waits most, where that was seen. */
  readonly query: string | null;
}

/** `names` as both write them: "LWLock:LockManager". Null when nobody looked, or nobody waits so. */
export function waitLoad(view: View, names: RegExp): WaitLoad | null {
  return fromProfile(view, names) ?? fromInsights(view, names);
}

function fromProfile(view: View, names: RegExp): WaitLoad | null {
  const profile = loadProfile(view);
  if (profile === null) return null;
  const of = (waits: typeof profile.waits): number =>
    waits.reduce((sum, wait) => sum + wait.averageSessions, 0);
  const such = profile.waits.filter(({ name }) => names.test(name));
  if (such.length === 0) return null;
  const most = (view.rows(postgresWaitProfileRows) ?? [])
    .filter(({ waitEventType, waitEvent }) => names.test(`${waitEventType}:${waitEvent}`))
    .toSorted((a, b) => b.observations - a.observations)[0];
  return {
    source: profile.source,
    averageSessions: of(such),
    percent: (100 * of(such)) / of(profile.waits),
    query: statementText(most?.query ?? null),
  };
}

function fromInsights(view: View, names: RegExp): WaitLoad | null {
  const all = loadShares(view, "wait-event");
  const such = all.filter(({ name }) => names.test(name));
  if (such.length === 0) return null;
  const most = loadShares(view, "statement")
    .map(({ name, waits }) => ({ name, load: totalLoad(waits.filter((wait) => names.test(wait.name))) }))
    .filter(({ load }) => load > 0)
    .toSorted((a, b) => b.load - a.load || compare(a.name, b.name))[0];
  return {
    source: "Performance Insights",
    averageSessions: totalLoad(such),
    percent: (100 * totalLoad(such)) / totalLoad(all),
    query: statementText(most?.name ?? null),
  };
}
