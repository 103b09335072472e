/** A structure that all share, and what a person could do about the queue for it. */
export interface LatchName {
  readonly kind: string;
  /** Of performance_schema's instruments, or of a thread's states. */
  readonly event: RegExp;
  /** Files of InnoDB's source that make such a latch, as the monitor names them. */
  readonly madeIn?: RegExp;
  /** "a latch, of …". */
  readonly words: string;
  readonly advice?: string;
}

/**
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-instrument-naming.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.Waitevents.html
 * https://mariadb.com/kb/en/query-cache-thread-states/
 */
export const latchNames: readonly LatchName[] = [
  {
    kind: "adaptive-hash",
    event: /btr_search|btr_ahi/,
    madeIn: /^(btr0sea|ha0ha)$/,
    words: "the adaptive hash index",
  },
  {
    kind: "index",
    event: /index_tree_rw_lock|dict_index/,
    madeIn: /^dict0(dict|mem)$/,
    words: "the lock of one index's tree, which inserts at its end split again and again",
    advice: "several rows in one INSERT, or a table in partitions",
  },
  {
    kind: "page",
    event: /buf_block_lock|block_lock|hash_table_locks|buf_pool/,
    madeIn: /^(buf0buf|buf0lru)$/,
    words: "pages of the buffer pool",
    advice: "an index for what reads most, then a larger pool",
  },
  {
    kind: "lock-system",
    event: /lock_sys|lock_mutex|lock_wait_mutex|lock_latch|trx_mutex|LOCK_thd_lock/,
    madeIn: /^lock0lock$/,
    words: "InnoDB's table of row locks",
    advice: "shorter transactions that lock fewer rows",
  },
  {
    kind: "read-views",
    event: /trx_sys/,
    madeIn: /^(trx0sys|read0read)$/,
    words: "the list of transactions, which every snapshot copies",
  },
  {
    kind: "undo",
    event: /rseg_(mutex|latch)|purge_(sys|latch)|trx_purge/,
    words: "the undo logs, into which every change is written",
    advice: "look for a transaction that is open for long",
  },
  { kind: "log", event: /innodb\/log_|log_sys/, madeIn: /^log0log$/, words: "the redo log's buffer" },
  {
    kind: "flushing",
    event: /dblwr_mutex|flush_list|buf0flu/,
    words: "changed pages that have to be written out",
    advice: "look at the volume's writes and limits",
  },
  {
    kind: "auto-increment",
    event: /autoinc/,
    words: "the AUTO_INCREMENT counter of a table",
    advice: "several rows in one INSERT; innodb_autoinc_lock_mode 2 where it is less",
  },
  {
    kind: "dictionary",
    event: /dict_(operation|sys|table_stats)|rwlock\/innodb\/dict$|^creating table$/,
    words: "InnoDB's dictionary, which DDL keeps",
    advice: "look for CREATE, DROP, TRUNCATE or ALTER among the statements",
  },
  {
    kind: "tablespaces",
    event: /fil_(system|space)|TABLESPACES:|tablespace_open/,
    words: "InnoDB's list of files, while one is opened or grows",
    advice: "innodb_open_files above the number of tables and partitions in use",
  },
  {
    kind: "table-cache",
    event:
      /LOCK_(table_cache|open|table_share)\b|FILE_AS_TABLE|TABLE_SHARE|file\/sql\/(FRM|dbopt|file_parser)\b|^(opening|closing) tables$/i,
    words: "the cache of open tables",
    advice:
      "table_open_cache and table_definition_cache above what is opened at once, as far as memory has room; Opened_tables tells",
  },
  {
    kind: "temporary-tables",
    event: /temp_pool_manager|KEY_CACHE|PAGECACHE|mutex\/temptable/,
    words: "internal temporary tables, as GROUP BY and UNION make",
    advice: "an index that gives the order, fewer such statements at once",
  },
  {
    kind: "statement-log",
    event:
      /file\/sql\/(slow_log|query_log)|\/csv\/|\bLOGGER|LOCK_(slow|general|error|logger)\w*$|sql\/LOG(::|$)|^logging slow query$/i,
    words: "the general or slow log, into which all statements write in turns",
    advice: "general_log = 0, a higher long_query_time, or log_output = FILE where it is TABLE",
  },
  {
    kind: "query-cache",
    event: /query[_ ]cache/i,
    words: "the query cache, which each write to a table locks and empties",
    advice: "query_cache_size = 0 and query_cache_type = 0",
  },
  {
    kind: "metadata",
    event: /MDL_(lock|context::LOCK|wait)/,
    words: "the list of metadata locks, which each statement enters",
    advice: "fewer statements at once on the same table",
  },
  {
    kind: "variables",
    event: /LOCK_(global_system|system)_variables|LOCK_plugin/,
    words: "the server's variables and plugins, which new connections, SET and SHOW VARIABLES read",
    advice: "a pool in place of new connections; SELECT @@name in place of SHOW VARIABLES",
  },
  {
    kind: "status",
    event: /LOCK_status|innodb_monitor_mutex/,
    words: "the counters of the server, which SHOW STATUS adds up over all sessions",
    advice: "monitoring that asks less often",
  },
  {
    kind: "connections",
    event:
      /LOCK_(thread_count|thd_(list|remove|data|query)|connection_count|user_conn|thread_cache)|group_mutex/,
    words: "the list of sessions, which sign-ins, their ends and process lists keep",
    advice: "a pool that keeps its connections",
  },
  {
    kind: "grants",
    event: /LOCK_grant|acl_cache|^checking permissions$/i,
    words: "the privileges, which are checked for each statement",
    advice: "no GRANT or FLUSH PRIVILEGES by day; fewer grants of single tables and columns",
  },
  {
    kind: "audit",
    event: /audit/i,
    words: "the audit plugin, through which each statement goes",
    advice: "SERVER_AUDIT_EVENTS narrower",
  },
];
