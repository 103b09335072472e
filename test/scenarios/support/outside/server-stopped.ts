import { type Curve, type Curves, until } from "./curves.ts";

const byHost = /FreeStorageSpace|Balance/;

/** From so many minutes ago on the server tells nothing any more; what is measured of the volume goes on. */
export function serverSilent(curves: Curves, minutes: number): Curves {
  const cut = ([name, curve]: [string, Curve]) => [name, byHost.test(name) ? curve : until(minutes, curve)];
  return Object.fromEntries(Object.entries(curves).map(cut));
}

/** One value before, another since, and no noise: a count of clients that come and go together. */
export function jumps(before: number, since: number, after: number): Curve {
  return Object.assign((ago: number) => (ago > since ? before : after), { rough: 0 });
}
