/**
 * Counters of SHOW GLOBAL STATUS, by the name they get here. All are cumulative since the server's start. MariaDB
 * tells some with a different meaning or not at all: what is missing stays null.
 * https://dev.mysql.com/doc/refman/8.4/en/server-status-variables.html
 * https://mariadb.com/kb/en/innodb-status-variables/
 */
export const statusCounters = {
  questions: "Questions",
  /** The engine's, one for each statement under autocommit; Com_commit is not in performance_schema's table. */
  commits: "Handler_commit",
  rollbacks: "Handler_rollback",
  slowQueries: "Slow_queries",
  pageReadRequests: "Innodb_buffer_pool_read_requests",
  /** Requests that had to wait for the disk. */
  pageReads: "Innodb_buffer_pool_reads",
  pageWaitFree: "Innodb_buffer_pool_wait_free",
  pagesFlushed: "Innodb_buffer_pool_pages_flushed",
  logWaits: "Innodb_log_waits",
  logBytesWritten: "Innodb_os_log_written",
  rowLockWaits: "Innodb_row_lock_waits",
  rowLockMilliseconds: "Innodb_row_lock_time",
  tmpTables: "Created_tmp_tables",
  tmpDiskTables: "Created_tmp_disk_tables",
  sortMergePasses: "Sort_merge_passes",
  fullScans: "Select_scan",
  fullJoins: "Select_full_join",
  nextRowsInScans: "Handler_read_rnd_next",
  rowsByKey: "Handler_read_key",
  threadsCreated: "Threads_created",
  connections: "Connections",
  abortedConnects: "Aborted_connects",
  /** MariaDB's; of MySQL the handshakes that failed are counted as an error of the server. */
  abortedBeforeSignIn: "Aborted_connects_preauth",
  abortedClients: "Aborted_clients",
  tableCacheMisses: "Table_open_cache_misses",
  tableCacheOverflows: "Table_open_cache_overflows",
} as const;
export type StatusCounter = keyof typeof statusCounters;

/** What is so now. */
export const statusLevels = {
  uptimeSeconds: "Uptime",
  pagesTotal: "Innodb_buffer_pool_pages_total",
  pagesFree: "Innodb_buffer_pool_pages_free",
  pagesDirty: "Innodb_buffer_pool_pages_dirty",
  pageBytes: "Innodb_page_size",
  rowLockCurrentWaits: "Innodb_row_lock_current_waits",
  threadsRunning: "Threads_running",
  threadsConnected: "Threads_connected",
  maxUsedConnections: "Max_used_connections",
} as const;
export type StatusLevel = keyof typeof statusLevels;

/**
 * Counted by their own names as well: whoever looks for what is told of them finds it there.
 * https://mariadb.com/kb/en/server-status-variables/
 */
export const namedCounters: readonly string[] = [
  "Connection_errors_max_connections",
  "Connection_errors_internal",
  "Access_denied_errors",
  "Max_statement_time_exceeded",
];

/** Handshakes that broke off before a sign-in: under MariaDB's name for them. */
export const handshakeError = 1043;

/**
 * Errors that say by number what is wrong; those of a sign-in, and of a statement without a digest, stand nowhere else. Not
 * 1030, which comes with another. https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 */
export const namedErrors: readonly number[] = [
  ...[1021, 1026, 1034, 1036, 1037, 1038, 1040, 1041, 1044, 1045, 1046, 1048, 1049, 1050, 1051, 1054, 1062],
  ...[1064, 1104, 1114, 1116, 1117, 1118, 1129, 1130, 1135, 1142, 1143, 1146, 1153, 1158, 1159, 1160, 1161],
  ...[1194, 1195, 1197, 1203, 1205, 1206, 1213, 1223, 1226, 1227, 1242, 1264, 1265, 1267, 1290, 1292, 1305],
  ...[1317, 1364, 1366, 1370, 1390, 1406, 1412, 1418, 1419, 1436, 1442, 1451, 1452, 1456, 1461, 1467, 1526],
  ...[1568, 1569, 1582, 1598, 1615, 1637, 1644, 1665, 1690, 1698, 1701, 1709, 1712, 1785, 1792, 1799, 1812],
  ...[1814, 1817, 1820, 1836, 1862, 1878, 1881, 3024, 3032, 3058, 3100, 3101, 3118, 3140, 3159, 3170, 3572],
  ...[3636, 3675, 3730, 3780, 3819, 3955, 4031],
];
