import * as z from "zod";
import type { ServerInfo, SqlRow } from "../../ports.ts";
import { defineProbe } from "../define.ts";
import { growth, perSecond } from "../growth.ts";
import {
  handshakeError,
  namedCounters,
  namedErrors,
  type StatusCounter,
  type StatusLevel,
  statusCounters,
  statusLevels,
} from "./innodb-rates-names.ts";
import { type MysqlRatesRow, mysqlInnodbRatesRows } from "./innodb-rates-rows.ts";

const answerSchema = z.object({ name: z.string(), value: z.string(), at_seconds: z.coerce.number() });

const wanted = [...Object.values(statusCounters), ...Object.values(statusLevels), ...namedCounters];

/** Readable without any privilege, and with performance_schema off. */
function statusSql({ engine }: ServerInfo): string {
  const table =
    engine === "mariadb" ? "information_schema.GLOBAL_STATUS" : "performance_schema.global_status";
  return `SELECT VARIABLE_NAME AS name, VARIABLE_VALUE AS value, UNIX_TIMESTAMP(NOW(6)) AS at_seconds
    FROM ${table} WHERE VARIABLE_NAME IN (${wanted.map((name) => `'${name}'`).join(", ")})`;
}

/**
 * A wrong password is error 1045, not 1043 (ER_HANDSHAKE_ERROR); the number is the key of some 5,000 rows.
 * The host cache tells the same, but not of hosts whose names are not looked up. This one needs SELECT on it.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-error-summary-tables.html
 */
const errorsSql = ` UNION ALL
    SELECT CASE ERROR_NUMBER WHEN ${handshakeError} THEN '${statusCounters.abortedBeforeSignIn}' ELSE CONCAT(ERROR_NUMBER, ' ', ERROR_NAME) END
        COLLATE utf8mb4_0900_ai_ci,
      CAST(SUM_ERROR_RAISED AS CHAR) COLLATE utf8mb4_0900_ai_ci, UNIX_TIMESTAMP(NOW(6))
    FROM performance_schema.events_errors_summary_global_by_error
    WHERE ERROR_NUMBER IN (${[handshakeError, ...namedErrors].join(", ")})`;

export const mysqlInnodbRates = defineProbe({
  ...mysqlInnodbRatesRows,
  spec: ["P28"],
  title: "What does the server do each second: buffer pool, log, temporary tables, row-lock waits, scans?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "Thirty status variables and, on MySQL, some hundred errors twice, each time adding up the counters of all connections; then the three busiest accounts.",
  needs: [],
  maxRows: 1,
  source: "https://dev.mysql.com/doc/refman/8.4/en/server-status-variables.html",
  samples: 2,
  statements: ({ server }) => [
    server.engine === "mariadb"
      ? { sql: statusSql(server) }
      : {
          sql: `${statusSql(server)}${errorsSql}`,
          instead: { of: "ER_TABLEACCESS_DENIED_ERROR", send: { sql: statusSql(server) } },
        },
  ],
  follow: () => [{ sql: accountsSql, mayFail: true }],
  read: ([first = [], second = [], accounts = []]): MysqlRatesRow[] => [
    { ...ratesOf(readingOf(first), readingOf(second)), signIns: signInsOf(accounts) },
  ],
});

/** Sessions that live for milliseconds are in no list of sessions: here they are counted. */
const accountsSql = `SELECT USER AS user, HOST AS client, TOTAL_CONNECTIONS AS total
  FROM performance_schema.accounts WHERE USER IS NOT NULL ORDER BY TOTAL_CONNECTIONS DESC LIMIT 3`;
const accountSchema = z.object({ user: z.string(), client: z.string(), total: z.coerce.number() });

/** Refused without the grant, which nothing else here needs. */
function signInsOf(accounts: readonly SqlRow[]): NonNullable<MysqlRatesRow["signIns"]> {
  return accounts.flatMap((row) => accountSchema.safeParse(row).data ?? []);
}

