import type { CauseId } from "../../../../functions/core/contract/cause-ids.ts";

/**
 * Wait events of PostgreSQL 14 to 18 and of Aurora as Performance Insights writes them, by the cause that a load of them
 * shows; several are written otherwise before 13 or from 17 on.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-TABLE
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Reference.Waitevents.html
 */
export const waitsByCause: Partial<Record<CauseId, readonly string[]>> = {
  "latch-contention": [
    ...of("Lock", "extend page"),
    ...of("Timeout", "SpinDelay"),
    ...of("IO", "SLRURead SlruRead SLRUWrite SLRUSync SLRUFlushSync RelationMapRead RelationMapWrite"),
    ...of("IPC", "ProcArrayGroupUpdate ProcarrayGroupUpdate XactGroupUpdate"),
    ...of(
      "LWLock",
      "BufferContent buffer_content ProcArray ProcArrayLock XidGen OidGen WALInsert wal_insert",
    ),
    ...of(
      "LWLock",
      "XactSLRU XactBuffer CLogControlLock XactTruncation CommitTs CommitTsSLRU CommitTsBuffer",
    ),
    ...of("LWLock", "pg_stat_statements PgStatsHash PgStatsData PgStatsDSA WALBufMapping OldSnapshotTimeMap"),
    ...of("LWLock", "SerializableXactHash SerializableFinishedList SerializablePredicateList SerialSLRU"),
    ...of("LWLock", "SerialBuffer SerialControl OldSerXid PredicateLockManager PerXactPredicateList"),
    ...of(
      "LWLock",
      "SInvalRead SInvalWrite RelCacheInit RelationMapping NotifyQueue NotifySLRU NotifyBuffer",
    ),
    ...of("LWLock", "NotifyQueueTail AuroraSharedTupleLock TwoPhaseState ControlFile SyncScan BtreeVacuum"),
    ...of("LWLock", "ShmemIndex AddinShmemInit AutoFile TablespaceCreate WrapLimitsVacuum Autovacuum"),
    ...of("LWLock", "AutovacuumSchedule extension WaitEventCustom DSMRegistry WALSummarizer"),
  ],
  "lock-manager-contention": of("LWLock", "LockManager lock_manager LockFastPath"),
  "subtransaction-overflow": of("LWLock", "SubtransSLRU SubtransBuffer SubtransControlLock subtrans"),
  "wraparound-risk": [
    ...of("LWLock", "MultiXactGen MultiXactOffsetSLRU MultiXactMemberSLRU MultiXactOffsetBuffer"),
    ...of("LWLock", "MultiXactMemberBuffer MultiXactTruncation"),
  ],
  "commit-stall": [
    ...of("IO", "XactSync WALWrite WalWrite WALSync WalSync WALInitWrite WALInitSync WalInitSync"),
    ...of("IO", "AuroraStorageLogAllocate TwophaseFileSync TwophaseFileWrite"),
    ...of("LWLock", "WALWrite WALWriteLock SyncRep"),
    ...of("IPC", "SyncRep DamRecordTxAck damRecordTxAck"),
  ],
  "io-saturated": [
    ...of("IO", "DataFileRead DataFilePrefetch AioIoCompletion AioIoUringExecution AioIoUringSubmit"),
    ...of("IO", "CopyFileRead AuroraOptimizedReadsCacheRead AuroraOptimizedReadsCacheWrite"),
    ...of("IPC", "BufferIO BufferIo"),
    ...of("LWLock", "BufferIO buffer_io BufferMapping buffer_mapping AuroraOptimizedReadsCacheMapping"),
    ...of("LWLock", "AioWorkerSubmissionQueue"),
  ],
  "write-stall": [
    ...of("IO", "DataFileWrite DataFileExtend DataFileFlush DataFileSync DataFileImmediateSync"),
    ...of("IO", "DataFileTruncate CopyFileWrite"),
    ...of("Timeout", "RegisterSyncRequest"),
    ...of("LWLock", "CheckpointerComm CheckpointerCommLock"),
    ...of("IPC", "CheckpointDone CheckpointStart CheckpointDelayStart CheckpointDelayComplete"),
  ],
  "spilling-query": of("IO", "BufFileRead BufFileWrite BufFileTruncate BuffileRead BuffileWrite"),
  "expensive-statement": [
    ...of("IPC", "ParallelFinish BgWorkerStartup BgworkerStartup BgWorkerShutdown ExecuteGather BtreePage"),
    ...of("IPC", "HashBuildHashInner HashBuildHashOuter HashBuildElect HashBuildAllocate HashBatchElect"),
    ...of("IPC", "HashBatchLoad HashBatchAllocate HashGrowBatchesElect HashGrowBucketsElect AppendReady"),
    ...of("IPC", "HashGrowBatchesRepartition MessageQueueSend MessageQueueReceive MessageQueueInternal"),
    ...of("IPC", "MessageQueuePutMessage ParallelBitmapScan ParallelCreateIndexScan"),
    ...of("LWLock", "ParallelHashJoin ParallelQueryDSA parallel_query_dsa ParallelAppend ParallelBtreeScan"),
    ...of("LWLock", "PerSessionDSA SharedTupleStore SharedTidBitmap BackgroundWorker"),
    ...of("LWLock", "DynamicSharedMemoryControl ParallelVacuumDSA"),
    ...of("IO", "DSMFillZeroWrite DsmFillZeroWrite DSMAllocate"),
  ],
  "logical-decoding-behind": [
    ...of("LWLock", "ReplicationSlotIO ReplicationSlotControl ReplicationSlotAllocation ReplicationOrigin"),
    ...of("LWLock", "ReplicationOriginState LogicalRepWorker LogicalRepLauncherDSA"),
    ...of("IO", "ReplicationSlotSync ReplicationSlotWrite ReorderBufferRead ReorderBufferWrite WALRead"),
    ...of("IO", "ReorderLogicalMappingRead SnapbuildRead SnapbuildWrite SnapbuildSync WalRead"),
    ...of("IO", "LogicalRewriteSync LogicalRewriteWrite AuroraEnhancedLogicalWALRead"),
    ...of("IPC", "LogicalSyncData LogicalSyncStateChange LogicalApplySendData ReplicationSlotDrop"),
    ...of("IPC", "LogicalParallelApplyStateChange ReplicationOriginDrop"),
    ...of("Lock", "applytransaction"),
    ...of("Client", "WaitForStandbyConfirmation"),
  ],
  "hot-row-contention": of("Lock", "transactionid tuple spectoken object"),
  "ddl-lock-queue": of("Lock", "relation Relation virtualxid"),
  "explicit-lock-held": of("Lock", "advisory userlock"),
  "connection-storm": of("Client", "SSLOpenServer GSSOpenServer"),
  "idle-in-transaction-pileup": of("Client", "ClientRead"),
  "long-running-query": [
    ...of("Client", "ClientWrite"),
    ...of("Extension", "Extension DblinkConnect DblinkGetConnect DblinkGetResult PostgresFdwConnect"),
    ...of("Extension", "PostgresFdwCleanupResult PostgresFdwGetResult"),
  ],
};

