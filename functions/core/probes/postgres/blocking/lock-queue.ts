import type { LockRequest } from "../../../locks/forest.ts";
import { compareKeys } from "../../../locks/lock-request.ts";
import { postgresModesConflict } from "./lock-modes.ts";

interface Entry {
  readonly index: number;
  readonly request: LockRequest;
  readonly since: number;
}

/**
 * Gives waiters their place in the queue. They stand as they came, but who already holds a lock on the object steps
 * in front of the first waiter that its lock would keep out anyway (ProcSleep in
 * https://github.com/postgres/postgres/blob/master/src/backend/storage/lmgr/proc.c).
 */
export function orderQueues(
  requests: readonly LockRequest[],
  waitStarts: readonly (number | null)[],
): LockRequest[] {
  const heldModes = new Map<string, string[]>();
  const queues = new Map<string, Entry[]>();
  for (const [index, request] of requests.entries()) {
    if (request.granted) append(heldModes, `${request.object}\0${request.owner}`, request.mode);
    // Not recorded yet: it has only just begun to wait.
    else
      append(queues, request.object, {
        index,
        request,
        since: waitStarts[index] ?? Number.POSITIVE_INFINITY,
      });
  }
  const places = new Map<number, number>();
  for (const queue of queues.values()) {
    queue.sort((a, b) =>
      a.since === b.since ? compareKeys(a.request.owner, b.request.owner) : a.since - b.since,
    );
    for (const [place, { index }] of stand(queue, heldModes).entries()) places.set(index, place);
  }
  return requests.map((request, index) => ({ ...request, order: places.get(index) ?? 0 }));
}

function stand(arrivals: readonly Entry[], heldModes: ReadonlyMap<string, readonly string[]>): Entry[] {
  const queue: Entry[] = [];
  for (const entry of arrivals) {
    const held = heldModes.get(`${entry.request.object}\0${entry.request.owner}`) ?? [];
    const ahead =
      held.length === 0
        ? -1
        : queue.findIndex(({ request }) => held.some((mode) => postgresModesConflict(mode, request.mode)));
    if (ahead < 0) queue.push(entry);
    else queue.splice(ahead, 0, entry);
  }
  return queue;
}

function append<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
