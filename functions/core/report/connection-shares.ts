import type { ConnectionGroup } from "../probes/rows.ts";

/** Connections of one state, as part of all that applications can have. */
export interface ConnectionShare {
  readonly state: string;
  readonly kind: ConnectionGroup["state"] | "waiting" | "free";
  readonly count: number;
}

const order = [
  ["active", "active"],
  ["idle-in-transaction", "idle in transaction"],
  ["idle-in-transaction-aborted", "idle in failed transaction"],
  ["idle", "idle"],
  ["other", "other"],
] as const;

/** By state, those that wait for a lock apart from the active ones, and what is left. */
export function connectionShares(
  groups: readonly ConnectionGroup[],
  usable: number,
): readonly ConnectionShare[] {
  const used = groups.reduce((sum, { count }) => sum + count, 0);
  const waiting = groups.reduce(
    (sum, group) => sum + (group.state === "active" ? group.waitingOnLock : 0),
    0,
  );
  const counts = order.map(([kind, state]): ConnectionShare => {
    const count = groups.reduce((sum, group) => sum + (group.state === kind ? group.count : 0), 0);
    return { kind, state, count: kind === "active" ? count - waiting : count };
  });
  const all: readonly ConnectionShare[] = [
    { kind: "waiting", state: "waiting for a lock", count: waiting },
    ...counts,
    { kind: "free", state: "free", count: Math.max(0, usable - used) },
  ];
  return all.filter(({ count }) => count > 0);
}
