import { compareKeys, type ForestInput, type LockRequest } from "./lock-request.ts";
import { type ContestedObject, conflictTable, type HolderGroup } from "./lock-table.ts";

/** A waiting owner, and whom it waits for. */
export interface Waiter {
  readonly request: LockRequest;
  readonly queuePosition: number;
  readonly parent: string | null;
  readonly behindQueue: boolean;
  readonly blockerCount: number;
  /** Of these, the ones that hold a conflicting lock. */
  readonly holderCount: number;
}

export interface Attribution {
  readonly waiters: ReadonlyMap<string, Waiter>;
  /** For each holder: waiting requests that conflict with what it holds. */
  readonly blocks: ReadonlyMap<string, number>;
}

type Conflicts = ReturnType<typeof conflictTable>;
type Better = (a: string, b: string) => number;

/** Gives every waiter one parent. Time grows with the number of requests, not with waiters times holders. */
export function attributeWaiters(input: ForestInput, objects: readonly ContestedObject[]): Attribution {
  const conflicts = conflictTable(input);
  const waiting = new Set(objects.flatMap(({ queue }) => queue.map(({ owner }) => owner)));
  const blocks = countBlocked(objects, conflicts);
  const better = ranking(input, waiting, blocks);
  const waiters = new Map<string, Waiter>();
  for (const object of objects) {
    for (const waiter of walkQueue(object, conflicts, better)) {
      const known = waiters.get(waiter.request.owner);
      // Only a group of parallel workers waits more than once: what somebody holds up tells more than what nobody does.
      if (!known || (known.parent === null && waiter.parent !== null)) {
        waiters.set(waiter.request.owner, waiter);
      }
    }
  }
  return { waiters, blocks };
}

function countBlocked(objects: readonly ContestedObject[], conflicts: Conflicts): Map<string, number> {
  const blocks = new Map<string, number>();
  const add = (owner: string, count: number): void => {
    blocks.set(owner, (blocks.get(owner) ?? 0) + count);
  };
  for (const object of objects) {
    for (const group of object.groups) {
      const blocked = blockedBy(object, group, conflicts);
      for (const owner of group.owners) add(owner, blocked);
    }
    for (const { owner, mode } of object.queue) {
      // Nobody blocks itself: a holder that waits for more of the same object was counted above.
      if (conflicts(object, object.groupOf.get(owner)?.modes ?? [], mode)) add(owner, -1);
    }
  }
  return blocks;
}

function blockedBy(object: ContestedObject, group: HolderGroup, conflicts: Conflicts): number {
  let blocked = 0;
  for (const [mode, count] of object.wanted) if (conflicts(object, group.modes, mode)) blocked += count;
  return blocked;
}

/** Who to name among several holders: one that can go on by itself, that blocks most, that is oldest. */
function ranking(
  input: ForestInput,
  waiting: ReadonlySet<string>,
  blocks: ReadonlyMap<string, number>,
): Better {
  const age = (owner: string): number =>
    input.sessions.get(owner)?.transactionSeconds ?? input.prepared.get(owner)?.ageSeconds ?? 0;
  return (a, b) =>
    Number(waiting.has(a)) - Number(waiting.has(b)) ||
    (blocks.get(b) ?? 0) - (blocks.get(a) ?? 0) ||
    age(b) - age(a) ||
    compareKeys(a, b);
}

interface Front {
  readonly group: HolderGroup;
  readonly best: string | null;
  /** Stands in when the best is the waiter itself. */
  readonly second: string | null;
}

interface Ahead {
  readonly mode: string;
  readonly group: HolderGroup | null;
  count: number;
  last: { owner: string; place: number };
  beforeLast: { owner: string; place: number } | null;
}

function* walkQueue(object: ContestedObject, conflicts: Conflicts, better: Better): Generator<Waiter> {
  const fronts = object.groups.map((group) => frontOf(group, better));
  const ahead = new Map<string, Ahead>();
  const queued = new Set<string>();
  for (const [index, request] of object.queue.entries()) {
    const holders = conflictingHolders(object, fronts, conflicts, request, better);
    const queue = conflictingQueue(object, ahead, conflicts, request);
    yield {
      request,
      queuePosition: index + 1,
      parent: holders.first ?? queue.nearest,
      behindQueue: holders.first === null && queue.nearest !== null,
      blockerCount: holders.count + queue.count,
      holderCount: holders.count,
    };
    const once = `${request.owner}\0${request.mode}`;
    if (!queued.has(once)) step(ahead, object, request, index);
    queued.add(once);
  }
}

function frontOf(group: HolderGroup, better: Better): Front {
  let best: string | null = null;
  let second: string | null = null;
  for (const owner of group.owners) {
    if (best === null || better(owner, best) < 0) {
      second = best;
      best = owner;
    } else if (second === null || better(owner, second) < 0) second = owner;
  }
  return { group, best, second };
}

function conflictingHolders(
  object: ContestedObject,
  fronts: readonly Front[],
  conflicts: Conflicts,
  { owner, mode }: LockRequest,
  better: Better,
): { first: string | null; count: number } {
  let first: string | null = null;
  let count = 0;
  const own = object.groupOf.get(owner);
  for (const { group, best, second } of fronts) {
    if (!conflicts(object, group.modes, mode)) continue;
    count += group.owners.length - (group === own ? 1 : 0);
    const candidate = best === owner ? second : best;
    if (candidate !== null && (first === null || better(candidate, first) < 0)) first = candidate;
  }
  return { first, count };
}

function conflictingQueue(
  object: ContestedObject,
  ahead: ReadonlyMap<string, Ahead>,
  conflicts: Conflicts,
  { owner, mode }: LockRequest,
): { nearest: string | null; count: number } {
  let nearest: { owner: string; place: number } | null = null;
  let count = 0;
  for (const entry of ahead.values()) {
    if (!conflicts(object, [entry.mode], mode)) continue;
    // Who holds a conflicting lock already is counted among the holders.
    if (!entry.group || !conflicts(object, entry.group.modes, mode)) count += entry.count;
    const candidate = entry.last.owner === owner ? entry.beforeLast : entry.last;
    if (candidate && (nearest === null || candidate.place > nearest.place)) nearest = candidate;
  }
  return { nearest: nearest?.owner ?? null, count };
}

function step(
  ahead: Map<string, Ahead>,
  object: ContestedObject,
  { owner, mode }: LockRequest,
  place: number,
): void {
  const group = object.groupOf.get(owner) ?? null;
  const key = `${mode}\0${group?.modes.join("\0") ?? ""}`;
  const entry = ahead.get(key);
  if (!entry) ahead.set(key, { mode, group, count: 1, last: { owner, place }, beforeLast: null });
  else {
    entry.count += 1;
    entry.beforeLast = entry.last;
    entry.last = { owner, place };
  }
}
