import * as z from "zod";
import type { ServerInfo, SqlRow, SqlStatement } from "../../ports.ts";
import { versionIsAtLeast } from "./sight.ts";

const columns =
  "ID AS id, USER AS user_name, HOST AS host, DB AS db, COMMAND AS command, STATE AS state, INFO AS info";

/**
 * performance_schema.processlist takes no lock that every sign-in needs, information_schema.PROCESSLIST does; the
 * latter answers where performance_schema is off.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-processlist-table.html
 */
function processlistSql(server: ServerInfo): string {
  if (server.engine === "mariadb") {
    return `SELECT ${columns}, TIME_MS / 1000 AS seconds, QUERY_ID AS query_id FROM information_schema.PROCESSLIST`;
  }
  const both = `SELECT ${columns}, TIME AS seconds, NULL AS query_id FROM`;
  const classic = `${both} information_schema.PROCESSLIST`;
  if (!versionIsAtLeast(server, [8, 0, 22])) return classic;
  return `${both} performance_schema.processlist UNION ALL ${classic} WHERE @@performance_schema = 0`;
}

/**
 * InnoDB tells its times in the time zone of the operating system, whatever the session's is (seen on MySQL 9.7 and
 * MariaDB 10.11).
 */
const since = (column: string): string =>
  `TIMESTAMPDIFF(SECOND, CONVERT_TZ(${column}, 'SYSTEM', '+00:00'), UTC_TIMESTAMP())`;

const transactionColumns = {
  trx_id: "trx_id",
  session_id: "trx_mysql_thread_id",
  rows_modified: "trx_rows_modified",
  rows_locked: "trx_rows_locked",
  requested_lock: "trx_requested_lock_id",
  age_seconds: since("trx_started"),
  wait_seconds: since("trx_wait_started"),
} as const;

const lockColumns = {
  trx_id: "lock_trx_id",
  lock_id: "lock_id",
  mode: "lock_mode",
  table_name: "lock_table",
  index_name: "lock_index",
  page: "lock_page",
  heap: "lock_rec",
} as const;

/**
 * MariaDB lists locks out of the copy that it makes for INNODB_TRX, which a queue of waiters makes dear: 5 ms of CPU
 * for 200 on one row, 85 for 500, 750 for 1,000 (10.11), with InnoDB's lock table shut meanwhile. Both lists in one
 * statement are read from one copy. Locks first: should it be renewed in between, then what was waited for and has
 * been got since counts as held, which is true, and never the other way about.
 */
function transactionsSql({ engine }: ServerInfo): string {
  if (engine !== "mariadb")
    return `SELECT ${columnsOf(transactionColumns)} FROM information_schema.INNODB_TRX`;
  const names = [...new Set([...Object.keys(transactionColumns), ...Object.keys(lockColumns)])];
  const none = Object.fromEntries(names.map((name) => [name, "NULL"]));
  return `SELECT ${columnsOf({ ...none, ...lockColumns })} FROM information_schema.INNODB_LOCKS
  UNION ALL SELECT ${columnsOf({ ...none, ...transactionColumns })} FROM information_schema.INNODB_TRX`;
}

function columnsOf(columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .map(([name, from]) => `${from} AS ${name}`)
    .join(", ");
}

const threadsSql = `SELECT THREAD_ID AS thread_id, PROCESSLIST_ID AS id
  FROM performance_schema.threads WHERE PROCESSLIST_ID IS NOT NULL`;

/** Level 0: a procedure's CALL and not the statement inside it that runs now. Timers count picoseconds. */
const statementsSql = `SELECT THREAD_ID AS thread_id, CONCAT_WS(' ', EVENT_ID, DIGEST) AS statement_key,
    SQL_TEXT AS text, TIMER_WAIT / 1000000000000 AS seconds, END_EVENT_ID IS NULL AS running
  FROM performance_schema.events_statements_current WHERE NESTING_EVENT_LEVEL = 0`;

const programsSql = `SELECT PROCESSLIST_ID AS id, ATTR_VALUE AS program
  FROM performance_schema.session_connect_attrs WHERE ATTR_NAME = 'program_name'`;

/**
 * Everybody who is signed in, and what they do. Flat reads joined in memory: joined in SQL they take seconds with
 * hundreds of sessions, because MariaDB's performance_schema has no indexes. Neither engine has it all in one view:
 * MySQL's threads does not tell the client's port, which tells a session from the next one of the same id.
 */
export function mysqlSnapshotStatements(server: ServerInfo): readonly SqlStatement[] {
  const reads = [processlistSql(server), transactionsSql(server), threadsSql, statementsSql, programsSql];
  return reads.map((sql) => ({ sql }));
}

/** How many answers a snapshot takes; those of other statements come after them. */
export const mysqlSnapshotLength = 5;

/** 64-bit numbers arrive as text where JavaScript's own cannot hold them. */
const number = z.coerce.number();
const text = z.union([z.string(), z.number()]).transform(String);

export const processSchema = z.object({
  id: number,
  user_name: z.string().nullable(),
  host: z.string().nullable(),
  db: z.string().nullable(),
  command: z.string().nullable(),
  state: z.string().nullable(),
  info: z.string().nullable(),
  seconds: number.nullable(),
  query_id: text.nullable(),
});
export type ProcessRow = z.infer<typeof processSchema>;

const transactionSchema = z.object({
  trx_id: text,
  session_id: number,
  rows_modified: number,
  rows_locked: number,
  requested_lock: z.string().nullable(),
  age_seconds: number.nullable(),
  wait_seconds: number.nullable(),
});
export type TransactionRow = z.infer<typeof transactionSchema>;

/** MariaDB's, from the same statement. */
const innodbLockSchema = z.object({
  lock_id: z.string(),
  trx_id: text,
  mode: z.string(),
  table_name: z.string(),
  index_name: z.string().nullable(),
  page: text.nullable(),
  heap: text.nullable(),
});
export type InnodbLockRow = z.infer<typeof innodbLockSchema>;

/** The answer to the statement that asks for InnoDB's transactions, and on MariaDB for its locks as well. */
export function readTransactions(rows: readonly SqlRow[]): readonly TransactionRow[] {
  return z.array(transactionSchema).parse(rows.filter((row) => !isLock(row)));
}

export function readInnodbLocks(rows: readonly SqlRow[]): readonly InnodbLockRow[] {
  return z.array(innodbLockSchema).parse(rows.filter(isLock));
}

function isLock({ lock_id }: SqlRow): boolean {
  return typeof lock_id === "string";
}

export const threadSchema = z.object({ thread_id: number, id: number });

export const statementSchema = z.object({
  thread_id: number,
  statement_key: z.string(),
  text: z.string().nullable(),
  seconds: number.nullable(),
  running: z.coerce.boolean(),
});
export type StatementRow = z.infer<typeof statementSchema>;

export const programSchema = z.object({ id: number, program: z.string().nullable() });
