import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { ConnectionGroup } from "../probes/rows.ts";
import { compare } from "./lock-graph.ts";
import type { View } from "./view.ts";
import { duration, list } from "./wording.ts";

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

/** Largest first, whatever order they came in. */
export function largestFirst(groups: readonly ConnectionGroup[]): readonly ConnectionGroup[] {
  return groups.toSorted((a, b) => b.count - a.count || compare(JSON.stringify(a), JSON.stringify(b)));
}

/** "40 idle in transaction of app checkout from 10.0.0.7 for up to 4 min". */
export function describeGroup(group: ConnectionGroup): string {
  const whose = group.application ? `app ${group.application}` : `user ${group.user ?? "unknown"}`;
  const from = group.client === null ? "" : ` from ${group.client}`;
  return `${group.count} ${states[group.state]} of ${whose}${from} for up to ${duration(group.oldestStateSeconds)}`;
}

/**
 * What a person can do about a pool that is full: end what sits idle in the largest idle group. Nothing when no
 * session has been idle for long: those are a pool at work.
 */
export function freeIdleConnections(view: View): readonly ProposedAction[] {
  const idle = largestFirst(view.connections ?? []).find(
    ({ state, idleOverLeak }) => state === "idle" && idleOverLeak > 0,
  );
  const postgres = view.evidence.target.engine === "postgres";
  // The process list of MySQL knows users; the application's name is not something to select sessions by there.
  const name = postgres ? idle?.application : idle?.user;
  if (idle === undefined || name === undefined || name === null) return [];
  const seconds = view.thresholds.leakIdleSeconds;
  const users = view.policy.protectedUsers.map(literal).join(", ");
  const preview = postgres
    ? `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ${literal(name)} AND state = 'idle' AND state_change < now() - interval '${seconds} seconds' AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND usename NOT IN (${users})`
    : `SELECT id FROM information_schema.processlist WHERE user = ${literal(name)} AND command = 'Sleep' AND time >= ${seconds}; then end each id that is not in a transaction`;
  return [
    proposeManual({
      id: "free-idle-connections",
      spec: ["A3"],
      risk: "disruptive",
      preview,
      describes: `${idle.idleOverLeak} sessions of ${name}, idle for over ${duration(seconds)}`,
      consequence:
        "Pools open new connections when they need them; an application that does not check its connections sees errors. The cause, a pool too large or a leak, stays.",
    }),
  ];
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
