/**
 * What a lock is on, out of its id. Records: "<trx>[:<table>]:space:page:heap:<lock>", tables:
 * "<trx>[:<n>]:table:<lock>"; the part in brackets came with MySQL 9.
 */
const lockKey = (id: string): string =>
  `IF(LENGTH(${id}) - LENGTH(REPLACE(${id}, ':', '')) >= 4,
      SUBSTRING_INDEX(SUBSTRING_INDEX(${id}, ':', -4), ':', 3),
      CONCAT('table ', SUBSTRING_INDEX(SUBSTRING_INDEX(${id}, ':', -2), ':', 1)))`;

/** Beyond it a pass over data_locks would hold up InnoDB itself: https://bugs.mysql.com/bug.php?id=112035 */
const manyLocks = 500_000;
const rowLocks = "SELECT SUM(trx_rows_locked) FROM information_schema.INNODB_TRX";

/** Only locks on what somebody waits for. sys.innodb_lock_waits and data_lock_waits grow with the square of a queue. */
export const mysqlDataLocksSql = `
  SELECT l.ENGINE_TRANSACTION_ID AS trx_id, l.THREAD_ID AS thread_id, wanted.lock_key, l.OBJECT_SCHEMA AS schema_name,
    l.OBJECT_NAME AS table_name, l.PARTITION_NAME AS partition_name, l.INDEX_NAME AS index_name,
    l.LOCK_MODE AS mode, l.LOCK_STATUS AS status
  FROM (SELECT DISTINCT ${lockKey("trx_requested_lock_id")} AS lock_key FROM information_schema.INNODB_TRX
    WHERE trx_state = 'LOCK WAIT' AND (${rowLocks}) < ${manyLocks}) AS wanted
  STRAIGHT_JOIN performance_schema.data_locks AS l ON ${lockKey("l.ENGINE_LOCK_ID")} = wanted.lock_key
  WHERE l.LOCK_STATUS IN ('GRANTED', 'WAITING')`;

/** In place of the above when there are too many locks: reads the waiters' queues and nothing else. */
export const mysqlLockWaitsSql = `
  SELECT ${lockKey("w.REQUESTING_ENGINE_LOCK_ID")} AS lock_key,
    w.REQUESTING_ENGINE_TRANSACTION_ID AS waiting_trx, w.REQUESTING_ENGINE_LOCK_ID AS waiting_lock,
    w.BLOCKING_ENGINE_TRANSACTION_ID AS blocking_trx, w.BLOCKING_ENGINE_LOCK_ID AS blocking_lock
  FROM (SELECT 1 FROM information_schema.INNODB_TRX HAVING SUM(trx_rows_locked) >= ${manyLocks}) AS many
  STRAIGHT_JOIN performance_schema.data_lock_waits AS w
  LIMIT 20000`;
