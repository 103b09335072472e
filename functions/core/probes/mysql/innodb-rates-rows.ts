import * as z from "zod";
import { defineRows } from "../define-rows.ts";

const rate = z.number().nonnegative().nullable();
const level = z.number().nonnegative().nullable();
const percent = z.number().min(0).max(100).nullable();

/** P28: one server between two readings. Null: the server does not count it, or was restarted in between. */
export const mysqlRatesRowSchema = z.object({
  intervalSeconds: z.number().nonnegative(),
  uptimeSeconds: z.number().nonnegative(),
  statementsPerSecond: rate,
  commitsPerSecond: rate,
  rollbacksPerSecond: rate,
  slowQueriesPerSecond: rate,
  bufferPool: z.object({
    bytes: level,
    freePercent: percent,
    dirtyPercent: percent,
    /** Of the interval, that of its requests. Null without any: there is no ratio of nothing. */
    hitPercent: percent,
    readRequestsPerSecond: rate,
    diskReadsPerSecond: rate,
    /** Times a page had to be written before another could be read. */
    waitsForFreePagePerSecond: rate,
    pagesFlushedPerSecond: rate,
  }),
  /** Times the log buffer was too small and had to be written first. */
  logWaitsPerSecond: rate,
  logBytesPerSecond: rate,
  rowLocks: z.object({
    waitingNow: level,
    waitsPerSecond: rate,
    /** Sessions that waited for a row, on average; counted when a wait ends. */
    averageWaiters: rate,
  }),
  tmpTablesPerSecond: rate,
  tmpDiskTablesPerSecond: rate,
  /** Of the interval's temporary tables. */
  tmpDiskPercent: percent,
  sortMergePassesPerSecond: rate,
  fullScansPerSecond: rate,
  fullJoinsPerSecond: rate,
  rowsScannedPerSecond: rate,
  rowsByKeyPerSecond: rate,
  threads: z.object({
    running: level,
    connected: level,
    /** At the first reading; absent in what was recorded before this was read. */
    connectedBefore: level.exactOptional(),
    maxUsed: level,
  }),
  threadsCreatedPerSecond: rate,
  connectionsPerSecond: rate,
  /** Accounts by their sign-ins since the start, most first; empty where performance_schema is off or shut. */
  signIns: z.array(z.object({ user: z.string(), client: z.string(), total: z.number() })).exactOptional(),
  abortedConnectsPerSecond: rate,
  /** Of those, who left before they tried to sign in; absent from older evidence. */
  abortedBeforeSignInPerSecond: rate.default(null),
  abortedClientsPerSecond: rate,
  /**
   * Of what is told by its own name, a second: "Access_denied_errors", "1045 ER_ACCESS_DENIED_ERROR" (MySQL). Absent: not
   * read, or it may not be.
   */
  named: z.record(z.string(), z.number().nonnegative()).exactOptional(),
  tableCacheMissesPerSecond: rate,
  tableCacheOverflowsPerSecond: rate,
  /** Totals of `uptimeSeconds`, not what happens now: for what is too rare to be seen in one interval. */
  sinceStart: z.object({
    hitPercent: percent,
    tmpDiskPercent: percent,
    logWaits: level,
    rowLockWaits: level,
    waitsForFreePage: level,
    abortedConnects: level,
    abortedClients: level,
    slowQueries: level,
  }),
});
export type MysqlRatesRow = z.infer<typeof mysqlRatesRowSchema>;

export const mysqlInnodbRatesRows = defineRows({ id: "mysql-innodb-rates", row: mysqlRatesRowSchema });
