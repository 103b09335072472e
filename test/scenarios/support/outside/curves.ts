import type { MetricQuery } from "../../../../functions/core/ports.ts";

/** What a metric was so many minutes ago; null where CloudWatch has no point of it. A day ago is 1440. */
export interface Curve {
  (minutesAgo: number): number | null;
  /** How far one minute lies from the next, as a share; left out: as is usual for such a metric. */
  readonly rough?: number;
}
export type Curves = Readonly<Record<string, Curve>>;

const dayMinutes = 1440;

/** The same by day and week, but for a little growth of the business. */
export function usual(value: number): Curve {
  return (ago) => grown(value, ago);
}

function grown(value: number, ago: number): number {
  return value * (1 - (0.03 * ago) / (7 * dayMinutes));
}

/** With the tide of the day: the value now, and as much above and below it as the share says at other hours. */
export function daily(value: number, swing: number): Curve {
  const tide = (ago: number) => 1 + swing * Math.sin((2 * Math.PI * ago) / dayMinutes);
  return (ago) => grown(value, ago) * tide(ago);
}

/** The hours of a day have their wave, and no day is quite like another: what it is now, it was nearly so a day ago. */
export function byHour(value: number, wave = 0.22): Curve {
  const hour = (ago: number) => 1 + wave * Math.sin((2 * Math.PI * (ago + 190)) / dayMinutes);
  return (ago) => {
    const days = Math.round(ago / dayMinutes);
    const unlike = days === 0 ? 0 : 0.09 * (chance("day", days) - 0.6);
    return (value * (1 + unlike) * hour(ago)) / hour(0);
  };
}

const followsTheDay = /CPUUtilization|Connections|Attempts|IOPS|Throughput|Queue|DBLoad|Queries/;

/** What follows the hours of the day does so; sizes and latencies stay as they are. */
export function withDays(curves: Curves): Curves {
  const wave = daily(1);
  return Object.fromEntries(
    Object.entries(curves).map(([name, curve]) => [
      name,
      followsTheDay.test(name) ? (ago: number) => (curve(ago) ?? 0) * (wave(ago) ?? 1) : curve,
    ]),
  );
}

/** As before until so many minutes ago, and from then on this value. */
export function turns(before: Curve, minutes: number, after: number): Curve {
  return (ago) => (ago > minutes ? before(ago) : after);
}

/** Nothing was published between two moments: the host was too busy, or there was none. */
export function gapped(curves: Curves, from: number, to: number): Curves {
  return Object.fromEntries(
    Object.entries(curves).map(([name, curve]) => [
      name,
      Object.assign((ago: number) => (ago <= from && ago >= to ? null : curve(ago)), {
        ...(curve.rough === undefined ? {} : { rough: curve.rough }),
      }),
    ]),
  );
}

/** As usual until so many minutes ago, then on a straight line to `to`. */
export function moves(from: number, to: number, minutes: number): Curve {
  return (ago) => (ago >= minutes ? from : to + ((from - to) * ago) / minutes);
}

/** As usual until so many minutes ago, and another value from then on. */
export function steps(before: number, after: number, minutes: number): Curve {
  return (ago) => (ago > minutes ? usual(before)(ago) : after);
}

/** Another value between two moments, as usual before and after. */
export function during(from: number, to: number, inside: number | null, outside: number): Curve {
  return (ago) => (ago <= from && ago >= to ? inside : usual(outside)(ago));
}

/** What a limit holds: hardly any noise. */
export function even(curve: Curve): Curve {
  return Object.assign((ago: number) => curve(ago), { rough: 0.01 });
}

/** No points after so many minutes ago. */
export function until(minutes: number, curve: Curve): Curve {
  return (ago) => (ago < minutes ? null : curve(ago));
}

/** How far one minute lies from the next, as a share of the value. */
const roughness: readonly (readonly [RegExp, number])[] = [
  [/IOPS|Throughput|Queries|Transactions$/, 0.12],
  [/Latency|DBLoad|Queue/, 0.15],
  [/CPUUtilization/, 0.05],
  [/Connections|Lag$|LagMaximum/, 0.02],
  [/FreeableMemory|Swap/, 0.01],
];

/** A share that is the same whenever it is asked for: of a name and a minute. */
function chance(name: string, minute: number): number {
  let hash = 2166136261 ^ minute;
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 4294967296;
}

const minuteMs = 60_000;

/** One point a period as CloudWatch would answer: rough, the newest minute not yet there, now and then one missing. */
export function pointsOf(curve: Curve, query: MetricQuery, from: number, to: number, now: number) {
  const stepMs = query.periodSeconds * 1000;
  const rough = curve.rough ?? roughness.find(([pattern]) => pattern.test(query.name))?.[1] ?? 0;
  const isWhole = /Connections|Attempts/.test(query.name);
  const points: { at: string; value: number }[] = [];
  for (let at = from; at + stepMs <= Math.min(to, now - minuteMs); at += stepMs) {
    const minute = Math.floor(at / minuteMs);
    const value = curve((now - at) / minuteMs);
    if (value === null || (stepMs === minuteMs && chance(`gap ${query.name}`, minute) < 0.03)) continue;
    const noisy =
      value * (1 + rough * (2 * chance(query.name, minute) - 1)) * extreme(query.statistic, rough);
    const limited = /Percent|CPUUtil|BurstBalance|Balance%|ACUUtil|HitRatio/.test(query.name)
      ? Math.min(100, noisy)
      : noisy;
    points.push({ at: new Date(at).toISOString(), value: isWhole ? Math.round(limited) : limited });
  }
  return points;
}

function extreme(statistic: string, rough: number): number {
  if (statistic === "Maximum") return 1 + rough / 2;
  return statistic === "Minimum" ? 1 - rough / 2 : 1;
}
