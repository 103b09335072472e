import { mysqlInnodbRatesRows } from "../probes/mysql/innodb-rates-rows.ts";
import { blockingOf } from "./blocking.ts";
import { loadProfile, type Wait } from "./load-profile.ts";
import { metricFact } from "./metric-facts.ts";
import { crowdedMinutes } from "./outside-load.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
import type { View } from "./view.ts";
import { isLoadAsEver, type OutsideWait, outsideWait, waitLoad } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";

/** Half of those at work, and more than the CPUs; where nobody tells how many there are, more than the smallest have. */
const mostPercent = 50;
const surelyMany = 4;
const shown = 3;

/** The same as `outsideWait`, by the looks of about a second from inside where there are some. */
export function standingWait(view: View, names: Pick<RegExp, "test">): OutsideWait | null {
  return loadProfile(view) === null ? outsideWait(view, names) : insideWait(view, names);
}

/** Sessions for each vCPU that are no ordinary moment. */
const crowded = 2;

/** A second is a short look: where no load of minutes stands beside it, it takes more. */
function leastSessions(view: View): number {
  const vcpus = vcpusOfTarget(view) ?? surelyMany;
  return metricFact(view, "DBLoad") === null ? crowded * vcpus : Math.max(2, vcpus);
}

function insideWait(view: View, names: Pick<RegExp, "test">): OutsideWait | null {
  const profile = loadProfile(view);
  const load = profile === null ? null : waitLoad(view, names);
  if (profile === null || load === null || load.percent < mostPercent) return null;
  if (load.averageSessions < leastSessions(view)) return null;
  if (crowdedMinutes(view) === null && 2 * longOnes(view, longSeconds, names) < load.averageSessions)
    return null;
  const waits = profile.waits.filter(({ name }) => names.test(name));
  return {
    sessions: load.averageSessions,
    percent: load.percent,
    waits: [],
    statement: load.query,
    asEver: isLoadAsEver(view),
    evidence: waits
      .toSorted((a, b) => b.observations - a.observations)
      .slice(0, shown)
      .map(({ name, percent }) => ({ source: profile.source, says: `${name} ${Math.round(percent)} %` })),
  };
}

/** Far more sessions than CPUs wait, by the load of minutes or by a look. */
export function isCrowd(view: View): boolean {
  return crowdedMinutes(view) !== null || crowdInside(view) !== null;
}

const none = { test: () => false };
const longSeconds = 1;
/** Of statements that stand for so long no mean of minutes has to tell. */
const standingSeconds = 10;

/**
 * "LWLock:Foo 31 sessions": what far more sessions than CPUs wait for at one moment, half of them within a statement of
 * a second or more, and neither for a lock of somebody's nor for their clients; null where it is not so, or as ever.
 */
export function crowdInside(view: View): string | null {
  const counted = isLoadAsEver(view) ? 0 : countedRowWaits(view);
  if (counted > 0) return `${counted} for rows by InnoDB's count, none of them seen`;
  const waits = (loadProfile(view)?.waits ?? []).filter(isWait);
  const sessions = waits.reduce((sum, { averageSessions }) => sum + averageSessions, 0);
  const isShort = metricFact(view, "DBLoad") !== null && crowdedMinutes(view) === null;
  if (isShort && 2 * longOnes(view, standingSeconds) < sessions) return null;
  if (sessions < crowded * (vcpusOfTarget(view) ?? surelyMany) || 2 * longOnes(view) < sessions) return null;
  if (isLoadAsEver(view)) return null;
  return waits
    .toSorted((a, b) => b.averageSessions - a.averageSessions)
    .slice(0, shown)
    .map(({ name, averageSessions }) => `${name} ${Math.round(averageSessions)} sessions`)
    .join(", ");
}

/** A queue of a moment is shorter. */
const manyWaiting = 20;

/**
 * Sessions that wait for rows by InnoDB's count, where who looks at the locks saw none at all; else 0. No more of
 * them wait than run, and others begin to: a count that was never taken back would stand for ever.
 */
function countedRowWaits(view: View): number {
  const { rowLocks, threads } = view.rows(mysqlInnodbRatesRows)?.[0] ?? {};
  const waitingNow = rowLocks?.waitingNow ?? 0;
  const waitsPerSecond = rowLocks?.waitsPerSecond ?? 0;
  const counted = Math.min(waitingNow, threads?.running ?? 0);
  // Of many that begin each second each waits for a moment.
  const moves = waitsPerSecond > 0 && waitingNow >= waitsPerSecond && waitingNow <= (threads?.connected ?? 0);
  return moves && counted >= manyWaiting && blockingOf(view).graph.waiters === 0 ? counted : 0;
}

function longOnes(view: View, seconds: number = longSeconds, names: Pick<RegExp, "test"> = none): number {
  return (view.sessions ?? []).filter(
    ({ state, own, kind, leaderId, waitEvent, statementSeconds }) =>
      state === "active" &&
      !own &&
      kind === "client" &&
      leaderId === null &&
      (waitEvent === null
        ? view.evidence.target.engine !== "postgres"
        : names.test(waitEvent) || !waitsElsewhere(waitEvent)) &&
      (statementSeconds ?? 0) >= seconds,
  ).length;
}

/** For somebody's lock, for its client, or on purpose. */
function waitsElsewhere(event: string): boolean {
  return /^(?:Lock|Client):|\block\b/i.test(event) || waitNames.resting.test(event);
}

function isWait({ kind, name }: Wait): boolean {
  return (
    !/^(?:cpu|work|lock|client)$/.test(kind) &&
    !waitNames.resting.test(name) &&
    !waitNames.parallel.test(name)
  );
}
