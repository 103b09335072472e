/**
 * What is waited for, by the names that the engines and Performance Insights give their waits. PostgreSQL writes
 * "Lock:tuple", performance_schema "wait/synch/mutex/innodb/trx_sys_mutex"; Aurora leaves "wait/" out.
 */
const aurora = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/";
const guide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/";
const instruments =
  "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-instrument-naming.html" as const;

export const waitNames = {
  /** For the log to be safe. */
  log: {
    names:
      /^IO:(XactSync|WALSync|WALWrite)$|^LWLock:WALWrite(Lock)?$|redo_log_flush|innodb\/innodb_log_file|file\/sql\/binlog|MYSQL_BIN_LOG::/i,
    page: `${aurora}ams-waits.io-redologflush.html`,
  },
  /** For a standby that has to confirm. */
  replica: {
    names: /:SyncRep$|semisync|ack_receiver/i,
    page: "https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-IPC-TABLE",
  },
  /** For a table as a whole. */
  table: {
    names:
      /^Lock:relation$|MDL_context::COND_wait_status|lock\/metadata\/sql\/mdl|lock\/table\/sql\/handler/i,
    page: `${guide}wait-event.lockrelation.html`,
  },
  /** For rows, or the transaction that wrote them last; Aurora MySQL's thread slots are that, too. */
  row: {
    names: /^(Lock:)?(transactionid|tuple)$|innodb_?\/?row_lock_wait|lock_thread_slot/i,
    page: `${aurora}ams-waits.row-lock-wait.html`,
  },
  /** Pages that come from outside the cache. */
  page: { names: /Read|page read|innodb_data_file/, page: `${guide}wait-event.iodatafileread.html` },
  /** Performance Insights keeps the names of before 13 for Aurora. */
  lockManager: {
    names: /^LWLock:(lock_?manager|lock_?fast_?path)$/i,
    page: `${aurora}apg-waits.lw-lock-manager.html`,
  },
  subtransactions: {
    names: /^LWLock:(Subtrans\w*|subtrans)$/i,
    page: "https://www.postgresql.org/docs/current/subxacts.html",
  },
  multixacts: {
    names: /^LWLock:(MultiXact\w*|multixact_\w+)$/i,
    page: "https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-MULTIXACT-WRAPAROUND",
  },
  /** Of InnoDB or the server, for a turn at its own structures; conditions (synch/cond) are slept at on purpose. */
  latch: { names: /^(wait\/)?synch\/(mutex|s?x?lock|rwlock|prlock)\//, page: instruments },
} as const satisfies Readonly<Record<string, { readonly names: RegExp; readonly page: string }>>;

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
