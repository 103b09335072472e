import type { LockForest, LockNode } from "../../../../functions/core/contract/locks.ts";
import type { Session } from "../../../../functions/core/contract/session.ts";
import type { PostgresSettingRow } from "../../../../functions/core/probes/postgres/settings-rows.ts";
import type { ConnectionGroup, ServerRow } from "../../../../functions/core/probes/rows.ts";
import { ago } from "./described.ts";

/** As the server prints a time. */
function stamp(seconds: number): string {
  return ago(seconds / 60)
    .toISOString()
    .replace("T", " ")
    .replace("Z", "123+00");
}

export function serverUp(
  version: string,
  uptimeSeconds: number,
  maxConnections: number,
  more: Partial<ServerRow> = {},
): ServerRow {
  const slots = { maxConnections, reservedConnections: 5 };
  return { version, writable: true, readOnlyBecause: null, uptimeSeconds, ...slots, ...more };
}

export const asStandby = {
  writable: false,
  readOnlyBecause: "it is a standby: it replays what the writer does",
} as const;

export function group(
  who: Pick<ConnectionGroup, "state" | "application" | "user" | "client" | "database">,
  count: number,
  longest: number,
  more: Partial<ConnectionGroup> = {},
): ConnectionGroup {
  return {
    ...who,
    count,
    waitingOnLock: 0,
    oldestStateSeconds: longest,
    medianStateSeconds: longest * 0.42,
    idleOverSession: 0,
    idleOverLeak: 0,
    openedLastMinute: 0,
    ...more,
  };
}

/** The responder's own connection, which every look shows. */
export function ownGroup(database: string): ConnectionGroup {
  const who = { application: "rds-responder", user: "rds_responder", client: "10.4.2.61", database };
  return group({ state: "active", ...who }, 1, 0.002, { openedLastMinute: 1 });
}

/** An ordinary client whose statement has run for so many seconds. */
export function running(id: number, seconds: number, more: Partial<Session>): Session {
  return {
    id,
    sessionKey: stamp(seconds + 1800 + (id % 90) * 11),
    statementKey: `${stamp(seconds)} 5d41402abc4b2a76b9719d911017c5${id % 90}`,
    user: null,
    application: null,
    client: null,
    database: null,
    kind: "client",
    wraparound: false,
    superuser: false,
    administrator: false,
    own: false,
    state: "active",
    stateSeconds: seconds,
    stateSince: stamp(seconds),
    transactionSeconds: seconds,
    statementSeconds: seconds,
    sessionSeconds: seconds + 1800 + (id % 90) * 11,
    waitEvent: null,
    query: null,
    leaderId: null,
    rowsModified: null,
    ...more,
  };
}

export const nobodyWaits: LockForest = {
  nodes: [],
  waiters: 0,
  omittedWaiters: 0,
  lockRows: 214,
  cycles: [],
};

/** What pg_locks alone tells of a session: who it is, and nothing of what it does. */
export function hiddenSession(id: number, user: string, database: string): Session {
  return {
    ...running(id, 0, { user, database, administrator: null }),
    sessionKey: "hidden",
    statementKey: null,
    state: "other",
    stateSeconds: null,
    stateSince: null,
    transactionSeconds: null,
    statementSeconds: null,
    sessionSeconds: null,
  };
}

export function lockNode(session: Session, more: Partial<LockNode>): LockNode {
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
    ...more,
  };
}

/** Rates of a database with so many commits a second; its counters ran on between the two readings. */
export function ratesOf(database: string, connections: number, commits: number) {
  return {
    database,
    connections,
    intervalSeconds: 2.31,
    sessionsPerSecond: 0.4,
    commitsPerSecond: commits,
    rollbacksPerSecond: commits * 0.004,
    blocksHit: commits * 190,
    blocksRead: commits * 0.7,
    cacheHitPercent: 99.63,
    tempFilesPerSecond: 0,
    tempBytesPerSecond: 0,
    rowsReturnedPerSecond: commits * 61,
    rowsFetchedPerSecond: commits * 22,
    rowsChangedPerSecond: commits * 1.9,
    deadlocks: 0,
    conflicts: 0,
    checksumFailures: 0,
    sinceReset: {
      statsSeconds: 8_641_300,
      cacheHitPercent: 99.58,
      tempFiles: 3120,
      tempBytes: 61e9,
      deadlocks: 4,
      conflicts: 0,
      checksumFailures: 0,
      lastChecksumFailureSeconds: null,
    },
  };
}

export function settingOf(
  name: string,
  value: string,
  more: Partial<PostgresSettingRow> = {},
): PostgresSettingRow {
  const said = {
    unit: null,
    bytes: null,
    seconds: null,
    source: "default",
    context: "user",
    bootValue: value,
  };
  return { name, value, ...said, pendingRestart: false, overrides: [], ...more };
}
