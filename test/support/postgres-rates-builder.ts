import type { DatabaseRatesRow } from "../../functions/core/probes/postgres/database-rates-rows.ts";

/** Of a database that does nothing else. */
export function databaseRates(
  commitsPerSecond: number | null,
  rollbacksPerSecond: number | null,
  database: string = "shop",
): DatabaseRatesRow {
  return {
    database,
    connections: 9,
    intervalSeconds: 1,
    commitsPerSecond,
    rollbacksPerSecond,
    blocksHit: 0,
    blocksRead: 0,
    cacheHitPercent: null,
    tempFilesPerSecond: 0,
    tempBytesPerSecond: 0,
    rowsReturnedPerSecond: 0,
    rowsFetchedPerSecond: 0,
    rowsChangedPerSecond: 0,
    deadlocks: 0,
    conflicts: 0,
    checksumFailures: 0,
    sinceReset: {
      statsSeconds: null,
      cacheHitPercent: null,
      tempFiles: 0,
      tempBytes: 0,
      deadlocks: 0,
      conflicts: 0,
      checksumFailures: 0,
      lastChecksumFailureSeconds: null,
    },
  };
}

/** A row of postgres-settings as a person set it. */
export function aSetting(name: string, value: string) {
  const unset = { unit: null, bytes: null, seconds: null, source: "default", context: null };
  return { name, value, ...unset, bootValue: null, pendingRestart: false, overrides: [] };
}

/** A row of postgres-top-statements that is sent so often a second and takes no time. */
export function sentStatement(query: string, calls: number) {
  const zeros = { rowsPerSecond: 0, blocksReadPerSecond: 0, tempBytesPerSecond: 0, walBytesPerSecond: 0 };
  const spent = { averageSessions: 0, meanSeconds: 0, percentOfTime: 0 };
  const totals = {
    calls,
    totalSeconds: 0,
    meanSeconds: 0,
    maxSeconds: 0,
    percentOfTime: 0,
    stddevSeconds: 0,
  };
  const blocks = { blocksHit: 0, blocksRead: 0, blocksDirtied: 0, tempBytes: 0, walBytes: 0, ioSeconds: 0 };
  return {
    ...{ queryId: query, user: "shop", database: "shop", own: false, topLevel: true, query },
    rankedBy: ["calls-now"],
    now: { intervalSeconds: 1, callsPerSecond: calls, ...spent, ...zeros },
    sinceReset: { ...totals, planSeconds: 0, rows: 0, ...blocks },
  };
}
