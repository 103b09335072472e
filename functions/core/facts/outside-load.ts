import { restingShare } from "./insights.ts";
import { lastingFor, type MetricFact, metricFact, readingOf, usualHigh } from "./metric-facts.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
import { isAsEver } from "./usual.ts";
import type { View } from "./view.ts";

/** DB load of this database, and 0 where it is published only while there is some; null where nobody knows. */
export function dbLoad(view: View): number | null {
  const load = metricFact(view, "DBLoad");
  if (load !== null) return load.latest;
  return readingOf(view, "DBLoad", view.evidence.target.name)?.state === "zero-by-absence" ? 0 : null;
}

const littleShare = 0.5;

/** Less than every second CPU has somebody at work, or the CPU is half idle; false where neither was seen. */
export function hasLittleLoad(view: View): boolean {
  const load = dbLoad(view);
  if (load !== null) return isLittleLoad(view, load);
  const cpu = metricFact(view, "CPUUtilization");
  return cpu !== null && cpu.latest < littleShare * view.thresholds.cpuPercent;
}

export function isLittleLoad(view: View, load: number): boolean {
  return load < littleShare * (vcpusOfTarget(view) ?? 2);
}

const roomShare = 0.75;
/** Of what is usual. */
const farMore = 2;

/**
 * Fewer at work than CPUs, by the middle of the last three minutes, so that one that is rough decides nothing, and not far
 * more than as a rule who wait: those are counted as well, and leave no room.
 */
export function hasRoom(view: View): boolean {
  const load = metricFact(view, "DBLoad");
  const waiting = metricFact(view, "DBLoadNonCPU") ?? load;
  const last = (load?.points ?? []).slice(-3).map(({ value }) => value);
  const middle = last.toSorted((a, b) => a - b)[1];
  if (last.length < 3 || middle === undefined) return hasLittleLoad(view);
  const vcpus = vcpusOfTarget(view) ?? 2;
  const usual = (waiting === null ? null : usualHigh(waiting)) ?? littleShare * vcpus;
  return middle < roomShare * vcpus && (waiting?.latest ?? 0) < Math.max(1, farMore * usual);
}

export const movedByWork = [
  "CPUUtilization",
  "NetworkReceiveThroughput",
  "NetworkTransmitThroughput",
] as const;
const asMuch = 0.75;

/**
 * CPU and network are what they were a day and a week ago at this hour: a wave of work would move more, a queue behind a
 * lock less. False where one of them was not seen. For where Performance Insights is off.
 * @param of what of each is judged: as it is now, or was before
 */
export function worksAsEver(view: View, of: (fact: MetricFact) => MetricFact = (fact) => fact): boolean {
  return movedByWork.every((id) => {
    const now = metricFact(view, id);
    const fact = now === null ? null : of(now);
    return fact !== null && isAsEver(fact) && fact.latest >= asMuch * (usualHigh(fact) ?? 0);
  });
}

/** Sessions for each vCPU that are no ordinary hour. */
const crowded = 2;
/** Of what is usual; where it is so much more, every CPU taken is enough, and a few batch jobs on a large class are not. */
const leap = 5;
const surelyMany = 10;

/**
 * For how many minutes far more sessions than CPUs have been at work or waited, and twice as many as a day and a week ago;
 * null where it is not so. Where nobody knows what was usual it counts as well.
 */
export function crowdedMinutes(view: View): number | null {
  const load = metricFact(view, "DBLoad");
  if (load === null || isAsEver(load)) return null;
  const awake = 1 - restingShare(view);
  const usual = usualHigh(load);
  if (load.latest < crowded * (usual ?? 0)) return null;
  const least = leastCrowd(view, usual !== null && load.latest >= leap * usual && mostWait(view, load));
  return least === null ? null : lastingFor(view, load, (value) => awake * value >= least);
}

