import type { LockGraph, LockMember } from "./lock-graph.ts";
import { holdersBeside, isStrongRequest } from "./lock-queues.ts";

/**
 * Waiters below a member that go on when it alone ends. A lock can have several holders: whoever waits for all of them
 * is freed by none, and neither is who stands behind such a one. Waiters that were only counted are taken to be like
 * those that can be seen.
 */
export function freedBy(
  graph: LockGraph,
  member: LockMember,
  seen: ReadonlySet<string> = new Set([member.key]),
): number {
  const direct = graph.children.get(member.key) ?? [];
  const goOn = whoGoesOn(graph, member, direct).filter(({ key }) => !seen.has(key));
  const hidden = direct.length > 0 && goOn.length === direct.length ? member.hidden : 0;
  const below = new Set([...seen, ...goOn.map(({ key }) => key)]);
  return goOn.reduce((sum, child) => sum + 1 + freedBy(graph, child, below), hidden);
}

/** How many hold what the direct waiters of a member wait for, at most. */
export function holdersWith(graph: LockGraph, member: LockMember): number {
  const direct = (graph.children.get(member.key) ?? []).filter(({ behindQueue }) => !behindQueue);
  return Math.max(1, ...direct.map((child) => holdersOf(graph, member, child)));
}

function holdersOf(graph: LockGraph, holder: LockMember, child: LockMember): number {
  return child.holderCount ?? 1 + holdersBeside(graph, holder, [child]).length;
}

function whoGoesOn(
  graph: LockGraph,
  member: LockMember,
  direct: readonly LockMember[],
): readonly LockMember[] {
  const inOrder = direct.toSorted((a, b) => placeOf(a) - placeOf(b));
  const blockedQueues = new Set<string>();
  return inOrder.filter((child) => {
    const object = child.waitsFor?.object ?? "";
    const alone = child.behindQueue
      ? !requestAhead(graph, member, child)
      : holdersOf(graph, member, child) === 1 && !(blockedQueues.has(object) && queuesBehind(child));
    if (!alone) blockedQueues.add(object);
    return alone;
  });
}

/** Another strong request in front of the one that it stands behind keeps it waiting all the same. */
function requestAhead({ members }: LockGraph, pivot: LockMember, { waitsFor }: LockMember): boolean {
  return [...members.values()].some(
    (other) =>
      other.key !== pivot.key &&
      other.waitsFor?.object === waitsFor?.object &&
      placeOf(other) < placeOf(pivot) &&
      isStrongRequest(other),
  );
}

/** It waits for requests in front of it, too, and not only for who holds the lock. */
function queuesBehind({ blockerCount, holderCount }: LockMember): boolean {
  return blockerCount > (holderCount ?? 1);
}

function placeOf({ waitsFor }: LockMember): number {
  return waitsFor?.queuePosition ?? 0;
}
