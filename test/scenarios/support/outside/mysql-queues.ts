import type { LockForest, LockNode } from "../../../../functions/core/contract/locks.ts";
import type { Session } from "../../../../functions/core/contract/session.ts";
import type { ConnectionGroup } from "../../../../functions/core/probes/rows.ts";
import { groupOf } from "./late-mysql-rows.ts";

interface RowQueue {
  readonly row: string;
  readonly holder: Session;
  /** Seconds that each has waited, the longest first; a request queues in this order. */
  readonly waiters: readonly { readonly session: Session; readonly seconds: number }[];
}

/** One transaction has a row, and all others want it: as performance_schema's data locks tell. */
export function rowQueue({ row, holder, waiters }: RowQueue): LockForest {
  const holds = [{ object: row, objectKind: "row" as const, mode: "X,REC_NOT_GAP", explicit: false }];
  const key = `session:${holder.id}`;
  const root: LockNode = {
    ...alone(holder),
    holds,
    blocksDirectly: waiters.length,
    blocksTotal: waiters.length,
    longestWaitSeconds: Math.max(...waiters.map(({ seconds }) => seconds)),
  };
  const queued = waiters.map(({ session, seconds }, index): LockNode => {
    const wait = { object: row, objectKind: "row" as const, mode: "X,REC_NOT_GAP" };
    return {
      ...alone(session),
      waitsFor: { ...wait, waitSeconds: seconds, queuePosition: index + 1 },
      parent: key,
      blockerCount: 1,
      holderCount: 1,
    };
  });
  const lockRows = waiters.length + 1;
  return { nodes: [root, ...queued], waiters: waiters.length, omittedWaiters: 0, lockRows, cycles: [] };
}

function alone(session: Session): LockNode {
  return {
    key: `session:${session.id}`,
    session,
    prepared: null,
    waitsFor: null,
    parent: null,
    behindQueue: false,
    blockerCount: 0,
    holderCount: 0,
    holds: [],
    blocksDirectly: 0,
    blocksTotal: 0,
    longestWaitSeconds: null,
  };
}

/** A pool of so many on each host, given back and taken again within seconds. */
export function poolOn(
  user: string,
  hosts: Readonly<Record<string, number>>,
  median: number,
  oldest: number,
) {
  return Object.entries(hosts).map(
    ([host, count]): ConnectionGroup => groupOf(user, host, "idle", count, [median, oldest]),
  );
}

/** So many numbers from one to another, evenly. */
export function spread(count: number, from: number, to: number): number[] {
  return Array.from({ length: count }, (_, n) => from + ((to - from) * n) / Math.max(1, count - 1));
}
