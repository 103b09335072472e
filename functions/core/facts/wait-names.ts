/**
 * What is waited for, by the names that the engines and Performance Insights give their waits. PostgreSQL writes
 * "Lock:tuple", performance_schema "wait/synch/mutex/innodb/trx_sys_mutex"; Aurora leaves "wait/" out.
 */
export const waitNames = {
  /**
   * For the log to be safe.
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/apg-waits.xactsync.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.iowalsync.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/ams-waits.io-redologflush.html
   */
  log: /^IO:(XactSync|WAL(Init)?Sync|WAL(Init)?Write|TwophaseFile(Sync|Write)|AuroraStorageLogAllocate)$|^LWLock:WALWrite(Lock)?$|redo_log_flush|innodb\/innodb_log_file|file\/sql\/binlog|MYSQL_BIN_LOG::/i,
  /** For a standby that has to confirm. https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-IPC-TABLE */
  replica: /:SyncRep$|semisync|ack_receiver/i,
  /**
   * For a table as a whole; where performance_schema is off, as in MariaDB unless asked for, by the states of threads.
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.lockrelation.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Tuning.wait-events.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.EnableMySQL.html
   */
  table:
    /^Lock:relation$|MDL_context::COND_wait_status|lock\/metadata\/sql\/mdl|lock\/table\/sql\/handler|^waiting for table (metadata|level) lock$/i,
  /** For a lock by name. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.lockadvisory.html */
  advisory: /^Lock:(advisory|userlock)$/i,
  /**
   * Until the client takes what it is sent.
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/apg-waits.clientwrite.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.Waitevents.html
   */
  client: /^Client:ClientWrite$|aurora_respond_to_client/i,
  /** Within a transaction, or of what it sends. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.clientread.html */
  clientsTurn: /^Client:ClientRead$/i,
  /**
   * On purpose: processes of the server without work, and what was told to wait. As load it counts, and takes nothing.
   * https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-TABLE
   */
  resting:
    /^(Activity:|Client:(WalSender|LibpqWalReceiver)|Timeout:(PgSleep|Vacuum|CheckpointWriteDelay|BaseBackupThrottle|Recovery|WalSummarizer)|IPC:SafeSnapshot$)/i,
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
  newConnection: /^(wait\/)?io\/socket\/sql\/client_connection$|^Client:(SSL|GSS)OpenServer$/i,
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
  temporary: /^IO:BufFile|innodb_temp_file|file\/sql\/(io_cache|hash_join|map|FRM_tmp)|temptable/i,
  /**
   * Pages from outside the cache, and a place in it for them; from 18 on also until an I/O worker has read them.
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.iodatafileread.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.lwlockbufferio.html
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.lwl-buffer-mapping.html
   */
  page: /^IO:(DataFile(Read|Prefetch)|CopyFileRead|Aurora(StorageRead|OptimizedReads))|:Aio|:AuroraOptimizedReads|:buffer_?(IO|mapping)$|page read|innodb_data_file/i,
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

export type LatchKind =
  | "adaptive-hash"
  | "index"
  | "page"
  | "lock-system"
  | "read-views"
  | "log"
  | "table-cache";

/**
 * Latches of which there is something to say that a person could act on.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-instrument-naming.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.Waitevents.html
 */
export const latchNames: readonly {
  readonly kind: LatchKind;
  /** Of performance_schema's instruments. */
  readonly event: RegExp;
  /** Files of InnoDB's source that make such a latch, as the monitor names them. */
  readonly madeIn: RegExp;
}[] = [
  { kind: "adaptive-hash", event: /btr_search|btr_ahi/, madeIn: /^(btr0sea|ha0ha)$/ },
  { kind: "index", event: /index_tree_rw_lock|dict_index/, madeIn: /^dict0(dict|mem)$/ },
  {
    kind: "page",
    event: /buf_block_lock|block_lock|hash_table_locks|buf_pool/,
    madeIn: /^(buf0buf|buf0lru)$/,
  },
  { kind: "lock-system", event: /lock_sys|lock_mutex|LOCK_thd_lock/, madeIn: /^lock0lock$/ },
  { kind: "read-views", event: /trx_sys/, madeIn: /^(trx0sys|read0read)$/ },
  { kind: "log", event: /innodb\/log_|log_sys/, madeIn: /^log0log$/ },
  { kind: "table-cache", event: /LOCK_(table_cache|open)\b/, madeIn: /^never$/ },
];
