import * as z from "zod";
import type { ServerInfo, SqlStatement } from "../../ports.ts";
import { transactionsSql } from "./innodb-transactions.ts";
import { versionIsAtLeast } from "./sight.ts";

const columns =
  "p.ID AS id, p.USER AS user_name, p.HOST AS host, p.DB AS db, p.COMMAND AS command, p.INFO AS info";
const plainState = "p.STATE AS state";

/**
 * From 8.0.22 on, performance_schema calls a thread "executing" while it waits for its client to take or send data:
 * information_schema.PROCESSLIST alone tells, by the thread's network buffer. The limit keeps it a table of the few
 * that do, which is made once.
 * https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html
 */
export const mysqlWithClient = `(SELECT ID, STATE FROM information_schema.PROCESSLIST
    WHERE STATE IN ('Sending to client', 'Receiving from client') LIMIT 100000)`;

/**
 * information_schema.PROCESSLIST is deprecated, and holds a lock that every sign-in needs: from it comes only what
 * performance_schema.processlist does not tell, and everything where that is off.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-processlist-table.html
 */
export function processlistSql(server: ServerInfo): string {
  const classic = plainProcesslistSql(server);
  if (server.engine === "mariadb" || !versionIsAtLeast(server, [8, 0, 22])) return classic;
  return `${mysqlProcesses("COALESCE(c.STATE, p.STATE) AS state")} performance_schema.processlist p
  LEFT JOIN ${mysqlWithClient} c ON c.ID = p.ID UNION ALL ${classic} WHERE @@performance_schema = 0`;
}

const mysqlProcesses = (state: string): string =>
  `SELECT ${columns}, ${state}, p.TIME AS seconds, CAST(UNIX_TIMESTAMP() AS SIGNED) - p.TIME AS since, NULL AS query_id FROM`;

/** The one list that needs no grant on any schema; without PROCESS it shows the user's own sessions only. */
export function plainProcesslistSql(server: ServerInfo): string {
  return server.engine === "mariadb"
    ? `SELECT ${columns}, ${plainState}, p.TIME_MS / 1000 AS seconds, NULL AS since, p.QUERY_ID AS query_id FROM information_schema.PROCESSLIST p`
    : `${mysqlProcesses(plainState)} information_schema.PROCESSLIST p`;
}

/** MariaDB's process list counts from the CALL of a procedure, and its threads from the statement inside it. */
export const threadsSql = (
  server: ServerInfo,
): string => `SELECT THREAD_ID AS thread_id, PROCESSLIST_ID AS id,
    ${server.engine === "mariadb" ? "PROCESSLIST_TIME" : "NULL"} AS own_seconds,
    NAME LIKE '%/event_worker' AS event
  FROM performance_schema.threads WHERE PROCESSLIST_ID IS NOT NULL`;

/**
 * Whether the open transaction is the statement's own. MySQL finds it by its index on THREAD_ID; MariaDB has none there,
 * and records transactions only where somebody has turned that on.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-events-transactions-current-table.html
 */
const autocommit = (server: ServerInfo): string =>
  server.engine === "mariadb"
    ? "NULL"
    : `(SELECT MAX(t.AUTOCOMMIT) FROM performance_schema.events_transactions_current t
      WHERE t.THREAD_ID = s.THREAD_ID AND t.STATE = 'ACTIVE')`;

/** Whether the open transaction is an XA one that is prepared and still its session's. MariaDB does not record it. */
const prepared = (server: ServerInfo): string =>
  server.engine === "mariadb"
    ? "NULL"
    : `(SELECT MAX(t.XA_STATE = 'PREPARED') FROM performance_schema.events_transactions_current t
      WHERE t.THREAD_ID = s.THREAD_ID AND t.STATE = 'ACTIVE')`;

/**
 * How long ago a statement ended: who asks runs one, whose timer is the latest.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-events-statements-current-table.html
 */
const ended = (server: ServerInfo): string =>
  server.engine === "mariadb"
    ? "NULL"
    : `(CAST((SELECT MAX(c.TIMER_END) FROM performance_schema.events_statements_current c) AS SIGNED)
      - CAST(IF(s.END_EVENT_ID IS NULL, NULL, s.TIMER_END) AS SIGNED)) / 1000000000000`;

/** The youngest of those that run one inside the other. */
const own = (server: ServerInfo): string =>
  server.engine === "mariadb"
    ? "NULL"
    : `(SELECT MIN(i.TIMER_WAIT) FROM performance_schema.events_statements_current i
      WHERE i.THREAD_ID = s.THREAD_ID AND i.END_EVENT_ID IS NULL) / 1000000000000`;

/** Level 0: a procedure's CALL and not the statement inside it that runs now. Timers count picoseconds. */
const statementsSql = (
  server: ServerInfo,
): string => `SELECT s.THREAD_ID AS thread_id, CONCAT_WS(' ', s.EVENT_ID, s.DIGEST) AS statement_key,
    s.SQL_TEXT AS text, s.TIMER_WAIT / 1000000000000 AS seconds, s.END_EVENT_ID IS NULL AS running,
    ${autocommit(server)} AS autocommit, ${prepared(server)} AS prepared, ${ended(server)} AS ended_seconds, ${own(server)} AS own_seconds
  FROM performance_schema.events_statements_current s WHERE s.NESTING_EVENT_LEVEL = 0`;

const programsSql = `SELECT PROCESSLIST_ID AS id, ATTR_VALUE AS program
  FROM performance_schema.session_connect_attrs WHERE ATTR_NAME = 'program_name'`;

/**
 * Everybody who is signed in, and what they do. Flat reads joined in memory: joined in SQL they take seconds with
 * hundreds of sessions, because MariaDB's performance_schema has no indexes. Neither engine has it all in one view:
 * MySQL's threads does not tell the client's port, which tells a session from the next one of the same id.
 */
export function mysqlSnapshotStatements(server: ServerInfo): readonly SqlStatement[] {
  const reads = [
    processlistSql(server),
    transactionsSql(server),
    threadsSql(server),
    statementsSql(server),
    programsSql,
  ];
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
  /** Second in which the command began, by the server's clock. */
  since: text.nullable().default(null),
  query_id: text.nullable(),
});
export type ProcessRow = z.infer<typeof processSchema>;

export const threadSchema = z.object({
  thread_id: number,
  id: number,
  own_seconds: number.nullable().default(null),
  /** A worker of the event scheduler. */
  event: number.nullable().default(null),
});

export const statementSchema = z.object({
  thread_id: number,
  statement_key: z.string(),
  text: z.string().nullable(),
  seconds: number.nullable(),
  running: z.coerce.boolean(),
  /** "YES" or "NO" of an open transaction. */
  autocommit: z.string().nullable().default(null),
  prepared: number.nullable().default(null),
  ended_seconds: number.nullable().default(null),
  own_seconds: number.nullable().default(null),
});
export type StatementRow = z.infer<typeof statementSchema>;

export const programSchema = z.object({ id: number, program: z.string().nullable() });