/** A batch that is not of every day works on its CPUs; who makes a crowd waits. */
function mostWait(view: View, load: MetricFact): boolean {
  const waiting = metricFact(view, "DBLoadNonCPU");
  return waiting === null || 2 * waiting.latest >= load.latest;
}

/** Of serverless capacity nobody tells the CPUs: there it is many, and far more than as a rule. */
function leastCrowd(view: View, hasLeapt: boolean): number | null {
  const vcpus = vcpusOfTarget(view);
  if (vcpus === null) return hasLeapt ? surelyMany : null;
  return hasLeapt ? Math.min(crowded * vcpus, Math.max(vcpus, surelyMany)) : crowded * vcpus;
}

/** No rise within the window beyond noise, nor over what is usual at this time. False where too little was seen. */
export function isFlat(fact: MetricFact): boolean {
  const usual = usualHigh(fact);
  const third = Math.floor(fact.points.length / 3);
  if (third < 1 && usual === null) return false;
  const rise =
    third < 1 ? 1 : mean(fact.points.slice(-third)) / Math.max(1, mean(fact.points.slice(0, third)));
  return rise <= 1.15 && (usual === null || fact.latest <= 1.3 * usual);
}

/** No rise within the window beyond noise, whatever it was before. False where too little was seen. */
export function isStill({ points }: MetricFact): boolean {
  const third = Math.floor(points.length / 3);
  return third >= 1 && mean(points.slice(-third)) <= 1.05 * Math.max(1, mean(points.slice(0, third)));
}

export interface Climb {
  readonly from: number;
  readonly to: number;
  readonly minutes: number;
  readonly perSecond: number;
}

const least = 5;
const minutesNeeded = 9;

/**
 * A count that rises bit by bit all through the window, and over what is usual at this time; null for a leap, a wave
 * or the ramp of every morning. Ends are means of a third each, so that one point decides nothing.
 */
export function climbOf(fact: MetricFact): Climb | null {
  const usual = usualHigh(fact);
  if (usual !== null && fact.latest <= 1.2 * usual) return null;
  return steadyClimb(fact.points);
}

/** The same of any points, whatever is usual. */
export function steadyClimb(points: MetricFact["points"]): Climb | null {
  const third = Math.floor(points.length / 3);
  const [first, last] = [points[0], points.at(-1)];
  if (third < 2 || first === undefined || last === undefined) return null;
  const seconds = (Date.parse(last.at) - Date.parse(first.at)) / 1000;
  const parts = [points.slice(0, third), points.slice(third, -third), points.slice(-third)].map(mean);
  const [early = 0, middle = 0, late = 0] = parts;
  const rise = late - early;
  // A leap within the middle third has the same three means, and two levels around it.
  const around = riseWithin(points.slice(0, third)) + riseWithin(points.slice(-third));
  const steady = middle > early + 0.25 * rise && middle < early + 0.75 * rise && around >= 0.2 * rise;
  if (seconds < minutesNeeded * 60 || rise < Math.max(least, 0.03 * early) || !steady) return null;
  return {
    from: first.value,
    to: last.value,
    minutes: Math.round(seconds / 60),
    perSecond: rise / ((2 / 3) * seconds),
  };
}

function riseWithin(points: MetricFact["points"]): number {
  const half = Math.ceil(points.length / 2);
  return mean(points.slice(-half)) - mean(points.slice(0, half));
}

function mean(points: MetricFact["points"]): number {
  return points.reduce((sum, { value }) => sum + value, 0) / Math.max(1, points.length);
}

const mostly = 0.5;

/** "DB load 0.4 of 2 vCPUs"; null where it was not seen. */
export function loadText(view: View): string | null {
  const load = dbLoad(view);
  const vcpus = vcpusOfTarget(view);
  if (load === null) return null;
  const resting = restingShare(view);
  const asleep = resting < mostly ? "" : `, of which ${Math.round(100 * resting)} % wait on purpose`;
  return `DB load ${Math.round(load * 10) / 10}${vcpus === null ? "" : ` of ${vcpus} vCPUs`}${asleep}`;
}
