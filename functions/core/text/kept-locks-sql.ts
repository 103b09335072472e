/** Over p, the processlist of MySQL and MariaDB. */
const inTransaction =
  "EXISTS (SELECT 1 FROM information_schema.innodb_trx t WHERE t.trx_mysql_thread_id = p.ID)";

/**
 * A session may keep GET_LOCK, LOCK TABLES or FLUSH TABLES WITH READ LOCK while it idles: it is the leader of something,
 * or a backup. Outside a transaction every lock is such a one (LOCK TABLES READ looks like a SELECT's on MariaDB);
 * within one, what is explicit, a named lock, or of a mode that only LOCK TABLES takes.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-metadata-locks-table.html
 */
const holdsNothing = `NOT EXISTS (SELECT 1 FROM performance_schema.metadata_locks m JOIN performance_schema.threads h ON h.THREAD_ID = m.OWNER_THREAD_ID WHERE h.PROCESSLIST_ID = p.ID AND m.LOCK_STATUS = 'GRANTED'`;
export const outsideTransaction = `NOT ${inTransaction} AND ${holdsNothing})`;
export const transactionAlone = `${inTransaction} AND ${holdsNothing} AND (m.LOCK_DURATION = 'EXPLICIT' OR m.OBJECT_TYPE IN ('USER LEVEL LOCK', 'User lock') OR m.LOCK_TYPE IN ('SHARED_NO_READ_WRITE', 'SHARED_READ_ONLY', 'SHARED_NO_WRITE')))`;
