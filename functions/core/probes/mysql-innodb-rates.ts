import * as z from "zod";
import type { ServerInfo, SqlRow } from "../ports.ts";
import { defineProbe } from "./define.ts";
import { type StatusCounter, type StatusLevel, statusCounters, statusLevels } from "./mysql-innodb-rates-names.ts";
import { growth, perSecond } from "./postgres-database-rates-delta.ts";

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
  threads: z.object({ running: level, connected: level, maxUsed: level }),
  threadsCreatedPerSecond: rate,
  connectionsPerSecond: rate,
  abortedConnectsPerSecond: rate,
  abortedClientsPerSecond: rate,
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

const answerSchema = z.object({ name: z.string(), value: z.string(), at_seconds: z.coerce.number() });

const wanted = [...Object.values(statusCounters), ...Object.values(statusLevels)];

/** Readable without any privilege, and with performance_schema off. */
function statusSql({ engine }: ServerInfo): string {
  const table = engine === "mariadb" ? "information_schema.GLOBAL_STATUS" : "performance_schema.global_status";
  return `SELECT VARIABLE_NAME AS name, VARIABLE_VALUE AS value, UNIX_TIMESTAMP(NOW(6)) AS at_seconds
    FROM ${table} WHERE VARIABLE_NAME IN (${wanted.map((name) => `'${name}'`).join(", ")})`;
}

export const mysqlInnodbRates = defineProbe({
  id: "mysql-innodb-rates",
  spec: ["P28"],
  title: "What does the server do each second: buffer pool, log, temporary tables, row-lock waits, scans?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "Thirty status variables twice; each reading adds up the counters of all connections.",
  needs: [],
  row: mysqlRatesRowSchema,
  maxRows: 1,
  source: "https://dev.mysql.com/doc/refman/8.4/en/server-status-variables.html",
  samples: 2,
  statements: ({ server }) => [{ sql: statusSql(server) }],
  read: ([first = [], second = []]): MysqlRatesRow[] => [ratesOf(readingOf(first), readingOf(second))],
});

interface Reading {
  readonly atSeconds: number;
  readonly counter: (name: StatusCounter) => number | null;
  readonly level: (name: StatusLevel) => number | null;
}

/** MariaDB writes the names in capitals. */
function readingOf(rows: readonly SqlRow[]): Reading {
  const answers = z.array(answerSchema).parse(rows);
  const values = new Map(answers.map(({ name, value }) => [name.toLowerCase(), Number(value)]));
  const valueOf = (name: string): number | null => values.get(name.toLowerCase()) ?? null;
  return {
    atSeconds: answers[0]?.at_seconds ?? 0,
    counter: (name) => valueOf(statusCounters[name]),
    level: (name) => valueOf(statusLevels[name]),
  };
}

function ratesOf(before: Reading, after: Reading): MysqlRatesRow {
  const seconds = Math.max(0, after.atSeconds - before.atSeconds);
  const grown = (name: StatusCounter): number | null => growth(before.counter(name), after.counter(name));
  const each = (name: StatusCounter): number | null =>
    perSecond(before.counter(name), after.counter(name), seconds);
  const waited = each("rowLockMilliseconds");
  return {
    intervalSeconds: seconds,
    uptimeSeconds: after.level("uptimeSeconds") ?? 0,
    statementsPerSecond: each("questions"),
    commitsPerSecond: each("commits"),
    rollbacksPerSecond: each("rollbacks"),
    slowQueriesPerSecond: each("slowQueries"),
    bufferPool: {
      ...poolLevels(after),
      hitPercent: missedPercent(grown("pageReads"), grown("pageReadRequests"), "hits"),
      readRequestsPerSecond: each("pageReadRequests"),
      diskReadsPerSecond: each("pageReads"),
      waitsForFreePagePerSecond: each("pageWaitFree"),
      pagesFlushedPerSecond: each("pagesFlushed"),
    },
    logWaitsPerSecond: each("logWaits"),
    logBytesPerSecond: each("logBytesWritten"),
    rowLocks: {
      waitingNow: after.level("rowLockCurrentWaits"),
      waitsPerSecond: each("rowLockWaits"),
      averageWaiters: waited === null ? null : waited / 1000,
    },
    tmpTablesPerSecond: each("tmpTables"),
    tmpDiskTablesPerSecond: each("tmpDiskTables"),
    tmpDiskPercent: missedPercent(grown("tmpDiskTables"), grown("tmpTables"), "misses"),
    sortMergePassesPerSecond: each("sortMergePasses"),
    fullScansPerSecond: each("fullScans"),
    fullJoinsPerSecond: each("fullJoins"),
    rowsScannedPerSecond: each("nextRowsInScans"),
    rowsByKeyPerSecond: each("rowsByKey"),
    threads: {
      running: after.level("threadsRunning"),
      connected: after.level("threadsConnected"),
      maxUsed: after.level("maxUsedConnections"),
    },
    threadsCreatedPerSecond: each("threadsCreated"),
    connectionsPerSecond: each("connections"),
    abortedConnectsPerSecond: each("abortedConnects"),
    abortedClientsPerSecond: each("abortedClients"),
    tableCacheMissesPerSecond: each("tableCacheMisses"),
    tableCacheOverflowsPerSecond: each("tableCacheOverflows"),
    sinceStart: sinceStart(after),
  };
}

function poolLevels({ level: levelOf }: Reading): Pick<
  MysqlRatesRow["bufferPool"],
  "bytes" | "freePercent" | "dirtyPercent"
> {
  const total = levelOf("pagesTotal");
  const page = levelOf("pageBytes");
  const share = (name: StatusLevel): number | null => missedPercent(levelOf(name), total, "misses");
  return {
    bytes: total === null || page === null ? null : total * page,
    freePercent: share("pagesFree"),
    dirtyPercent: share("pagesDirty"),
  };
}

function sinceStart({ counter }: Reading): MysqlRatesRow["sinceStart"] {
  return {
    hitPercent: missedPercent(counter("pageReads"), counter("pageReadRequests"), "hits"),
    tmpDiskPercent: missedPercent(counter("tmpDiskTables"), counter("tmpTables"), "misses"),
    logWaits: counter("logWaits"),
    rowLockWaits: counter("rowLockWaits"),
    waitsForFreePage: counter("pageWaitFree"),
    abortedConnects: counter("abortedConnects"),
    abortedClients: counter("abortedClients"),
    slowQueries: counter("slowQueries"),
  };
}

/** The two counters are not read at one instant, so a small interval can show more of the part than of the whole. */
function missedPercent(part: number | null, whole: number | null, of: "hits" | "misses"): number | null {
  if (part === null || whole === null || whole <= 0) return null;
  const share = Math.min(100, Math.max(0, (100 * part) / whole));
  return of === "hits" ? 100 - share : share;
}
