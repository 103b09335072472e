import type { Session } from "../../contract/session.ts";
import type { Thresholds } from "../../settings.ts";
import { defineProbe, type ProbeContext } from "../define.ts";
import { type ConnectionGroup, connectionGroupSchema } from "../rows.ts";
import { performanceSchemaGrant, processGrant } from "./sight.ts";
import { readMysqlSnapshot, waitsForLock } from "./snapshot.ts";
import { mysqlSnapshotStatements } from "./snapshot-sql.ts";

export const mysqlConnections = defineProbe({
  id: "mysql-connections",
  spec: ["P22"],
  title: "Who holds the connections, in which state and for how long?",
  engines: ["mysql", "mariadb"],
  tier: "immediate",
  cost: "Five flat reads of session lists, sent once for the whole tier and joined in memory; linear in the connections. MariaDB copies its lock queues for it, more than linear in those who wait for one row (85 ms for 500); not asked for beyond 1,200 waiters.",
  needs: [processGrant, performanceSchemaGrant],
  row: connectionGroupSchema,
  maxRows: 100,
  source: "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-processlist-table.html",
  statements: ({ server }) => mysqlSnapshotStatements(server),
  read: (answers, context): ConnectionGroup[] => {
    // Replicas take connections as well, system threads do not.
    const sessions = [...readMysqlSnapshot(answers, context).sessions.values()].filter(
      ({ kind, client }) => kind === "client" || (kind === "replication" && client !== null),
    );
    const groups = Map.groupBy(sessions, ({ state, application, user, client, database }) =>
      JSON.stringify([state, application, user, client, database]),
    );
    return [...groups.values()]
      .flatMap(([first, ...others]) => (first === undefined ? [] : [[first, ...others] as const]))
      .map((members) => ({ members, group: groupOf(members, context.settings.thresholds) }))
      .sort(
        ({ group: a }, { group: b }) =>
          b.count - a.count || (b.oldestStateSeconds ?? 0) - (a.oldestStateSeconds ?? 0),
      )
      .map(({ members, group }, rank) =>
        group.state === "idle" && group.idleOverLeak > 0 && rank < namedGroups
          ? { ...group, longestIdle: longestIdle(members, context) }
          : group,
      );
  },
});

/** Of the largest groups only, and not all: it is enough to make room. */
const namedGroups = 10;
const namedSessions = 20;

function longestIdle(
  members: readonly Session[],
  { settings }: ProbeContext,
): ConnectionGroup["longestIdle"] {
  return members
    .filter(({ stateSeconds }) => (stateSeconds ?? 0) > settings.thresholds.leakIdleSeconds)
    .filter(({ kind, own, superuser }) => kind === "client" && !own && !superuser)
    .toSorted((a, b) => (b.stateSeconds ?? 0) - (a.stateSeconds ?? 0) || a.id - b.id)
    .slice(0, namedSessions)
    .map(({ id, sessionKey }) => ({ id, sessionKey }));
}

function groupOf(members: readonly [Session, ...Session[]], thresholds: Thresholds): ConnectionGroup {
  const [{ state, application, user, client, database }] = members;
  const seconds = members
    .map(({ stateSeconds }) => stateSeconds)
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
  return {
    state,
    application,
    user,
    client,
    database,
    count: members.length,
    waitingOnLock: members.filter(waitsForLock).length,
    oldestStateSeconds: seconds.at(-1) ?? null,
    medianStateSeconds: median(seconds),
    idleOverSession: seconds.filter((value) => value > thresholds.idleSessionSeconds).length,
    idleOverLeak: seconds.filter((value) => value > thresholds.leakIdleSeconds).length,
  };
}

function median(sorted: readonly number[]): number | null {
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)];
  const high = sorted[Math.ceil(middle)];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
