import type { Followed } from "../contract/work-order.ts";

/** Which guard keeps back what is left to be sent; how it is released only while somebody waits for that. Empty: none does. */
export function heldBy({ mayTidy, held, release, until }: Followed, now: number): string {
  if (mayTidy) return "";
  const by = held ?? "the kill switch is engaged.";
  return release === undefined || now >= Date.parse(until) ? by : `${by} ${release}`;
}

/** Guards that let go by themselves, or by whoever set them: what they keep back is sent then (incident/passing-guards.ts). */
export const liftingGuards: ReadonlySet<string> = new Set([
  ...["kill-switch", "kill-switch-unreadable", "no-settings", "exempt", "snoozed", "tags-unread"],
]);

/** Any other guard hands what is left to a person: nothing waits for it, or it would be done over what that one decides. */
export function isLeftToPerson({ mayTidy, held }: Followed): boolean {
  return !mayTidy && held !== undefined && !liftingGuards.has(held.slice(0, held.indexOf(":")));
}
