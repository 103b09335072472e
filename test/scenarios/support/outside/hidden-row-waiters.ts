import type { LockForest } from "../../../../functions/core/contract/locks.ts";
import { hiddenSession, lockNode } from "./postgres-half-rows.ts";

interface HiddenRowWaiters {
  readonly holder: number;
  readonly holderUser: string;
  readonly waiterUser: string;
  readonly database: string;
  readonly transaction: number;
  readonly table: string;
  readonly waiters: number;
  readonly longestSeconds: number;
}

/** By pg_locks alone: each of many wants another row of one table, and one transaction has them all. */
export function hiddenRowWaiters(of: HiddenRowWaiters): LockForest {
  const { holder, transaction, waiters, longestSeconds, database } = of;
  const object = `transaction ${transaction}`;
  const root = lockNode(hiddenSession(holder, of.holderUser, database), {
    holds: [{ object, objectKind: "transaction", mode: "ExclusiveLock", explicit: false }],
    blocksDirectly: waiters,
    blocksTotal: waiters,
    longestWaitSeconds: longestSeconds,
  });
  const waiting = Array.from({ length: waiters }, (_, index) => {
    const row = `row (${4100 + index * 17},${(index % 40) + 1}) of public.${of.table}`;
    return lockNode(hiddenSession(holder + 120 + index * 4, of.waiterUser, database), {
      parent: root.key,
      blockerCount: 1,
      holderCount: 1,
      holds: [{ object: row, objectKind: "row", mode: "AccessExclusiveLock", explicit: false }],
      waitsFor: {
        object: `${object} (${row})`,
        objectKind: "transaction",
        mode: "ShareLock",
        waitSeconds: longestSeconds - (index * longestSeconds * 0.93) / waiters,
        queuePosition: 1,
      },
    });
  });
  return { nodes: [root, ...waiting], waiters, omittedWaiters: 0, lockRows: waiters * 6 + 180, cycles: [] };
}
