import type { Followed } from "../contract/work-order.ts";

/** Which guard keeps back what is left to be sent; how it is released only while somebody waits for that. Empty: none does. */
export function heldBy({ mayTidy, held, release, until }: Followed, now: number): string {
  if (mayTidy) return "";
  const by = held ?? "the kill switch is engaged.";
  return release === undefined || now >= Date.parse(until) ? by : `${by} ${release}`;
}
