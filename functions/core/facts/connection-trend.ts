import type { Evidence, MetricSeries } from "../contract/evidence.ts";
import { compare } from "../text/compare.ts";

export interface ConnectionTrend {
  readonly latest: number;
  /** What it was before the rise, and for how long it has risen. */
  readonly before: number;
  readonly risingSeconds: number;
  /** It may have risen before the window as well: there it is lowest with its first point. */
  readonly sinceBefore: boolean;
  /** "jump": most of the rise within three minutes. "climb": bit by bit over ten minutes or more. */
  readonly shape: "jump" | "climb" | "level";
}

const jumpSeconds = 180;
const climbSeconds = 600;
/** A rise is news when it is so many connections, and such a share of what was there before. */
const minRise = 20;
const minShare = 0.5;

/** How DatabaseConnections of this instance moved over the window that was read; null with too few points. */
export function connectionTrend({ metrics, target }: Evidence): ConnectionTrend | null {
  const own = (series: MetricSeries): number =>
    series.dimensions["DBInstanceIdentifier"] === target.name ? 0 : 1;
  const series = metrics
    .filter(({ id, points }) => id === "DatabaseConnections" && points.length >= 4)
    .toSorted((a, b) => own(a) - own(b) || compare(JSON.stringify(a), JSON.stringify(b)))[0];
  const latest = series?.points.at(-1);
  if (series === undefined || latest === undefined) return null;
  const lowest = lowestBefore(series.points);
  const rise = latest.value - lowest.value;
  const risingSeconds = secondsBetween(lowest.at, latest.at);
  const seen = { latest: latest.value, before: lowest.value, risingSeconds };
  const sinceBefore = lowest === series.points[0];
  if (rise < minRise || rise < minShare * lowest.value) {
    return { ...seen, sinceBefore, shape: "level" };
  }
  const largest = largestRise(series.points);
  const shape = largest >= rise / 2 ? "jump" : risingSeconds >= climbSeconds ? "climb" : "level";
  return { ...seen, sinceBefore, shape };
}

type Points = MetricSeries["points"];

/** The last of the lowest points: a rise begins where the fall ends. */
function lowestBefore(points: Points): Points[number] {
  return points.reduce((lowest, point) => (point.value <= lowest.value ? point : lowest));
}

/** The most that it rose within three minutes. */
function largestRise(points: Points): number {
  let largest = 0;
  for (const [index, point] of points.entries()) {
    for (const later of points.slice(index + 1)) {
      if (secondsBetween(point.at, later.at) > jumpSeconds) break;
      largest = Math.max(largest, later.value - point.value);
    }
  }
  return largest;
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
