import { postgresWaitProfileRows } from "../probes/postgres/wait-profile-rows.ts";
import { compare } from "../text/compare.ts";
import { statementText } from "../text/wording.ts";
import { type LoadShare, loadShares, totalLoad } from "./insights.ts";
import { loadProfile } from "./load-profile.ts";
import { metricFact } from "./metric-facts.ts";
import { crowdedMinutes } from "./outside-load.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
import { isAsEver } from "./usual.ts";
import type { View } from "./view.ts";
import { waitNames } from "./wait-names.ts";

/** A RegExp, or what else tells a name. */
type Names = Pick<RegExp, "test">;

/** How much of the load waits for one thing, from inside over a second, or from Performance Insights over minutes. */
export interface WaitLoad {
  readonly source: string;
  /** Sessions at a time. */
  readonly averageSessions: number;
  /** Of all sessions at work. */
  readonly percent: number;
  /** Who waits most, where that was seen. */
  readonly query: string | null;
  /** The load is as much, a day and a week ago at this hour; known of minutes only. */
  readonly asEver: boolean;
}

/** `names` as both write them: "LWLock:LockManager". Null when nobody looked, or nobody waits so. */
export function waitLoad(view: View, names: Names): WaitLoad | null {
  return fromProfile(view, names) ?? fromInsights(view, names);
}

function fromProfile(view: View, names: Names): WaitLoad | null {
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
    asEver: false,
  };
}

function fromInsights(view: View, names: Names): WaitLoad | null {
  const all = loadShares(view, "wait-event");
  const such = all.filter(({ name }) => names.test(name));
  if (such.length === 0) return null;
  const most = mostWaiting(view, names);
  return {
    source: "Performance Insights",
    averageSessions: totalLoad(such),
    percent: (100 * totalLoad(such)) / totalLoad(all),
    query: most === undefined || loadAt(most, names) <= 0 ? null : statementText(most.name),
    asEver: isLoadAsEver(view),
  };
}

export interface Waiter {
  readonly statement: string;
  /** Sessions at a time. */
  readonly sessions: number;
  /** Of all waits of that name. */
  readonly percent: number;
}

/** A smaller part of such waits is beside the point; less of all load is no wait of substance. */
const partPercent = 20;
const substantialPercent = 5;
const mostWaiters = 3;

/** Which statements wait so by Performance Insights, most first; empty where it is off, or such waits are few. */
export function waitersByInsights(view: View, names: Names): readonly Waiter[] {
  const waits = loadShares(view, "wait-event").filter(({ name }) => names.test(name));
  const all = totalLoad(waits);
  if (waits.reduce((sum, { percent }) => sum + percent, 0) < substantialPercent) return [];
  return loadShares(view, "statement")
    .map((share) => ({ share, sessions: loadAt(share, names) }))
    .toSorted((a, b) => b.sessions - a.sessions || compare(a.share.name, b.share.name))
    .flatMap(({ share, sessions }): readonly Waiter[] => {
      const statement = statementText(share.name);
      // The dimensions are read one after the other: of a wait that grows, a part may look larger than the whole.
      const percent = Math.min(100, (100 * sessions) / all);
      return statement === null || percent < partPercent ? [] : [{ statement, sessions, percent }];
    })
    .slice(0, mostWaiters);
}

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

/** Less than half of the load that asks for something, or fewer sessions than CPUs, is what a busy database sees every day. */
const mostPercent = 50;

/**
 * Null where nothing of that name stands out. A load above the CPUs that is no CPU waits for something a larger class
 * does not have.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.MaxCPU.html
 */
export function outsideWait(view: View, names: Names): OutsideWait | null {
  const waits = loadShares(view, "wait-event").filter(({ name }) => names.test(name));
  const sessions = totalLoad(waits);
  const percent = waits.reduce((sum, share) => sum + share.percent, 0);
  if (
    percent < mostPercent * (crowdedMinutes(view) === null ? 1 : 1 - asideShare(view, names)) ||
    sessions < Math.max(2, vcpusOfTarget(view) ?? 2)
  )
    return null;
  return {
    sessions,
    percent,
    waits,
    asEver: isLoadAsEver(view),
    statement: statementOf(view, names),
    evidence: waits.map(({ name, percent: share }) => ({
      source: "Performance Insights",
      says: `${name} ${Math.round(share)} %`,
    })),
  };
}

/** Of the load what asks for nothing: it rests, or its client has the turn. */
function asideShare(view: View, names: Names): number {
  const aside = loadShares(view, "wait-event").filter(
    ({ name }) => !names.test(name) && (waitNames.resting.test(name) || waitNames.clientsTurn.test(name)),
  );
  return aside.reduce((sum, share) => sum + share.percent, 0) / 100;
}

export function isLoadAsEver(view: View): boolean {
  const load = metricFact(view, "DBLoad");
  return load !== null && isAsEver(load);
}

function statementOf(view: View, names: Names): string | null {
  const first = mostWaiting(view, names);
  const text = statementText(first?.name ?? null);
  return first === undefined || text === null ? null : `${text} (${Math.round(first.percent)} %)`;
}

/** What waits most so, or works most where that was not split. */
function mostWaiting(view: View, names: Names): LoadShare | undefined {
  return loadShares(view, "statement").toSorted(
    (a, b) => loadAt(b, names) - loadAt(a, names) || b.load - a.load || compare(a.name, b.name),
  )[0];
}

/** Sessions at a time of it that wait so. */
export function loadAt({ waits }: Pick<LoadShare, "waits">, names: Names): number {
  return totalLoad(waits.filter(({ name }) => names.test(name)));
}
