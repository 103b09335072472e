import type { HeldLock, LockForest, LockNode } from "../contract/locks.ts";
import { type Attribution, attributeWaiters } from "./attribute-waiters.ts";
import { growTrees, type Trees } from "./grow-trees.ts";
import { compareKeys, type ForestInput, type LockRequest } from "./lock-request.ts";
import { type ContestedObject, conflictTable, contestedObjects } from "./lock-table.ts";

export type { ForestInput, LockRequest } from "./lock-request.ts";

/** Locks listed for one node: a session that holds thousands of wanted rows is not told better by all of them. */
const maxHolds = 20;

/**
 * Who waits for whom, from one snapshot. `blocksDirectly` counts every waiter that conflicts with what a member
 * holds or that is queued behind it; `blocksTotal` counts its subtree, so that the roots' totals add up to the
 * waiters. A holder that blocks beside the one that was made parent is a root with `blocksTotal` 0.
 */
export function buildForest(input: ForestInput): LockForest {
  const objects = contestedObjects(input.requests);
  const attribution = attributeWaiters(input, objects);
  const { waiters, blocks } = attribution;
  const links = new Map<string, string | null>();
  for (const [owner, count] of blocks) if (count > 0) links.set(owner, null);
  for (const [owner, { parent }] of waiters) {
    links.set(owner, parent);
    if (parent !== null && !links.has(parent)) links.set(parent, null);
  }
  const trees = growTrees(links, (key) => waiters.get(key)?.request.waitSeconds ?? null);
  const kept = keepWithin(input, attribution, trees);
  const holds = heldBy(objects, kept);
  const nodes = preorder(trees, kept).map((key) => nodeOf(key, input, attribution, trees, holds));
  const omitted = [...waiters].filter(([key]) => !kept.has(key)).map(([, { request }]) => request.objectKind);
  return {
    nodes,
    waiters: waiters.size,
    omittedWaiters: omitted.length,
    ...(omitted.length === 0 ? {} : { omittedWaitFor: [...new Set(omitted)].sort() }),
    lockRows: input.requests.length,
    cycles: trees.cycles,
  };
}

/**
 * Exactly whom each waiter waits for, holders and conflicting requests ahead of it alike, as pg_blocking_pids()
 * lists them. Quadratic; for comparing with the engine's own answer, never for an incident.
 */
export function directBlockers(input: ForestInput): ReadonlyMap<string, ReadonlySet<string>> {
  const conflicts = conflictTable(input);
  const blockers = new Map<string, Set<string>>();
  for (const object of contestedObjects(input.requests)) {
    for (const [index, { owner, mode }] of object.queue.entries()) {
      const holders = object.groups.filter(({ modes }) => conflicts(object, modes, mode));
      const ahead = object.queue.slice(0, index).filter((other) => conflicts(object, [other.mode], mode));
      const others = blockers.get(owner) ?? new Set<string>();
      for (const other of holders.flatMap(({ owners }) => owners)) others.add(other);
      for (const other of ahead) others.add(other.owner);
      others.delete(owner);
      blockers.set(owner, others);
    }
  }
  return blockers;
}

/** Roots and inner members before leaves, the longest waits before others; parents always before their children. */
function keepWithin(input: ForestInput, { waiters }: Attribution, trees: Trees): ReadonlySet<string> {
  const below = (key: string): number => trees.sizeBelow.get(key) ?? 0;
  const depth = (key: string): number => trees.depthOf.get(key) ?? 0;
  const age = (key: string): number =>
    input.sessions.get(key)?.transactionSeconds ?? input.prepared.get(key)?.ageSeconds ?? 0;
  const wait = (key: string): number => waiters.get(key)?.request.waitSeconds ?? 0;
  const inner = trees.byDepth
    .filter((key) => below(key) > 0)
    .sort((a, b) => depth(a) - depth(b) || below(b) - below(a) || compareKeys(a, b))
    .slice(0, input.maxNodes);
  const room = input.maxNodes - inner.length;
  const rest = trees.byDepth.filter((key) => below(key) === 0);
  const leaves = rest
    .filter((key) => waiters.has(key))
    .sort((a, b) => wait(b) - wait(a) || compareKeys(a, b));
  const beside = rest
    .filter((key) => !waiters.has(key))
    .sort((a, b) => age(b) - age(a) || compareKeys(a, b))
    // Holders beside the parents get the room that leaves leave, and half of it at least.
    .slice(0, Math.max(Math.ceil(room / 2), room - leaves.length));
  return new Set([...inner, ...beside, ...leaves.slice(0, room - beside.length)]);
}

/** Largest tree first, and each parent just before what waits for it. */
function preorder({ byDepth, depthOf, childrenOf, sizeBelow }: Trees, kept: ReadonlySet<string>): string[] {
  const bySize = (a: string, b: string): number =>
    (sizeBelow.get(b) ?? 0) - (sizeBelow.get(a) ?? 0) || compareKeys(a, b);
  const open = byDepth.filter((key) => depthOf.get(key) === 0 && kept.has(key)).sort((a, b) => bySize(b, a));
  const order: string[] = [];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    order.push(key);
    const children = (childrenOf.get(key) ?? []).filter((child) => kept.has(child));
    open.push(...children.sort((a, b) => bySize(b, a)));
  }
  return order;
}

function heldBy(objects: readonly ContestedObject[], kept: ReadonlySet<string>): Map<string, LockRequest[]> {
  const holds = new Map<string, LockRequest[]>();
  const mostWanted = objects.toSorted(
    (a, b) => b.queue.length - a.queue.length || (a.name < b.name ? -1 : 1),
  );
  for (const request of mostWanted.flatMap(({ held }) => held)) {
    if (!kept.has(request.owner)) continue;
    const list = holds.get(request.owner) ?? [];
    const known = list.some(({ object, mode }) => object === request.object && mode === request.mode);
    if (!known && list.length < maxHolds) list.push(request);
    holds.set(request.owner, list);
  }
  return holds;
}

function nodeOf(
  key: string,
  input: ForestInput,
  { waiters, blocks }: Attribution,
  trees: Trees,
  holds: ReadonlyMap<string, readonly LockRequest[]>,
): LockNode {
  const waiter = waiters.get(key);
  const parent = trees.parentOf.get(key) ?? null;
  const queuedBehind = (trees.childrenOf.get(key) ?? []).filter((child) => waiters.get(child)?.behindQueue);
  return {
    key,
    session: input.sessions.get(key) ?? null,
    prepared: input.prepared.get(key) ?? null,
    waitsFor: waiter
      ? {
          object: waiter.request.object,
          objectKind: waiter.request.objectKind,
          mode: waiter.request.mode,
          waitSeconds: waiter.request.waitSeconds,
          queuePosition: waiter.queuePosition,
        }
      : null,
    parent,
    behindQueue: parent !== null && (waiter?.behindQueue ?? false),
    blockerCount: waiter?.blockerCount ?? 0,
    holderCount: waiter?.holderCount ?? 0,
    holds: (holds.get(key) ?? []).map(heldLockOf),
    blocksDirectly: (blocks.get(key) ?? 0) + queuedBehind.length,
    blocksTotal: trees.sizeBelow.get(key) ?? 0,
    longestWaitSeconds: trees.longestBelow.get(key) ?? null,
  };
}

function heldLockOf({ object, objectKind, mode, explicit }: LockRequest): HeldLock {
  return { object, objectKind, mode, explicit };
}
