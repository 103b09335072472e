import type { MetricFact } from "./metric-facts.ts";

/** The newest point of one may come minutes after that of the other; what is older says nothing about now. */
const lateMs = 5 * 60_000;

/**
 * Two metrics added up at the minutes that both have, until the newest of these: CloudWatch publishes each by itself, and a
 * minute that one lacks is no minute of nothing. Where they have none in common of late, the fresher alone, as the least
 * that it can be.
 */
export function sumOfMetrics(a: MetricFact | null, b: MetricFact | null): MetricFact | null {
  if (a === null || b === null) return a ?? b;
  const others = new Map(pointsOf(b).map(({ at, value }) => [Date.parse(at), value]));
  const points = pointsOf(a).flatMap(({ at, value }) => {
    const other = others.get(Date.parse(at));
    return other === undefined ? [] : [{ at, value: value + other }];
  });
  const last = points.at(-1);
  const fresher = Date.parse(b.at) > Date.parse(a.at) ? b : a;
  if (last === undefined || Date.parse(fresher.at) - Date.parse(last.at) > lateMs) return fresher;
  // Of a mere summary the extremes need not be of the same minute: what lasted is then not known better.
  const bare = a.points.length === 0 || b.points.length === 0;
  const values = points.map(({ value }) => value);
  return {
    ...a,
    latest: last.value,
    at: last.at,
    points: bare ? [] : points,
    peak: bare ? a.peak + b.peak : Math.max(...values),
    lowest: bare ? a.lowest + b.lowest : Math.min(...values),
    day: sum(a.day, b.day),
    week: sum(a.week, b.week),
    held: { day: sum(a.held.day, b.held.day), week: sum(a.held.week, b.held.week) },
    earlier: bare ? null : sumOfEarlier(a.earlier, b.earlier),
  };
}

/** Of a reading without its series there is the newest alone. */
function pointsOf({ points, at, latest }: MetricFact): MetricFact["points"] {
  return points.length === 0 ? [{ at, value: latest }] : points;
}

/** Both are of one look, so of the same steps; null where they are not. */
function sumOfEarlier(a: MetricFact["earlier"], b: MetricFact["earlier"]): MetricFact["earlier"] {
  if (a === null || b === null || a.from !== b.from || a.stepSeconds !== b.stepSeconds) return null;
  return { ...a, values: a.values.map((value, step) => sum(value, b.values[step] ?? null)) };
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
