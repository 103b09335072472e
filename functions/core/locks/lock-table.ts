import type { HeldLock } from "../contract/locks.ts";
import { compareKeys, type ForestInput, type LockRequest } from "./lock-request.ts";

/** Owners that hold exactly the same modes of one object: they block the same requests. */
export interface HolderGroup {
  readonly modes: readonly string[];
  readonly owners: readonly string[];
}

/** An object that somebody waits for. */
export interface ContestedObject {
  readonly name: string;
  readonly kind: HeldLock["objectKind"];
  readonly groups: readonly HolderGroup[];
  /** The group of every owner that holds something of it. */
  readonly groupOf: ReadonlyMap<string, HolderGroup>;
  readonly held: readonly LockRequest[];
  /** Head first. */
  readonly queue: readonly LockRequest[];
  /** How many wait for each mode. */
  readonly wanted: ReadonlyMap<string, number>;
}

/** Objects with at least one waiter; what nobody waits for is dropped here. */
export function contestedObjects(requests: readonly LockRequest[]): ContestedObject[] {
  const queues = new Map<string, LockRequest[]>();
  const held = new Map<string, LockRequest[]>();
  for (const request of requests) if (!request.granted) append(queues, request.object, request);
  for (const request of requests) {
    if (request.granted && queues.has(request.object)) append(held, request.object, request);
  }
  return [...queues].map(([name, queue]) => {
    const granted = held.get(name) ?? [];
    queue.sort((a, b) => a.order - b.order || compareKeys(a.owner, b.owner));
    const groupOf = groupHolders(granted);
    const groups = [...new Set(groupOf.values())];
    const wanted = new Map<string, number>();
    for (const { mode } of queue) wanted.set(mode, (wanted.get(mode) ?? 0) + 1);
    return { name, kind: queue[0]?.objectKind ?? "other", groups, groupOf, held: granted, queue, wanted };
  });
}

/** The conflict question with a memory: few modes exist, so pairs of requests are never asked about one by one. */
export function conflictTable(
  input: Pick<ForestInput, "conflicts">,
): (object: ContestedObject, held: readonly string[], wanted: string) => boolean {
  const known = new Map<string, boolean>();
  const ask = (kind: HeldLock["objectKind"], held: string, wanted: string): boolean => {
    const key = `${kind}\0${held}\0${wanted}`;
    const answer = known.get(key) ?? input.conflicts(kind, held, wanted);
    known.set(key, answer);
    return answer;
  };
  return (object, held, wanted) => held.some((mode) => ask(object.kind, mode, wanted));
}

function groupHolders(granted: readonly LockRequest[]): Map<string, HolderGroup> {
  const modesOf = new Map<string, Set<string>>();
  for (const { owner, mode } of granted) {
    const modes = modesOf.get(owner);
    if (modes) modes.add(mode);
    else modesOf.set(owner, new Set([mode]));
  }
  const groups = new Map<string, { modes: string[]; owners: string[] }>();
  const groupOf = new Map<string, HolderGroup>();
  for (const [owner, set] of modesOf) {
    const modes = [...set].sort();
    const key = modes.join("\0");
    const group = groups.get(key) ?? { modes, owners: [] };
    group.owners.push(owner);
    groups.set(key, group);
    groupOf.set(owner, group);
  }
  return groupOf;
}

function append(lists: Map<string, LockRequest[]>, key: string, request: LockRequest): void {
  const list = lists.get(key);
  if (list) list.push(request);
  else lists.set(key, [request]);
}
