import type { CauseId } from "../contract/cause-ids.ts";
import { waitNames } from "./wait-names.ts";

/** Waits of PostgreSQL that mean the same, and what the field knows of them. */
export interface WaitFamily {
  /** The finding's subject. */
  readonly kind: string;
  readonly names: RegExp;
  /** After "sessions wait for", and after "what helps". */
  readonly what: string;
  readonly helps: string;
  /** It may be several things. */
  readonly vague?: true;
}

/**
 * By the cause that they show. Performance Insights keeps some names of before 13 for Aurora; from 17 on some are
 * written in another case.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-TABLE
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Tuning.concepts.summary.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Reference.Waitevents.html
 */
export const waitFamilies: Partial<Record<CauseId, readonly WaitFamily[]>> = {
  "latch-contention": [
    {
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.lwlockbuffercontent.html
      kind: "page",
      names: /^LWLock:buffer_?content$/i,
      what: "a few pages in memory that others change",
      helps: "rows that all update, or the end of an index where all insert, spread or changed by fewer",
    },
    {
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/apg-rpg-ipcprocarraygroup.html
      kind: "snapshots",
      names: /^(LWLock:(ProcArray|XidGen)|IPC:ProcArrayGroup)/i,
      what: "the list of running transactions, which each snapshot reads and each end changes",
      helps: "fewer sessions at once (a pooler), several changes in one transaction",
    },
    {
      // https://www.postgresql.org/docs/current/subxacts.html
      kind: "transaction-states",
      names: /^(LWLock:(Xact|CLog|CommitTs)|IPC:XactGroup|IO:SLRU)/i,
      what: "the small caches of transactions' states",
      helps:
        "old transactions end; few savepoints, few who lock one row; from 17 on larger caches (transaction_buffers and its like)",
    },
    {
      // https://www.postgresql.org/docs/current/transaction-iso.html#XACT-SERIALIZABLE
      kind: "serializable",
      names: /^LWLock:(Serial|OldSerXid|Predicate|PerXactPredicate)/i,
      what: "what is kept of serializable transactions",
      helps: "short ones, READ ONLY where they write nothing, reads by an index; or REPEATABLE READ",
    },
    {
      // https://www.postgresql.org/docs/current/pgstatstatements.html
      kind: "statistics",
      names: /^LWLock:(pg_stat_statements|PgStats)/i,
      what: "the statistics of statements and tables",
      helps:
        "parameters in place of literals and of lists of any length, which fill them; a larger pg_stat_statements.max, which takes a restart",
    },
    {
      kind: "catalogue",
      names: /^(LWLock:(SInval|RelCacheInit|RelationMap)|IO:RelationMap)/i,
      what: "news of changed tables",
      helps: "no temporary tables and no DDL again and again by many at once",
    },
    {
      // https://www.postgresql.org/docs/current/sql-notify.html
      kind: "notify",
      names: /^LWLock:Notify/i,
      what: "the queue of NOTIFY",
      helps: "fewer messages, no listener whose transaction stays open",
    },
    {
      // https://www.postgresql.org/docs/16/runtime-config-resource.html#GUC-OLD-SNAPSHOT-THRESHOLD
      kind: "old-snapshots",
      names: /^LWLock:OldSnapshotTimeMap/i,
      what: "the times of snapshots",
      helps: "old_snapshot_threshold -1, which takes a restart",
    },
    {
      kind: "log",
      names: /^LWLock:(WAL_?Insert|WALBufMapping)/i,
      what: "room in the log's buffers",
      helps: "less log: batches, fewer indexes, no rows written as they were; fewer writers at once",
    },
    {
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.lockextend.html
      kind: "extension",
      names: /^Lock:extend$/i,
      what: "a table to grow, which one session does at a time",
      helps: "fewer that insert into one table or partition at once; faster storage, if that is slow",
    },
    {
      // https://www.postgresql.org/docs/current/gin.html#GIN-TIPS
      kind: "index-page",
      names: /^Lock:page$/i,
      what: "a page of an index, as GIN and hash indexes lock them",
      helps: "fewer writers at once; fastupdate and gin_pending_list_limit of a GIN index",
    },
  ],
  "commit-stall": [
    {
      // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/apg-waits.ipcdamrecordtxac.html
      kind: "activity-stream",
      names: /^IPC:DamRecord/i,
      what: "the database activity stream to keep what they do",
      helps: "fewer statements, or its asynchronous mode, which may lose records",
    },
  ],
  "expensive-statement": [
    {
      kind: "parallel",
      names: waitNames.parallel,
      what: "the other processes of their parallel plans",
      helps:
        "an index or fewer rows; a lower max_parallel_workers_per_gather for a role of many such statements",
    },
  ],
  "logical-decoding-behind": [
    {
      // https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-SLOTS-VIEW
      kind: "slots",
      names:
        /^(LWLock:(ReplicationSlot|ReplicationOrigin|LogicalRep)|IO:(ReplicationSlot|Reorder|Snapbuild|LogicalRewrite|WALRead|AuroraEnhancedLogicalWALRead)|IPC:(Logical|Replication)|Lock:applytransaction|Client:WaitForStandby)/i,
      what: "replication slots, or what logical replication reads and applies",
      helps:
        "the consumers: pg_stat_replication_slots tells which spill; smaller transactions, more logical_decoding_work_mem, fewer slots",
    },
  ],
  "write-stall": [
    {
      // https://www.postgresql.org/docs/current/wal-configuration.html
      kind: "pages",
      names:
        /^(IO:(DataFile(Write|Extend|Flush|Sync|ImmediateSync|Truncate)|CopyFileWrite)|Timeout:RegisterSync|LWLock:CheckpointerComm|IPC:Checkpoint)/i,
      what: "pages to be written, or a checkpoint",
      helps: "less of what writes most; checkpoints farther apart (max_wal_size); the limits of the volume",
    },
  ],
  "hot-row-contention": [
    {
      // https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
      kind: "same-key",
      names: /^Lock:spec/i,
      what: "a key that another is just inserting (ON CONFLICT)",
      helps: "keys that fewer want at once",
    },
    {
      // https://www.postgresql.org/docs/current/sql-notify.html
      kind: "object",
      names: /^Lock:object$/i,
      what: "a lock of no table and no row, as each commit after NOTIFY takes it",
      helps: "fewer that send NOTIFY; DDL of schemas, types and roles takes such locks, too",
      vague: true,
    },
  ],
  "ddl-lock-queue": [
    {
      // https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
      kind: "older-transactions",
      names: /^Lock:virtualxid$/i,
      what: "older transactions to end, as CREATE INDEX CONCURRENTLY does",
      helps: "the oldest xact_start in pg_stat_activity; a build that is cancelled leaves an invalid index",
      vague: true,
    },
  ],
  "idle-in-transaction-pileup": [
    {
      kind: "clients",
      names: waitNames.clientsTurn,
      what: "their clients within a transaction, or to send the rest",
      helps:
        "the clients' CPU and network, fewer round trips, no calls of other services within a transaction, which keeps its locks",
      vague: true,
    },
  ],
  "long-running-query": [
    {
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.clientwrite.html
      kind: "clients",
      names: waitNames.client,
      what: "their clients to take the rows",
      helps: "the clients' CPU, the network between, fewer rows",
      vague: true,
    },
    {
      // https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-EXTENSION-TABLE
      kind: "extension",
      names: /^Extension(:|$)/i,
      what: "an extension, as a rule for another database or service (postgres_fdw, dblink, aws_lambda)",
      helps: "that other side, and a statement_timeout",
      vague: true,
    },
  ],
};
