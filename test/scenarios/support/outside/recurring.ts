import type { Curve } from "./curves.ts";

/** In the first minutes of every hour of every day this, and that at other times; the last began so many minutes ago. */
export function eachHour(began: number, minutes: number, inside: number, outside: number): Curve {
  return (ago) => {
    const sinceHour = (((began - ago) % 60) + 60) % 60;
    return sinceHour < minutes ? inside : outside;
  };
}

/** Falls or rises by so much a day towards the value now, every day alike. */
export function byDay(now: number, aDay: number): Curve {
  return (ago) => now - (aDay * ago) / 1440;
}

/** On a straight line between two moments; before the first and after the second it stays. */
export function between(from: number, to: number, before: number, after: number): Curve {
  return (ago) => {
    if (ago >= from) return before;
    return ago <= to ? after : after + ((before - after) * (ago - to)) / (from - to);
  };
}