/** Of which nobody knows a cause: that so many wait so is told, and that why is not known. */
export const waitsOfNoCause: readonly string[] = [
  ...of("Lock", "frozenid"),
  ...of("BufferPin", "BufferPin"),
  ...of("Buffer", "BufferPin"),
  ...of("IPC", "ArchiveCommand BackupWaitWalArchive BackendTermination ProcSignalBarrier ProcsignalBarrier"),
  ...of("IPC", "Promote RestoreCommand RecoveryPause RecoveryConflictSnapshot RecoveryConflictTablespace"),
  ...of("IPC", "WalReceiverWaitStart MultixactCreation AuroraLogicalSchemaUpdate"),
  ...of("IO", "ControlFileRead ControlFileWrite ControlFileSync BaseBackupRead VersionFileWrite"),
  ...of("IO", "TimelineHistoryRead LockFileCreateRead"),
];

/** On purpose: they count as load, and want nothing. */
export const waitsAtRest: readonly string[] = [
  ...of("Activity", "ArchiverMain AutoVacuumMain BgWriterHibernate BgWriterMain CheckpointerMain"),
  ...of("Activity", "LogicalApplyMain LogicalLauncherMain LogicalParallelApplyMain RecoveryWalStream"),
  ...of("Activity", "SysLoggerMain WalReceiverMain WalSenderMain WalWriterMain WalSummarizerWal"),
  ...of("Activity", "ReplicationSlotsyncMain ReplicationSlotsyncShutdown IoWorkerMain"),
  ...of("Client", "WalSenderWaitForWal WalSenderWriteData LibpqWalReceiverConnect LibpqWalReceiverReceive"),
  ...of("Timeout", "PgSleep VacuumDelay VacuumTruncate CheckpointWriteDelay BaseBackupThrottle"),
  ...of("Timeout", "RecoveryApplyDelay RecoveryRetrieveRetryInterval WalSummarizerError"),
  ...of("IPC", "SafeSnapshot"),
];

function of(type: string, names: string): readonly string[] {
  return names.split(" ").map((name) => `${type}:${name}`);
}