interface Reading {
  readonly atSeconds: number;
  readonly counter: (name: StatusCounter) => number | null;
  readonly level: (name: StatusLevel) => number | null;
  /** By the server's own names, in whatever case. */
  readonly values: ReadonlyMap<string, number>;
  readonly names: readonly string[];
}

/** MariaDB writes the names in capitals. */
function readingOf(rows: readonly SqlRow[]): Reading {
  const answers = z.array(answerSchema).parse(rows);
  const values = new Map(answers.map(({ name, value }) => [name.toLowerCase(), Number(value)]));
  const numberOf = (name: string) => values.get(name.toLowerCase()) ?? null;
  return {
    atSeconds: answers[0]?.at_seconds ?? 0,
    counter: (name) => numberOf(statusCounters[name]),
    level: (name) => numberOf(statusLevels[name]),
    values,
    names: [...namedCounters, ...answers.flatMap(({ name }) => (/^\d/.test(name) ? [name] : []))],
  };
}

/** What did not happen is left out. Absent: MySQL's errors by number, or MariaDB's counters, were not read. */
function namedRates(before: Reading, after: Reading, seconds: number): Pick<MysqlRatesRow, "named"> {
  if (after.names.length === namedCounters.length && !after.values.has("access_denied_errors")) return {};
  const rates = after.names.flatMap((name) => {
    const key = name.toLowerCase();
    const rate = perSecond(before.values.get(key), after.values.get(key), seconds);
    return rate === null || rate === 0 ? [] : [[name, rate]];
  });
  return { named: Object.fromEntries(rates) };
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
    ...plainRates(each),
    ...namedRates(before, after, seconds),
    bufferPool: {
      ...poolLevels(after),
      hitPercent: missedPercent(grown("pageReads"), grown("pageReadRequests"), "hits"),
      readRequestsPerSecond: each("pageReadRequests"),
      diskReadsPerSecond: each("pageReads"),
      waitsForFreePagePerSecond: each("pageWaitFree"),
      pagesFlushedPerSecond: each("pagesFlushed"),
    },
    rowLocks: {
      waitingNow: after.level("rowLockCurrentWaits"),
      waitsPerSecond: each("rowLockWaits"),
      averageWaiters: waited === null ? null : waited / 1000,
    },
    tmpDiskPercent: missedPercent(grown("tmpDiskTables"), grown("tmpTables"), "misses"),
    threads: {
      running: after.level("threadsRunning"),
      connected: after.level("threadsConnected"),
      connectedBefore: before.level("threadsConnected"),
      maxUsed: after.level("maxUsedConnections"),
    },
    sinceStart: sinceStart(after),
  };
}

function plainRates(each: (name: StatusCounter) => number | null) {
  return {
    statementsPerSecond: each("questions"),
    commitsPerSecond: each("commits"),
    rollbacksPerSecond: each("rollbacks"),
    slowQueriesPerSecond: each("slowQueries"),
    logWaitsPerSecond: each("logWaits"),
    logBytesPerSecond: each("logBytesWritten"),
    tmpTablesPerSecond: each("tmpTables"),
    tmpDiskTablesPerSecond: each("tmpDiskTables"),
    sortMergePassesPerSecond: each("sortMergePasses"),
    fullScansPerSecond: each("fullScans"),
    fullJoinsPerSecond: each("fullJoins"),
    rowsScannedPerSecond: each("nextRowsInScans"),
    rowsByKeyPerSecond: each("rowsByKey"),
    threadsCreatedPerSecond: each("threadsCreated"),
    connectionsPerSecond: each("connections"),
    abortedConnectsPerSecond: each("abortedConnects"),
    abortedBeforeSignInPerSecond: each("abortedBeforeSignIn"),
    abortedClientsPerSecond: each("abortedClients"),
    tableCacheMissesPerSecond: each("tableCacheMisses"),
    tableCacheOverflowsPerSecond: each("tableCacheOverflows"),
  };
}

function poolLevels({
  level: levelOf,
}: Reading): Pick<MysqlRatesRow["bufferPool"], "bytes" | "freePercent" | "dirtyPercent"> {
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
