import type { Curve, Curves } from "./curves.ts";

/** From so many minutes ago on these values in turn, one a minute; as before until then. */
export function inTurn(before: Curve, minutes: number, values: readonly number[]): Curve {
  return (ago) => (ago > minutes ? before(ago) : (values[Math.floor(minutes - ago) % values.length] ?? null));
}

/** As before until so many minutes ago, then so much more each minute until nothing more fits. */
export function fillsUp(before: Curve, minutes: number, aMinute: number, most: number): Curve {
  return (ago) => {
    const was = before(ago) ?? 0;
    return ago > minutes ? was : Math.min(most, was + (minutes - ago) * aMinute);
  };
}

/** Nothing was published before there was such an instance. */
export function sinceMade(curves: Curves, minutes: number): Curves {
  return Object.fromEntries(
    Object.entries(curves).map(([name, curve]) => [
      name,
      (ago: number) => (ago > minutes ? null : curve(ago)),
    ]),
  );
}
