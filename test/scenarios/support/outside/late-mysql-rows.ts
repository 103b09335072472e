import type { LockForest } from "../../../../functions/core/contract/locks.ts";
import type { Session } from "../../../../functions/core/contract/session.ts";
import type { MysqlRatesRow } from "../../../../functions/core/probes/mysql/innodb-rates-rows.ts";
import type { ConnectionGroup, ServerRow } from "../../../../functions/core/probes/rows.ts";
export function serverOf(version: string, uptimeSeconds: number, maxConnections: number): ServerRow {
  const row = { version, uptimeSeconds, maxConnections, reservedConnections: 0 };
  return { ...row, writable: true, readOnlyBecause: null };
}

/** One count of the server between two readings a second apart, on a quiet day. */
export function ratesOf(uptimeSeconds: number, more: Partial<MysqlRatesRow> = {}): MysqlRatesRow {
  return {
    intervalSeconds: 1.04,
    uptimeSeconds,
    statementsPerSecond: 920,
    commitsPerSecond: 140,
    rollbacksPerSecond: 0.9,
    slowQueriesPerSecond: 0,
    bufferPool: {
      bytes: 11 * 1024 ** 3,
      freePercent: 1.2,
      dirtyPercent: 3.1,
      hitPercent: 99.7,
      readRequestsPerSecond: 61_000,
      diskReadsPerSecond: 150,
      waitsForFreePagePerSecond: 0,
      pagesFlushedPerSecond: 95,
    },
    logWaitsPerSecond: 0,
    logBytesPerSecond: 410_000,
    rowLocks: { waitingNow: 0, waitsPerSecond: 0.9, averageWaiters: 0 },
    tmpTablesPerSecond: 31,
    tmpDiskTablesPerSecond: 0.9,
    tmpDiskPercent: 2.9,
    sortMergePassesPerSecond: 0,
    fullScansPerSecond: 11,
    fullJoinsPerSecond: 0,
    rowsScannedPerSecond: 21_000,
    rowsByKeyPerSecond: 48_000,
    threads: { running: 3, connected: 90, connectedBefore: 90, maxUsed: 131 },
    threadsCreatedPerSecond: 0,
    connectionsPerSecond: 1.9,
    signIns: [],
    abortedConnectsPerSecond: 0,
    abortedBeforeSignInPerSecond: 0,
    abortedClientsPerSecond: 0,
    tableCacheMissesPerSecond: 0,
    tableCacheOverflowsPerSecond: 0,
    sinceStart: {
      hitPercent: 99.6,
      tmpDiskPercent: 3.2,
      logWaits: 0,
      rowLockWaits: 8100,
      waitsForFreePage: 0,
      abortedConnects: 12,
      abortedClients: 460,
      slowQueries: 210,
    },
    ...more,
  };
}

export const nobodyWaits: LockForest = { nodes: [], waiters: 0, omittedWaiters: 0, lockRows: 0, cycles: [] };

/** Connections of one service from one host; without performance_schema nobody knows their program. */
export function groupOf(
  user: string,
  client: string,
  state: ConnectionGroup["state"],
  count: number,
  [median, oldest]: readonly [number, number],
  more: Partial<ConnectionGroup> = {},
): ConnectionGroup {
  return {
    state,
    application: null,
    user,
    client,
    database: "shop",
    count,
    waitingOnLock: 0,
    oldestStateSeconds: oldest,
    medianStateSeconds: median,
    idleOverSession: 0,
    idleOverLeak: 0,
    ...more,
  };
}

/** The responder's own connection, as it is in every look. */
export const ownGroup: ConnectionGroup = groupOf("rds_responder", "10.4.9.71", "active", 1, [0.003, 0.003], {
  database: null,
});

/** A session at work on a statement since so many seconds; `more` says what is different. */
export function atWork(
  id: number,
  user: string,
  seconds: number,
  waitEvent: string,
  query: string,
  more: Partial<Session> = {},
): Session {
  const client = `10.4.${18 + (id % 3)}.${20 + (id % 9)}`;
  return {
    id,
    sessionKey: `${user}@${client}:${41_000 + (id % 20_000)}`,
    statementKey: `${7 + (id % 90)} 5f1c0de2a7b94433`,
    user,
    application: null,
    client,
    database: "shop",
    kind: "client",
    wraparound: false,
    superuser: false,
    administrator: null,
    own: false,
    state: "active",
    stateSeconds: seconds,
    stateSince: null,
    transactionSeconds: null,
    statementSeconds: seconds,
    sessionSeconds: null,
    waitEvent,
    query,
    leaderId: null,
    rowsModified: null,
    ...more,
  };
}
