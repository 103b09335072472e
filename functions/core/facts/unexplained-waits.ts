import { blockingOf } from "./blocking.ts";
import { ancestors, type LockMember } from "./lock-graph.ts";
import { waitsPatiently } from "./patient-waits.ts";
import type { View } from "./view.ts";

/**
 * Who has waited for a lock as long as a slow query, and below nobody who is known to hold one: somebody does, and was
 * not seen. Who stands by on purpose waits for no harm.
 */
export function unexplainedWaits(view: View): readonly LockMember[] {
  const { graph, blockers } = blockingOf(view);
  const known = new Set(blockers.map(({ member }) => member.key));
  return [...graph.members.values()].filter((member) => {
    if (member.waitsFor === null || waitsPatiently(member)) return false;
    const top = ancestors(graph, member).at(-1) ?? member;
    return waitedSeconds(member) >= view.thresholds.slowQuerySeconds && !known.has(top.key);
  });
}

/** By its request, else by its statement. */
function waitedSeconds({ waitsFor, session }: LockMember): number {
  return waitsFor?.waitSeconds ?? session?.statementSeconds ?? 0;
}

/** Of who has waited longest; 0 of nobody. */
export function longestWait(waits: readonly LockMember[]): number {
  return Math.max(0, ...waits.map(waitedSeconds));
}
