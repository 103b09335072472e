/**
 * What is waited for, by the names that the engines and Performance Insights give their waits. PostgreSQL writes
 * "Lock:tuple", performance_schema "wait/synch/mutex/innodb/trx_sys_mutex"; Aurora leaves "wait/" out.
 */
export const waitNames = {
  /**
   * For the log to be safe; not of who sends it to replicas, and stands by until there is more of it.
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/apg-waits.xactsync.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.iowalsync.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/ams-waits.io-redologflush.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.thread-states.html
   * https://mariadb.com/kb/en/group-commit-for-the-binary-log/
   */
  log: /^IO:(XactSync|WAL(Init)?Sync|WAL(Init)?Write|TwophaseFile(Sync|Write)|AuroraStorageLogAllocate)$|^LWLock:WALWrite(Lock)?$|redo_log_flush|innodb\/innodb_log_file|file\/sql\/binlog|MYSQL_BIN_LOG::(?!update_cond|COND_bin_log_updated)|LOCK_(commit_ordered|prepare_ordered|after_binlog_sync)|COND_wakeup_ready|innodb\/commit_cond|^(commit( implicit)?|committing|query end|waiting for handler commit|delayed commit ok initiated)$/i,
  /**
   * For a standby that has to confirm; the thread that takes what replicas confirm stands by.
   * https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-IPC-TABLE
   * https://dev.mysql.com/doc/refman/8.4/en/replication-semisync-monitoring.html
   */
  replica:
    /:SyncRep$|semisync\/(?!ack_receiver)|^waiting for semi-sync ack|sql\/(COND_binlog_send|LOCK_binlog)_?$/i,
  /**
   * For a table as a whole; where performance_schema is off, as in MariaDB unless asked for, by the states of threads.
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.lockrelation.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Tuning.wait-events.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.EnableMySQL.html
   * https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html
   */
  table:
    /^Lock:relation$|MDL_context::COND_wait_status|lock\/metadata\/sql\/mdl|lock\/table\/sql\/handler|my_thread_var::suspend|^waiting for (table level lock|table flush|[a-z ]+ metadata lock)$|^(system lock|table lock|locked)$/i,
  /**
   * Until all tables may be written again: FLUSH TABLES WITH READ LOCK, and MariaDB's BACKUP STAGE.
   * https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html
   * https://mariadb.com/kb/en/backup-stage/
   */
  allTables: /^waiting for (global read|commit|backup) lock$/i,
  /**
   * For a lock by name.
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.lockadvisory.html
   * https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
   */
  advisory: /^Lock:(advisory|userlock)$|^(waiting for )?user lock$/i,
  /**
   * Until the client takes what it is sent.
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/apg-waits.clientwrite.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.Waitevents.html
   * https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html
   */
  client:
    /^Client:ClientWrite$|aurora_respond_to_client|^(writing to net|sending to client|sending cached result to client|reading from net|receiving from client)$/i,
  /** Within a transaction, or of what it sends. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.clientread.html */
  clientsTurn: /^Client:ClientRead$/i,
  /**
   * On purpose: processes of the server without work, and what was told to wait. As load it counts, and takes nothing.
   * https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-TABLE
   * https://dev.mysql.com/doc/refman/8.4/en/replica-sql-thread-states.html
   * https://dev.mysql.com/doc/refman/8.4/en/replication-source-thread-states.html
   */
  resting:
    /^(Activity:|Client:(WalSender|LibpqWalReceiver)|Timeout:(PgSleep|Vacuum|CheckpointWriteDelay|BaseBackupThrottle|Recovery|WalSummarizer)|IPC:SafeSnapshot$)|::update_cond$|COND_bin_log_updated|COND_wait_commit|jobs_cond|worker_hash_cond|Commit_order_|Item_func_sleep|COND_(queue_state|thread_cache|compress_gtid|group_commit_orderer|parallel_entry|rpl_thread)|Ack_receiver::|mysqlx\/|threadpool\/|server_tcpip_socket|^user sleep$|^waiting (on empty|for next activation|for (master|source) to|for an event|for work|for (prior|preceding|dependent) trans|for room|for (replica|slave) workers)|(has (sent|read) all|sending binlog event)|^innodb purge/i,
  /**
   * For the other processes of a parallel plan: that is its work, too.
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rpg-ipc-parallel.html
   */
  parallel:
    /^(IPC:(Parallel|Bgworker|ExecuteGather|Hash|MessageQueue|BtreePage|AppendReady)|LWLock:(Parallel|PerSession|Shared_?T|BackgroundWorker|DynamicSharedMemory)|IO:DSM)/i,
  /** Computes, or wants to. */
  cpu: /^cpu$/i,
  /**
   * While a new connection is made.
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/ams-waits.client-connection.html
   * https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-CLIENT-TABLE
   */
  newConnection: /^(wait\/)?io\/socket\/sql\/client_connection$|^Client:(SSL|GSS)OpenServer$|^login$/i,
  /**
   * For rows, or the transaction that wrote them last; Aurora MySQL's thread slots are that, too.
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.locktransactionid.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.locktuple.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/ams-waits.row-lock-wait.html
   */
  row: /^(Lock:)?(transactionid|tuple)$|innodb_?\/?row_lock_wait|lock_thread_slot/i,
  /**
   * For temporary files of sorts and hashes.
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.iobuffile.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.Waitevents.html
   */
  temporary:
    /^IO:BufFile|innodb_temp_file|file\/(temptable|aria\/MA[DI])|file\/sql\/(io_cache|hash_join|map|FRM_tmp)|^(converting heap to |copying to tmp table on disk|removing tmp table)/i,
  /**
   * Pages from outside the cache, and a place in it for them; from 18 on also until an I/O worker has read them.
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.iodatafileread.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.lwlockbufferio.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.lwl-buffer-mapping.html
   */
  page: /^IO:(DataFile(Read|Prefetch)|CopyFileRead|Aurora(StorageRead|OptimizedReads))|:Aio|:AuroraOptimizedReads|:buffer_?(IO|mapping)$|page read|innodb_data_file/i,
  /** Other files on the same volume. https://dev.mysql.com/doc/refman/8.4/en/performance-schema-instrument-naming.html */
  file: /io\/file\/(innodb\/innodb_(parallel_)?(dblwr|arch|clone|sort)|sql\/(relaylog|load)|myisam)/i,
  /**
   * A step that computes, or reads and writes: where performance_schema is off, the state of a thread is all there is.
   * https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html
   * https://mariadb.com/kb/en/general-thread-states/
   */
  work: /^(sending data|executing|optimizing|preparing|statistics|(updating|deleting from) .* tables?|updat(e|ing)|creating (sort index|tmp table|index)|sorting .*|copying to (group|tmp) table|copy to tmp table|removing duplicates|fulltext .*|(committing )?alter.* table.*|repair .*|checking table|analyzing|roll(ing )?back.*)$|^(wait\/)?io\/table\/sql\/handler$/i,
  /**
   * What ends or begins a statement, and takes no time of its own but for the log: both are written there.
   * https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html
   */
  step: /^(init|starting|end|freeing items|cleaning up|unlocking tables|init for update|end of update loop)$/i,
  /**
   * Performance Insights keeps the names of before 13 for Aurora.
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/apg-waits.lw-lock-manager.html
   */
  lockManager: /^LWLock:(lock_?manager|lock_?fast_?path)$/i,
  /** https://www.postgresql.org/docs/current/subxacts.html */
  subtransactions: /^LWLock:(Subtrans\w*|subtrans)$/i,
  /** https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-MULTIXACT-WRAPAROUND */
  multixacts: /^LWLock:(MultiXact\w*|multixact_\w+)$/i,
  /**
   * For a turn at structures of InnoDB or the server; conditions (synch/cond) are slept at on purpose.
   * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-instrument-naming.html
   */
  latch: /^(wait\/)?synch\/(mutex|s?x?lock|rwlock|prlock)\//,
} as const satisfies Readonly<Record<string, RegExp>>;
