import {
  mysqlStatementDigestsRows,
  type StatementDigestRow,
} from "../probes/mysql/statement-digests/statement-digests-rows.ts";
import {
  postgresTopStatementsRows,
  type TopStatementRow,
} from "../probes/postgres/top-statements/top-statements-rows.ts";
import { compare } from "../text/compare.ts";
import type { View } from "./view.ts";

/** One shape of statement with its counters, the same for every engine. Null: the engine does not count it. */
export interface Statement {
  /** Tells it apart in findings. */
  readonly key: string;
  /** pg_stat_statements.queryid, or the digest. */
  readonly id: string;
  readonly user: string | null;
  readonly database?: string | null;
  readonly query: string | null;
  readonly source: string;
  /** A function sends it, and a client only what calls that. PostgreSQL, where it counts both. */
  readonly nested?: true;
  /** Sessions that run it just now, of one that no statistics count. */
  readonly running?: number;
  /** What Performance Insights has of such a one. */
  readonly insights?: { readonly percent: number; readonly cpuPercent: number };
  /** Between two readings `seconds` apart. */
  readonly now: {
    readonly seconds: number;
    readonly callsPerSecond: number;
    /** Sessions that were busy with it, on average. */
    readonly averageSessions: number;
    readonly meanSeconds: number | null;
    readonly percentOfTime: number;
    readonly rowsPerSecond: number;
    readonly examinedPerSecond: number | null;
    readonly tempBytesPerSecond: number | null;
    readonly tempReadBytesPerSecond?: number;
    readonly diskTablesPerSecond: number | null;
    /** Sorts that went to disk piece by piece. */
    readonly mergePassesPerSecond: number | null;
    /** Pages that were not in the cache. */
    readonly pagesReadPerSecond: number | null;
    /** Of its time, what compiling it took; null where nothing was compiled. */
    readonly jitPercent: number | null;
    /** Absent where the engine does not count it for a statement: MySQL and MariaDB. */
    readonly walBytesPerSecond?: number;
  };
  /** Since statistics were reset, the interval included. */
  readonly total: {
    readonly calls: number;
    readonly seconds: number;
    readonly meanSeconds: number;
    readonly rows: number;
    /** Rows that it changed, where they are not among `rows`. */
    readonly changed?: number;
    readonly examined: number | null;
    /** Pages it came upon, in the cache or not, where the engine counts them. */
    readonly pages?: number;
    /** Of these, what was not in the cache. */
    readonly pagesRead?: number;
    readonly tempBytes: number | null;
    readonly withoutIndex: number | null;
    /** Zero also where it is not timed. */
    readonly ioSeconds: number | null;
    readonly lockSeconds: number | null;
    readonly firstSeenAt: string | null;
  };
}

/** The probes that count statements. */
export const statementProbes = ["postgres-top-statements", "mysql-statement-digests"] as const;

/** What applications run, in one order; null when it could not be seen. The responder's own are left out. */
export function statementsOf(view: View): readonly Statement[] | null {
  const postgres = view.rows(postgresTopStatementsRows);
  const mysql = view.rows(mysqlStatementDigestsRows);
  if (postgres === null && mysql === null) return null;
  return [
    ...(postgres ?? []).filter(({ own }) => !own).map(fromPostgres),
    ...(mysql ?? []).filter(isApplications).map(fromMysql),
  ].toSorted((a, b) => compare(a.key, b.key));
}

/** Digests carry no user; what reads the server's own catalogues, or asks for a plan, is a monitor, most likely this one. */
export function isApplications({ own, schema, query }: StatementDigestRow): boolean {
  if (own === true) return false;
  const system = ["performance_schema", "information_schema", "mysql", "sys"];
  if (schema !== null && system.includes(schema)) return false;
  return !/\b(performance_schema|information_schema)\b|@@|^\s*explain\b/i.test(query ?? "");
}

function fromPostgres(row: TopStatementRow): Statement {
  const { queryId, user, database, query, topLevel, now, sinceReset } = row;
  return {
    key: `${user ?? "?"}/${queryId}${topLevel ? "" : "/nested"}`,
    id: queryId,
    user,
    database,
    query,
    source: postgresTopStatementsRows.id,
    ...(topLevel ? {} : { nested: true as const }),
    now: {
      seconds: now.intervalSeconds,
      callsPerSecond: now.callsPerSecond,
      averageSessions: now.averageSessions,
      meanSeconds: now.meanSeconds,
      percentOfTime: now.percentOfTime ?? 0,
      rowsPerSecond: now.rowsPerSecond,
      examinedPerSecond: null,
      tempBytesPerSecond: now.tempBytesPerSecond,
      tempReadBytesPerSecond: now.tempReadBytesPerSecond ?? 0,
      diskTablesPerSecond: null,
      mergePassesPerSecond: null,
      pagesReadPerSecond: now.blocksReadPerSecond,
      jitPercent: now.jitPercent ?? null,
      walBytesPerSecond: now.walBytesPerSecond,
    },
    total: {
      calls: sinceReset.calls,
      seconds: sinceReset.totalSeconds,
      meanSeconds: sinceReset.meanSeconds,
      rows: sinceReset.rows,
      examined: null,
      pages: sinceReset.blocksHit + sinceReset.blocksRead,
      pagesRead: sinceReset.blocksRead,
      tempBytes: sinceReset.tempBytes,
      withoutIndex: null,
      ioSeconds: sinceReset.ioSeconds,
      lockSeconds: null,
      firstSeenAt: sinceReset.firstSeenAt ?? null,
    },
  };
}

function fromMysql({ schema, digest, query, now, sinceStart }: StatementDigestRow): Statement {
  return {
    key: `${schema ?? "?"}/${digest.slice(0, 16)}`,
    id: digest,
    user: null,
    query,
    source: mysqlStatementDigestsRows.id,
    now: {
      seconds: now.intervalSeconds,
      callsPerSecond: now.callsPerSecond,
      averageSessions: now.averageSessions,
      meanSeconds: now.meanSeconds,
      percentOfTime: now.percentOfTime ?? 0,
      rowsPerSecond: now.rowsSentPerSecond,
      examinedPerSecond: now.rowsExaminedPerSecond,
      tempBytesPerSecond: null,
      diskTablesPerSecond: now.tmpDiskTablesPerSecond,
      mergePassesPerSecond: now.sortMergePassesPerSecond ?? null,
      pagesReadPerSecond: null,
      jitPercent: null,
    },
    total: {
      calls: sinceStart.calls,
      seconds: sinceStart.totalSeconds,
      meanSeconds: sinceStart.meanSeconds,
      rows: sinceStart.rowsSent,
      changed: sinceStart.rowsAffected,
      examined: sinceStart.rowsExamined,
      tempBytes: null,
      withoutIndex: sinceStart.noIndexUsed,
      ioSeconds: null,
      lockSeconds: sinceStart.lockSeconds,
      firstSeenAt: sinceStart.firstSeenAt,
    },
  };
}

/** Null where nothing was called between the readings. */
export function rowsPerCallNow({ now }: Pick<Statement, "now">): number | null {
  return now.callsPerSecond === 0 ? null : now.rowsPerSecond / now.callsPerSecond;
}

/** "1,234.5" without the noise: what a person reads at a glance. */
export function rounded(value: number): string {
  return String(value >= 100 ? Math.round(value) : Math.round(value * 10) / 10);
}
