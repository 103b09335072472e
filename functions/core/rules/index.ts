import { backupStale } from "./availability/backup-stale.ts";
import { databaseReadOnly } from "./availability/database-read-only.ts";
import { databaseUnreachable } from "./availability/database-unreachable.ts";
import { failoverHappened } from "./availability/failover-happened.ts";
import { maintenanceDue } from "./availability/maintenance-due.ts";
import { maintenanceRunning } from "./availability/maintenance-running.ts";
import { restartOrCrash } from "./availability/restart-or-crash.ts";
import { certificateExpiring } from "./configuration/certificate-expiring.ts";
import { engineSupportEnding } from "./configuration/engine-support-ending.ts";
import { parameterDrift } from "./configuration/parameter-drift.ts";
import { parameterPendingReboot } from "./configuration/parameter-pending-reboot.ts";
import { queryRegression } from "./configuration/query-regression.ts";
import { slowLogDisabled } from "./configuration/slow-log-disabled.ts";
import { timeoutsUnset } from "./configuration/timeouts-unset.ts";
import { tlsNotEnforced } from "./configuration/tls-not-enforced.ts";
import { authFailures } from "./connections/auth-failures.ts";
import { connectionLeak } from "./connections/connection-leak.ts";
import { connectionStorm } from "./connections/connection-storm.ts";
import { connectionsNearLimit } from "./connections/connections-near-limit.ts";
import { idleInTransactionPileup } from "./connections/idle-in-transaction-pileup.ts";
import { tooManyConnections } from "./connections/too-many-connections.ts";
import { duplicateIndex } from "./indexes/duplicate-index.ts";
import { invalidIndex } from "./indexes/invalid-index.ts";
import { missingForeignKeyIndex } from "./indexes/missing-foreign-key-index.ts";
import { noPrimaryKey } from "./indexes/no-primary-key.ts";
import { unusedIndex } from "./indexes/unused-index.ts";
import { dataCorruptionSuspected } from "./integrity/data-corruption-suspected.ts";
import { keyExhausted } from "./integrity/key-exhausted.ts";
import { orphanedRows } from "./integrity/orphaned-rows.ts";
import { unvalidatedConstraint } from "./integrity/unvalidated-constraint.ts";
import { blockedByIdleTransaction } from "./locks/blocked-by-idle-transaction.ts";
import { blockedByRunningQuery } from "./locks/blocked-by-running-query.ts";
import { ddlLockQueue } from "./locks/ddl-lock-queue.ts";
import { deadlocks } from "./locks/deadlocks.ts";
import { explicitLockHeld } from "./locks/explicit-lock-held.ts";
import { hotRowContention } from "./locks/hot-row-contention.ts";
import { lockManagerContention } from "./locks/lock-manager-contention.ts";
import { matviewRefreshBlocking } from "./locks/matview-refresh-blocking.ts";
import { preparedTransactionHoldingLocks } from "./locks/prepared-transaction-holding-locks.ts";
import { errorStorm } from "./queries/error-storm.ts";
import { expensiveStatement } from "./queries/expensive-statement.ts";
import { longRunningQuery } from "./queries/long-running-query.ts";
import { missingIndex } from "./queries/missing-index.ts";
import { nPlusOne } from "./queries/n-plus-one.ts";
import { planRegression } from "./queries/plan-regression.ts";
import { spillingQuery } from "./queries/spilling-query.ts";
import { staleStatistics } from "./queries/stale-statistics.ts";
import { statementStatsSaturated } from "./queries/statement-stats-saturated.ts";
import { unboundedResult } from "./queries/unbounded-result.ts";
import { logicalDecodingBehind } from "./replication/logical-decoding-behind.ts";
import { readerDown } from "./replication/reader-down.ts";
import { replicaQueryConflict } from "./replication/replica-query-conflict.ts";
import { replicationLag } from "./replication/replication-lag.ts";
import { replicationStopped } from "./replication/replication-stopped.ts";
import { burstBalanceExhausted } from "./resources/burst-balance-exhausted.ts";
import { cacheTooSmall } from "./resources/cache-too-small.ts";
import { coldCache } from "./resources/cold-cache.ts";
import { commitStall } from "./resources/commit-stall.ts";
import { cpuSaturated } from "./resources/cpu-saturated.ts";
import { instanceLimitReached } from "./resources/instance-limit-reached.ts";
import { instanceUndersized } from "./resources/instance-undersized.ts";
import { ioSaturated } from "./resources/io-saturated.ts";
import { latchContention } from "./resources/latch-contention.ts";
import { logOrBinlogFillsStorage } from "./resources/log-or-binlog-fills-storage.ts";
import { maintenanceAtPeak } from "./resources/maintenance-at-peak.ts";
import { memoryPressure } from "./resources/memory-pressure.ts";
import { storageLow } from "./resources/storage-low.ts";
import { subtransactionOverflow } from "./resources/subtransaction-overflow.ts";
import { temporarySpaceFull } from "./resources/temporary-space-full.ts";
import { walRetainedBySlot } from "./resources/wal-retained-by-slot.ts";
import { writeStall } from "./resources/write-stall.ts";
import { autovacuumTooSlow } from "./vacuum/autovacuum-too-slow.ts";
import { deadTuplesBehind } from "./vacuum/dead-tuples-behind.ts";
import { historyListGrowth } from "./vacuum/history-list-growth.ts";
import { indexBloat } from "./vacuum/index-bloat.ts";
import { tableBloat } from "./vacuum/table-bloat.ts";
import { vacuumBlockedByOldXmin } from "./vacuum/vacuum-blocked-by-old-xmin.ts";
import { wraparoundRisk } from "./vacuum/wraparound-risk.ts";
import { matviewNoUniqueIndex } from "./views/matview-no-unique-index.ts";
import { matviewStale } from "./views/matview-stale.ts";

