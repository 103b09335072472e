import type { SqlStatement } from "../../ports.ts";

interface LookParts {
  /** Over p (processlist) and what `joins` adds: an expression, or NULL when it cannot be told. */
  readonly sameStatement: string;
  readonly sameTransaction: string;
  readonly sameIdle: string;
  readonly lastText: string;
  /** Whether the server has kept its beginning alone. */
  readonly cut: string;
  readonly joins: string;
  readonly params: SqlStatement["params"];
}

/** As probes/mysql-snapshot.ts reads them. https://dev.mysql.com/doc/refman/8.4/en/thread-commands.html */
const kind = `CASE WHEN p.USER = 'system user' OR p.COMMAND LIKE 'Binlog Dump%'
         OR p.COMMAND IN ('Register Slave', 'Table Dump', 'Connect Out', 'Clone') THEN 'replication'
       WHEN p.COMMAND = 'Connect' AND p.INFO IS NOT NULL THEN 'event'
       WHEN p.USER = 'event_scheduler' OR p.COMMAND = 'Daemon' THEN 'system' ELSE 'client' END`;

const state = `CASE WHEN p.COMMAND = 'Sleep' AND x.trx_id IS NOT NULL THEN 'idle-in-transaction'
       WHEN p.COMMAND = 'Sleep' THEN 'idle'
       WHEN p.COMMAND IN ('Connect', 'Daemon', 'Killed', 'Quit', 'Delayed insert') THEN 'other' ELSE 'active' END`;

const program = `(SELECT MAX(c.ATTR_VALUE) FROM performance_schema.session_connect_attrs c
    WHERE c.PROCESSLIST_ID = p.ID AND c.ATTR_NAME = 'program_name')`;

const superuser = `EXISTS (SELECT 1 FROM information_schema.USER_PRIVILEGES g
    WHERE g.PRIVILEGE_TYPE IN ('SUPER', 'SYSTEM_USER')
      AND SUBSTRING_INDEX(g.GRANTEE, '@', 1) = CONCAT('''', p.USER, ''''))`;

/**
 * Whether there is anybody at all who waits for a lock: for whom exactly costs more than a sick server should pay.
 * https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html
 */
const anyoneWaits = `EXISTS (SELECT 1 FROM information_schema.INNODB_TRX w WHERE w.trx_state = 'LOCK WAIT')
    OR EXISTS (SELECT 1 FROM information_schema.PROCESSLIST w WHERE w.STATE LIKE 'Waiting for %' OR w.STATE = 'User lock')`;

export function askAdministrator(
  expression: string,
  { sessionId }: { readonly sessionId: number },
): SqlStatement {
  return {
    sql: `SELECT ${expression} AS administrator FROM information_schema.PROCESSLIST p WHERE p.ID = ?`,
    params: [sessionId],
  };
}

/**
 * Whether it has a lock by GET_LOCK, LOCK TABLES or FLUSH TABLES WITH READ LOCK; null where that is not known. Both engines show these as metadata locks once
 * performance_schema and the instrument are on, and never what was taken before, or did not fit into the table. MySQL 8
 * is born with the instrument on; MariaDB and 5.7 are not, and no statement tells since when it is.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-metadata-locks-table.html
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-status-variables.html
 * https://mariadb.com/docs/server/reference/system-tables/performance-schema/performance-schema-tables/performance-schema-metadata_locks-table
 */
function namedLocks(allRecorded: string, { sessionId }: { readonly sessionId: number }): SqlStatement {
  return {
    sql: `SELECT CASE WHEN EXISTS (SELECT 1 FROM performance_schema.metadata_locks l
    JOIN performance_schema.threads t ON t.THREAD_ID = l.OWNER_THREAD_ID
    WHERE t.PROCESSLIST_ID = ? AND l.LOCK_STATUS = 'GRANTED' AND (l.OBJECT_TYPE = 'USER LEVEL LOCK'
      OR l.LOCK_DURATION = 'EXPLICIT' OR l.LOCK_TYPE IN ('SHARED_NO_READ_WRITE', 'SHARED_READ_ONLY')
      OR (l.LOCK_TYPE = 'SHARED_NO_WRITE' AND t.PROCESSLIST_COMMAND = 'Sleep'))) THEN TRUE
  WHEN ${allRecorded} THEN FALSE ELSE NULL END AS holdsAdvisory`,
    params: [sessionId],
  };
}

export function askNamedLocks(input: { readonly sessionId: number }): SqlStatement {
  return namedLocks(
    `@@performance_schema AND VERSION() NOT LIKE '5.%' AND EXISTS (SELECT 1
    FROM performance_schema.setup_instruments i WHERE i.NAME = 'wait/lock/metadata/sql/mdl' AND i.ENABLED = 'YES')
    AND EXISTS (SELECT 1 FROM performance_schema.global_status g
      WHERE g.VARIABLE_NAME = 'Performance_schema_metadata_lock_lost' AND g.VARIABLE_VALUE = 0)`,
    input,
  );
}

export function askMariadbNamedLocks(input: { readonly sessionId: number }): SqlStatement {
  return namedLocks("FALSE", input);
}

/**
 * information_schema.PROCESSLIST exists in every version and, unlike threads, tells the port, which makes the host
 * unrepeatable. Grants of other accounts are seen only by who may read them: elsewhere the protected names and
 * the server's own refusal are what keeps a superuser safe.
 */
export function mysqlLook(sessionId: number, sessionKey: string, parts: LookParts): SqlStatement {
  const sql = `SELECT p.ID AS id, CONCAT(p.USER, '@', p.HOST) = ? AS sameSession,
  ${parts.sameStatement} AS sameStatement, ${parts.sameTransaction} AS sameTransaction,
  ${parts.sameIdle} AS sameIdle, NULL AS administrator, NULL AS holdsLocks,
  p.USER AS user, ${program} AS application, ${kind} AS kind, FALSE AS wraparound,
  ${superuser} OR p.USER = 'rdsadmin' AS superuser,
  p.ID = CONNECTION_ID() OR COALESCE(${program} = 'rds-responder', FALSE) AS own,
  ${state} AS state, NULL AS leaderId, NULLIF(p.STATE, '') AS waitEvent, COALESCE(p.INFO, ${parts.lastText}) AS query, TRUE AS visible,
  ${parts.cut} AS cut,
  ${anyoneWaits} AS anyoneWaits,
  x.trx_rows_modified AS rowsModified, p.COMMAND = 'Killed' AS dying
FROM information_schema.PROCESSLIST p
LEFT JOIN information_schema.INNODB_TRX x ON x.trx_mysql_thread_id = p.ID
${parts.joins}
WHERE p.ID = ?`;
  return { sql, params: [sessionKey, ...(parts.params ?? []), sessionId] };
}
