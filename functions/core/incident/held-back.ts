import type { HeldBack } from "../contract/held-back.ts";
import type { Incident, IncidentAction } from "../contract/incident.ts";
import type { Refusal } from "../contract/work-order.ts";

const keptKeys = 20;
const keptKinds = 30;
/** So many remedies that guards hold back, or so many times one, and the matter is a person's. */
const enough = 3;

/** Counts a "no" with those of its kind: one guard, one action. */
export function countHeldBack(
  incident: Incident,
  { key, proposal }: Pick<IncidentAction, "key" | "proposal">,
  { guard }: Refusal,
  at: string,
): HeldBack[] {
  const before = heldBackBy(incident, proposal.id, guard);
  const others = incident.heldBack.filter((kind) => kind !== before);
  const known = before?.keys ?? [];
  const now: HeldBack = {
    actionId: proposal.id,
    guard,
    firstKey: before?.firstKey ?? key,
    count: (before?.count ?? 0) + 1,
    different: (before?.different ?? 0) + (known.includes(key) ? 0 : 1),
    keys: [...known.filter((one) => one !== key), key].slice(-keptKeys),
    firstAt: before?.firstAt ?? at,
    lastAt: at,
  };
  return [...others, now].slice(-keptKinds);
}

export function heldBackBy(
  { heldBack }: Pick<Incident, "heldBack">,
  actionId: string,
  guard: string,
): HeldBack | undefined {
  return heldBack.find((kind) => kind.actionId === actionId && kind.guard === guard);
}

/** Why this is a person's now; null while it is too early to say so. */
export function heldBackTooOften({ heldBack }: Pick<Incident, "heldBack">): string | null {
  const different = heldBack.reduce((sum, kind) => sum + kind.different, 0);
  const guards = [...new Set(heldBack.map(({ guard }) => guard))].join(", ");
  if (different >= enough) return `${different} different remedies were held back (${guards})`;
  const often = heldBack.find(({ count }) => count >= enough);
  return often === undefined ? null : `the remedy was held back ${often.count} times (${often.guard})`;
}
