import { meanOf } from "./mean.ts";
import { grownSwap } from "./memory.ts";
import { type MetricFact, metricFact, usualHigh } from "./metric-facts.ts";
import { bytesText } from "./rds-facts.ts";
import type { View } from "./view.ts";
import { shrunkClass } from "./what-changed.ts";

/** What the connections that came have taken of the memory, as far as CloudWatch shows it. */
export interface MemoryTaken {
  readonly from: number;
  readonly to: number;
  readonly bytesEach: number;
  /** Both happened before the window: how they went together was not seen. */
  readonly before: boolean;
}

const mib = 1024 ** 2;
/** Of what there was before: fewer are any morning. */
const leastRise = 20;
const leastShare = 0.2;
/** What one connection takes, idle or at work; less does not fill a memory, and more is its statement's. */
const [leastEach, mostEach] = [0.5 * mib, 32 * mib];
const fewestPoints = 6;
/** Of the whole change, within the window: of connections that have come, and of memory that was taken. */
const [level, lately] = [0.15, 0.5];
/** Both go together, one up and one down. */
const together = -0.9;
/** Drawn back to what is usual, both began at the same time, to about a third. */
const sameOnset = 1.5;

/**
 * Connections that came over what is usual while the memory fell, minute for minute, and that began when it did; by as
 * much for each as a connection takes; or that stay since, many times the usual. Null where neither was seen.
 */
export function memoryByConnections(view: View): MemoryTaken | null {
  return takenNow(view) ?? takenBefore(view);
}

function takenNow(view: View): MemoryTaken | null {
  const [connections, free] = [metricFact(view, "DatabaseConnections"), metricFact(view, "FreeableMemory")];
  if (connections === null || free === null) return null;
  const rise = courseOf(connections, usualHigh(connections));
  const fall = courseOf(free, usualLow(free));
  if (rise === null || fall === null) return null;
  const came = connections.latest - rise.usual;
  if (came < Math.max(leastRise, leastShare * rise.usual)) return null;
  const bytesEach = (fall.usual - free.latest) / came;
  if (bytesEach < leastEach || bytesEach > mostEach) return null;
  const taken = { from: rise.usual, to: connections.latest, bytesEach };
  const apart = rise.within / fall.within;
  return apart <= sameOnset && apart >= 1 / sameOnset && goTogether(connections, free)
    ? { ...taken, before: false }
    : null;
}

/**
 * The same of an hour ago or more, of which the window has the end alone: at least twice the connections of this hour of a
 * day and a week ago, and no more coming, while the memory had fallen before the window for the most part. What was
 * swapped out meanwhile was theirs as well.
 */
function takenBefore(view: View): MemoryTaken | null {
  const [connections, free] = [metricFact(view, "DatabaseConnections"), metricFact(view, "FreeableMemory")];
  const [from, had] = [
    connections === null ? null : usualHigh(connections),
    free === null ? null : usualLow(free),
  ];
  if (connections === null || free === null || from === null || had === null) return null;
  const [rise, fall] = [courseOf(connections, from), courseOf(free, had)];
  if (rise === null || fall === null || shrunkClass(view) !== null) return null;
  if (rise.within > level || fall.within > lately || fall.within < 0) return null;
  const came = connections.latest - from;
  const swap = grownSwap(view);
  // Without its past, what was swapped out may be long out.
  const swapped = swap === null ? 0 : swap.latest - (usualHigh(swap) ?? swap.latest);
  const bytesEach = (had - free.latest + swapped) / came;
  if (came < Math.max(leastRise, from) || bytesEach < leastEach || bytesEach > mostEach) return null;
  return { from, to: connections.latest, bytesEach, before: true };
}

/** "connections climbed as it fell, from 93 to 258: some 4.5 MiB for each". */
export function takenByText({ from, to, bytesEach, before }: MemoryTaken): string {
  if (before)
    return `${Math.round(to)} connections are open, ${Math.round(from)} as a rule: most likely those that came have taken it, some ${bytesText(bytesEach)} each`;
  return `connections climbed as it fell, from ${Math.round(from)} to ${Math.round(to)}, some ${bytesText(bytesEach)} for each: they have taken it`;
}

interface Course {
  readonly usual: number;
  /** Share of the whole change since the usual that happened within the window: 1 where it began there. */
  readonly within: number;
}

/** Without a day or a week ago to go by, the window is all there is. */
function courseOf({ points, latest }: MetricFact, usual: number | null): Course | null {
  const [first] = points;
  if (first === undefined || points.length < fewestPoints) return null;
  const before = usual ?? first.value;
  const change = latest - before;
  return change === 0 ? null : { usual: before, within: Math.min(1, (latest - first.value) / change) };
}

function usualLow({ day, week }: MetricFact): number | null {
  const known = [day, week].filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function goTogether({ points }: MetricFact, free: MetricFact): boolean {
  const pairs = points.flatMap(({ at, value }) => {
    const other = free.points.find((point) => point.at === at);
    return other === undefined ? [] : [{ x: value, y: other.value }];
  });
  if (pairs.length < fewestPoints) return false;
  const [x0, y0] = [meanOf(pairs.map(({ x }) => x)), meanOf(pairs.map(({ y }) => y))];
  const by = (of: (pair: (typeof pairs)[number]) => number): number => meanOf(pairs.map(of));
  const spread = Math.sqrt(by(({ x }) => (x - x0) ** 2) * by(({ y }) => (y - y0) ** 2));
  return spread > 0 && by(({ x, y }) => (x - x0) * (y - y0)) / spread <= together;
}
