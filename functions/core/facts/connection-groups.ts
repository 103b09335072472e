import type { ConnectionGroup } from "../probes/rows.ts";
import { compare } from "../text/compare.ts";
import { list } from "../text/wording.ts";

const states = {
  active: "active",
  idle: "idle",
  "idle-in-transaction": "idle in transaction",
  "idle-in-transaction-aborted": "idle in failed transaction",
  other: "in another state",
} as const satisfies Record<ConnectionGroup["state"], string>;

const order = ["active", "idle-in-transaction", "idle-in-transaction-aborted", "idle", "other"] as const;

/** "12 active, 40 idle in transaction and 30 idle". */
export function countsByState(groups: readonly ConnectionGroup[]): string {
  const counts = order.map((state) => ({
    state,
    count: groups.filter((group) => group.state === state).reduce((sum, group) => sum + group.count, 0),
  }));
  return list(counts.filter(({ count }) => count > 0).map(({ state, count }) => `${count} ${states[state]}`));
}

/** Idle past the leak threshold, and for nothing: who listens idles on purpose. */
export function unusedOf({ idleOverLeak, listening = 0 }: ConnectionGroup): number {
  return Math.max(0, idleOverLeak - listening);
}

/** Largest first, whatever order they came in. */
export function largestFirst(groups: readonly ConnectionGroup[]): readonly ConnectionGroup[] {
  return groups.toSorted((a, b) => b.count - a.count || compare(JSON.stringify(a), JSON.stringify(b)));
}

/** "idle in transaction". */
export function stateText(state: ConnectionGroup["state"]): string {
  return states[state];
}
