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
