import type { MysqlRatesRow } from "../../functions/core/probes/mysql/innodb-rates-rows.ts";
import type { MysqlWaitProfileRow } from "../../functions/core/probes/mysql/wait-profile-rows.ts";
import type { WaitProfileRow } from "../../functions/core/probes/postgres/wait-profile-rows.ts";

type MysqlWait = MysqlWaitProfileRow["waits"][number];

/** Sessions on average, by kind, as MySQL shows them where wait events are off. */
export function aMysqlProfile(
  sessions: Partial<Record<MysqlWait["kind"], number>>,
  meanSeconds: number | null = 0.2,
  names: Partial<Record<MysqlWait["kind"], string>> = {},
): MysqlWaitProfileRow {
  const all = Object.values(sessions).reduce((sum, value) => sum + value, 0);
  const kinds = ["cpu", "work", "io", "log", "lock", "latch", "client", "replica", "other"] as const;
  return {
    samples: 10,
    windowSeconds: 1,
    toldBy: "thread-states",
    notSeen: "events_waits_current is off",
    howToSee: "UPDATE performance_schema.setup_consumers SET ENABLED = 'YES'",
    threadsRunning: all + 1,
    waits: kinds.flatMap((kind) => {
      const averageSessions = sessions[kind] ?? 0;
      if (averageSessions === 0) return [];
      const name = names[kind] ?? kind;
      const percent = (100 * averageSessions) / all;
      return [{ kind, name, observations: 10 * averageSessions, averageSessions, percent, meanSeconds }];
    }),
  };
}

/** The same of PostgreSQL: sessions on the CPU. */
export function onPostgresCpu(averageSessions: number): WaitProfileRow {
  return {
    waitEventType: null,
    waitEvent: null,
    samples: 10,
    windowSeconds: 1,
    observations: 10 * averageSessions,
    averageSessions,
    percent: 100,
    distinctSessions: averageSessions,
    query: null,
  };
}

type RatesOverrides = Partial<Omit<MysqlRatesRow, "bufferPool" | "threads">> & {
  readonly bufferPool?: Partial<MysqlRatesRow["bufferPool"]>;
  readonly threads?: Partial<MysqlRatesRow["threads"]>;
};

/** A server with nothing to do, up for a day. */
export function someRates({ bufferPool, threads, ...overrides }: RatesOverrides = {}): MysqlRatesRow {
  return {
    intervalSeconds: 1,
    uptimeSeconds: 86_400,
    statementsPerSecond: 10,
    commitsPerSecond: 1,
    rollbacksPerSecond: 0,
    slowQueriesPerSecond: 0,
    logWaitsPerSecond: 0,
    logBytesPerSecond: 0,
    rowLocks: { waitingNow: 0, waitsPerSecond: 0, averageWaiters: 0 },
    tmpTablesPerSecond: 0,
    tmpDiskTablesPerSecond: 0,
    tmpDiskPercent: null,
    sortMergePassesPerSecond: 0,
    fullScansPerSecond: 0,
    fullJoinsPerSecond: 0,
    rowsScannedPerSecond: 0,
    rowsByKeyPerSecond: 0,
    threadsCreatedPerSecond: 0,
    connectionsPerSecond: 0,
    abortedConnectsPerSecond: 0,
    abortedBeforeSignInPerSecond: 0,
    abortedClientsPerSecond: 0,
    tableCacheMissesPerSecond: 0,
    tableCacheOverflowsPerSecond: 0,
    ...overrides,
    bufferPool: {
      bytes: 1e9,
      freePercent: 1,
      dirtyPercent: 1,
      hitPercent: 99.9,
      readRequestsPerSecond: 4500,
      diskReadsPerSecond: 0,
      waitsForFreePagePerSecond: 0,
      pagesFlushedPerSecond: 1,
      ...bufferPool,
    },
    threads: { running: 2, connected: 5, maxUsed: 9, ...threads },
    sinceStart: {
      hitPercent: 99.9,
      tmpDiskPercent: null,
      logWaits: 0,
      rowLockWaits: 0,
      waitsForFreePage: 0,
      abortedConnects: 0,
      abortedClients: 0,
      slowQueries: 0,
    },
  };
}
