import type { Curve } from "./curves.ts";

/** One more each so many minutes since the first began and did not end: how many there are, times what each takes. */
export function stairs(before: number, each: number, began: number, apart: number): Curve {
  return (ago) => (ago > began ? before : before + each * (Math.floor((began - ago) / apart) + 1));
}

/** Climbs from one restart to the next, which are so many minutes ago, oldest first; as before until the first climb. */
export function climbsUntilRestart(
  before: number,
  aMinute: number,
  began: number,
  restarts: readonly number[],
): Curve {
  return (ago) => {
    if (ago > began) return before;
    const last = restarts.findLast((restart) => restart >= ago) ?? began;
    return before + aMinute * (last - ago);
  };
}

/** A job of every night between two minutes of the day, told from the last one's; now and then a little longer. */
export function everyNight(from: number, to: number, inside: number, outside: number): Curve {
  return (ago) => {
    const today = ago % 1440;
    return today <= from && today >= to ? inside : outside;
  };
}
