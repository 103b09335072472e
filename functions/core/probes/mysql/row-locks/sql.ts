import type { SqlStatement } from "../../../ports.ts";

/** Beyond it a pass over data_locks would hold up InnoDB itself: https://bugs.mysql.com/bug.php?id=112035 */
export const manyRowLocks = 500_000;

/**
 * What a lock is on, out of its id. Records: "<trx>[:<table>]:space:page:heap:<lock>", tables:
 * "<trx>[:<n>]:table:<lock>"; the part in brackets came with MySQL 9.
 */
export function lockKeyOf(lockId: string): string {
  const parts = lockId.split(":");
  return parts.length > 4 ? parts.slice(-4, -1).join(":") : `table ${parts.at(-2) ?? lockId}`;
}

/** The same for the ids that data_locks tells. */
const lockKeySql = `IF(l.LOCK_TYPE = 'TABLE',
      CONCAT('table ', SUBSTRING_INDEX(SUBSTRING_INDEX(l.ENGINE_LOCK_ID, ':', -2), ':', 1)),
      SUBSTRING_INDEX(SUBSTRING_INDEX(l.ENGINE_LOCK_ID, ':', -4), ':', 3))`;

/**
 * Only locks on what somebody waits for, in one pass. sys.innodb_lock_waits and data_lock_waits grow with the square
 * of a queue.
 */
export function mysqlDataLocks(wanted: readonly string[]): SqlStatement {
  const sql = `SELECT l.ENGINE_TRANSACTION_ID AS trx_id, l.THREAD_ID AS thread_id, ${lockKeySql} AS lock_key,
    l.OBJECT_SCHEMA AS schema_name, l.OBJECT_NAME AS table_name, l.PARTITION_NAME AS partition_name,
    l.INDEX_NAME AS index_name, l.LOCK_MODE AS mode, l.LOCK_STATUS AS status
  FROM performance_schema.data_locks AS l
  WHERE l.LOCK_STATUS IN ('GRANTED', 'WAITING') AND ${lockKeySql} IN (${wanted.map(() => "?").join(", ")})`;
  return { sql, params: wanted };
}

/** In place of the above when there are too many locks: reads the waiters' queues and nothing else. */
export const mysqlLockWaits: SqlStatement = {
  sql: `SELECT w.REQUESTING_ENGINE_TRANSACTION_ID AS waiting_trx, w.REQUESTING_ENGINE_LOCK_ID AS waiting_lock,
    w.BLOCKING_ENGINE_TRANSACTION_ID AS blocking_trx, w.BLOCKING_ENGINE_LOCK_ID AS blocking_lock
  FROM performance_schema.data_lock_waits AS w
  LIMIT 20000`,
};