/** Every rule that can find something, by finding id. */
export const rules = [
  authFailures,
  blockedByIdleTransaction,
  blockedByRunningQuery,
  connectionLeak,
  connectionStorm,
  connectionsNearLimit,
  databaseUnreachable,
  ddlLockQueue,
  deadlocks,
  explicitLockHeld,
  hotRowContention,
  lockManagerContention,
  idleInTransactionPileup,
  longRunningQuery,
  matviewRefreshBlocking,
  preparedTransactionHoldingLocks,
  tooManyConnections,
  dataCorruptionSuspected,
  duplicateIndex,
  invalidIndex,
  keyExhausted,
  matviewNoUniqueIndex,
  matviewStale,
  missingForeignKeyIndex,
  orphanedRows,
  unusedIndex,
  unvalidatedConstraint,
  missingIndex,
  staleStatistics,
  planRegression,
  queryRegression,
  nPlusOne,
  errorStorm,
  expensiveStatement,
  unboundedResult,
  spillingQuery,
  statementStatsSaturated,
  autovacuumTooSlow,
  deadTuplesBehind,
  vacuumBlockedByOldXmin,
  wraparoundRisk,
  historyListGrowth,
  tableBloat,
  indexBloat,
  commitStall,
  writeStall,
  latchContention,
  subtransactionOverflow,
  cpuSaturated,
  memoryPressure,
  ioSaturated,
  burstBalanceExhausted,
  storageLow,
  temporarySpaceFull,
  logOrBinlogFillsStorage,
  walRetainedBySlot,
  logicalDecodingBehind,
  cacheTooSmall,
  coldCache,
  maintenanceAtPeak,
  instanceUndersized,
  instanceLimitReached,
  replicationLag,
  replicationStopped,
  replicaQueryConflict,
  readerDown,
  databaseReadOnly,
  failoverHappened,
  restartOrCrash,
  maintenanceRunning,
  maintenanceDue,
  backupStale,
  parameterPendingReboot,
  parameterDrift,
  slowLogDisabled,
  timeoutsUnset,
  tlsNotEnforced,
  certificateExpiring,
  engineSupportEnding,
  noPrimaryKey,
] as const;
