import { meanOf } from "./mean.ts";
import { type MetricFact, usualHigh } from "./metric-facts.ts";
import { samplesOf } from "./metric-levels.ts";
import { type Climb, steadyClimb } from "./outside-load.ts";

/** Below this multiple of what is usual a straight line is a busy day. */
const manyTimes = 2;
/** Slopes that chance makes lie within. */
const surely = 2.5;
const shortestSeconds = 3600;
const longestSeconds = 24 * 3600;
const fewestPoints = 8;

/**
 * A count that is many times what it was at this hour and rises so slowly that the window alone hardly shows it: as the
 * hours before have it, or, where they were not read, by its line, which drawn back reaches what is usual within hours.
 * Null for a level, a fall, and a leap.
 */
export function longClimbOf(fact: MetricFact): Climb | null {
  const usual = usualHigh(fact);
  const { day, week, points, latest } = fact;
  if (usual === null || day === null || week === null || latest < manyTimes * usual) return null;
  if (fact.earlier !== null) return climbOfHours(fact, fact.earlier.stepSeconds / 60, usual);
  const perSecond = slopeOf(points);
  if (perSecond === null) return null;
  const seconds = (latest - usual) / perSecond;
  if (seconds < shortestSeconds || seconds > longestSeconds) return null;
  return { from: usual, to: latest, minutes: Math.round(seconds / 60), perSecond };
}

const stillUsual = 1.2;

/** Since it was as usual; as far apart as the steps of the hours, so that each third of them is a third of the time. */
function climbOfHours(fact: MetricFact, everyMinutes: number, usual: number): Climb | null {
  const points = fact.points.filter((_, minute) => minute % everyMinutes === 0);
  const samples = samplesOf({ ...fact, points });
  const since = samples.findLastIndex(({ value }) => value <= stillUsual * usual);
  const climb = steadyClimb(samples.slice(Math.max(0, since)));
  if (climb === null || 60 * climb.minutes < shortestSeconds || !goesOn(fact, climb.perSecond)) return null;
  const now = steadyClimb(fact.points)?.perSecond ?? 0;
  return { ...climb, to: fact.latest, perSecond: Math.max(now, climb.perSecond) };
}

const minuteMs = 60_000;

const halfHour = 30;
const goesOnShare = 0.4;
const lastMinutes = 5;

/**
 * What has come to a level for half an hour, or falls, has climbed: it has risen above its highest of the half hour before
 * by a part of its pace. Waves and a pod that restarts come back to it.
 */
function goesOn(fact: MetricFact, perSecond: number): boolean {
  const now = Date.parse(fact.at);
  const valuesOf = (from: number, to: number): readonly number[] =>
    samplesOf(fact)
      .filter(({ at }) => Date.parse(at) > now - from * minuteMs && Date.parse(at) <= now - to * minuteMs)
      .map(({ value }) => value)
      .toSorted((a, b) => b - a);
  const [before = 0] = valuesOf(2 * halfHour, halfHour);
  const [highest = 0, second = highest] = valuesOf(halfHour, 0);
  const [lately = fact.latest] = valuesOf(lastMinutes, 0);
  if (before <= 0) return true;
  // One point is a spike, and what lies lower by now than half an hour ago has been given back.
  return lately > before && Math.min(highest, second) - before >= goesOnShare * halfHour * 60 * perSecond;
}

/** Of the straight line nearest to all points; null where it may be chance, or falls. */
function slopeOf(points: MetricFact["points"]): number | null {
  if (points.length < fewestPoints) return null;
  const xs = points.map(({ at }) => Date.parse(at) / 1000);
  const ys = points.map(({ value }) => value);
  const [x0, y0] = [meanOf(xs), meanOf(ys)];
  const sxx = sum(xs.map((x) => (x - x0) ** 2));
  if (sxx <= 0) return null;
  const slope = sum(xs.map((x, index) => (x - x0) * ((ys[index] ?? y0) - y0))) / sxx;
  const rest = sum(xs.map((x, index) => ((ys[index] ?? y0) - y0 - slope * (x - x0)) ** 2));
  const error = Math.sqrt(rest / (points.length - 2) / sxx);
  return slope > 0 && slope >= surely * error ? slope : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
