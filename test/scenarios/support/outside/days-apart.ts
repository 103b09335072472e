import type { Curve } from "./curves.ts";

const dayMinutes = 1440;

/** One value today, another a day ago, and another a week ago: what grows faster than a business does. */
export function daysApart(today: Curve, aDayAgo: number, aWeekAgo: number): Curve {
  const past: Curve = (ago) => (ago > 4 * dayMinutes ? aWeekAgo : aDayAgo);
  const shape = (ago: number) => (ago < dayMinutes / 2 ? today(ago) : past(ago));
  return Object.assign(shape, today.rough === undefined ? {} : { rough: today.rough });
}

/** The same hours of every day have it: from so many minutes ago for so long, and so on each day before. */
export function atTheseHours(began: number, lasts: number, inside: number, outside: number): Curve {
  return (ago) => {
    const since = (((began - ago) % dayMinutes) + dayMinutes) % dayMinutes;
    return since < lasts ? inside : outside;
  };
}
