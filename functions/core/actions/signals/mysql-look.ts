import type { SqlStatement } from "../../ports.ts";
import { mysqlAdministrator } from "./mysql-administrator.ts";
import { eventIdOf, joins, sinceOf } from "./mysql-signal.ts";
import { sameSecond } from "./processlist-kill.ts";
import { askAdministrator, askNamedLocks, mysqlLook } from "./processlist-look.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Looks } from "./signals.ts";

/** An open transaction that was begun by the statement that was seen, or by an earlier one. */
const begunUpTo = `(SELECT MAX(b.NESTING_EVENT_ID) FROM performance_schema.events_transactions_current b
    WHERE b.THREAD_ID = t.THREAD_ID AND b.END_EVENT_ID IS NULL) <= ?`;

const lastStatement = {
  lastText: "e.SQL_TEXT",
  cut: "LENGTH(e.SQL_TEXT) >= @@performance_schema_max_sql_text_length - 4",
} as const;

function look(input: SessionTarget): SqlStatement {
  const event = eventIdOf(input);
  const since = sinceOf(input);
  if (event === null) {
    const same = since === null ? "NULL" : sameSecond;
    return mysqlLook(input.sessionId, input.sessionKey, {
      // In the same second another one may have begun; in another second another one has.
      sameStatement: since === null ? "NULL" : `CASE WHEN ${sameSecond} THEN NULL ELSE FALSE END`,
      sameTransaction: "NULL",
      sameIdle: same,
      ...lastStatement,
      joins,
      params: since === null ? [] : [since, since],
    });
  }
  return mysqlLook(input.sessionId, input.sessionKey, {
    sameStatement: "COALESCE(e.EVENT_ID = ?, FALSE)",
    // A session that has run nothing since is in the same transaction even where transactions are not recorded.
    sameTransaction: `COALESCE(e.EVENT_ID = ? OR ${begunUpTo}, FALSE)`,
    sameIdle: "COALESCE(e.EVENT_ID = ?, FALSE)",
    ...lastStatement,
    joins,
    params: [event, event, event, event],
  });
}

/**
 * InnoDB takes back the room of its tables only when the session ends. Those of MEMORY, MyISAM and the like are in no
 * list: who has ever made a table in this session may have one, and none has who is counted and made none.
 * https://dev.mysql.com/doc/refman/8.4/en/information-schema-innodb-session-temp-tablespaces-table.html
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-summary-tables.html
 */
const counted = (events: string, sessionId: string): string => `(SELECT COALESCE(SUM(s.COUNT_STAR), 0)
    FROM performance_schema.events_statements_summary_by_thread_by_event_name s
    JOIN performance_schema.threads t ON t.THREAD_ID = s.THREAD_ID
    WHERE t.PROCESSLIST_ID = ${sessionId} AND (${events}))`;
const created = "s.EVENT_NAME = 'statement/sql/create_table'";
/** What may have made one without saying so: prepared, or inside a procedure. */
const others =
  "s.EVENT_NAME IN ('statement/com/Execute', 'statement/sql/execute_sql') OR s.EVENT_NAME LIKE 'statement/sp/%'";
const recorded = (instruments: string, consumers: string): string => `NOT EXISTS (SELECT 1
    FROM performance_schema.setup_instruments i WHERE i.ENABLED = 'NO' AND (${instruments}))
  AND NOT EXISTS (SELECT 1 FROM performance_schema.setup_consumers c WHERE c.ENABLED = 'NO'
    AND c.NAME IN ('global_instrumentation', 'thread_instrumentation'${consumers}))`;
const temporary = `SELECT CASE WHEN EXISTS (SELECT 1 FROM information_schema.INNODB_SESSION_TEMP_TABLESPACES s
    WHERE s.ID = ? AND s.PURPOSE = 'USER') OR ${counted(created, "?")} > 0
    OR EXISTS (SELECT 1 FROM performance_schema.user_variables_by_thread v
      JOIN performance_schema.threads t ON t.THREAD_ID = v.THREAD_ID WHERE t.PROCESSLIST_ID = ?) THEN TRUE
  WHEN @@global.init_connect = '' AND ${counted(others, "?")} = 0
    AND EXISTS (SELECT 1 FROM performance_schema.threads t WHERE t.PROCESSLIST_ID = ? AND t.INSTRUMENTED = 'YES')
    AND ${recorded("i.NAME IN ('statement/sql/create_table', 'statement/sql/execute_sql', 'statement/sp/stmt', 'statement/com/Execute')", "")}
    THEN FALSE ELSE NULL END AS holdsTemporary`;

/**
 * The tables that its transaction has locked for writing and that are not among those of InnoDB, whose names are encoded:
 * one with other characters than these is taken for another engine's.
 * https://dev.mysql.com/doc/refman/8.4/en/information-schema-innodb-tables-table.html
 */
const notUndone = `SELECT CONCAT(l.OBJECT_SCHEMA, '.', l.OBJECT_NAME) AS \`table\` FROM performance_schema.metadata_locks l
  JOIN performance_schema.threads t ON t.THREAD_ID = l.OWNER_THREAD_ID
  WHERE t.PROCESSLIST_ID = ? AND l.OBJECT_TYPE = 'TABLE' AND l.LOCK_STATUS = 'GRANTED'
    AND l.LOCK_TYPE LIKE 'SHARED_WRITE%' AND CAST(CONCAT(l.OBJECT_SCHEMA, '/', l.OBJECT_NAME) AS BINARY) NOT IN (
      SELECT CAST(SUBSTRING_INDEX(i.NAME, '#', 1) AS BINARY) FROM information_schema.INNODB_TABLES i) LIMIT 1`;

/** https://dev.mysql.com/doc/refman/8.4/en/performance-schema-events-transactions-current-table.html */
const prepared = `SELECT COALESCE(x.XA_STATE, 'UNKNOWN') AS state FROM performance_schema.threads t
  LEFT JOIN performance_schema.events_transactions_current x ON x.THREAD_ID = t.THREAD_ID AND x.END_EVENT_ID IS NULL
  WHERE t.PROCESSLIST_ID = ? AND (x.XA_STATE <> 'NOTXA' OR t.INSTRUMENTED = 'NO'
    OR NOT (${recorded("i.NAME = 'transaction'", ", 'events_transactions_current'")}))`;

export const mysqlLooks: Looks = {
  look,
  askAdministrator: (input) => askAdministrator(mysqlAdministrator, input),
  askNamedLocks,
  askTemporary: ({ sessionId }) => ({ sql: temporary, params: Array.from({ length: 5 }, () => sessionId) }),
  askNotUndone: ({ sessionId }) => ({ sql: notUndone, params: [sessionId] }),
  askPrepared: ({ sessionId }) => ({ sql: prepared, params: [sessionId] }),
};
