import { authFailures } from "./auth-failures.ts";
import { backupStale } from "./backup-stale.ts";
import { blockedByIdleTransaction } from "./blocked-by-idle-transaction.ts";
import { blockedByRunningQuery } from "./blocked-by-running-query.ts";
import { burstBalanceExhausted } from "./burst-balance-exhausted.ts";
import { cacheTooSmall } from "./cache-too-small.ts";
import { connectionLeak } from "./connection-leak.ts";
import { connectionStorm } from "./connection-storm.ts";
import { connectionsNearLimit } from "./connections-near-limit.ts";
import { cpuSaturated } from "./cpu-saturated.ts";
import { dataCorruptionSuspected } from "./data-corruption-suspected.ts";
import { databaseReadOnly } from "./database-read-only.ts";
import { databaseUnreachable } from "./database-unreachable.ts";
import { ddlLockQueue } from "./ddl-lock-queue.ts";
import { deadTuplesBehind } from "./dead-tuples-behind.ts";
import { deadlocks } from "./deadlocks.ts";
import { duplicateIndex } from "./duplicate-index.ts";
import { explicitLockHeld } from "./explicit-lock-held.ts";
import { failoverHappened } from "./failover-happened.ts";
import { historyListGrowth } from "./history-list-growth.ts";
import { hotRowContention } from "./hot-row-contention.ts";
import { idleInTransactionPileup } from "./idle-in-transaction-pileup.ts";
import { indexBloat } from "./index-bloat.ts";
import { instanceUndersized } from "./instance-undersized.ts";
import { invalidIndex } from "./invalid-index.ts";
import { ioSaturated } from "./io-saturated.ts";
import { longRunningQuery } from "./long-running-query.ts";
import { maintenanceAtPeak } from "./maintenance-at-peak.ts";
import { maintenanceRunning } from "./maintenance-running.ts";
import { matviewNoUniqueIndex } from "./matview-no-unique-index.ts";
import { matviewRefreshBlocking } from "./matview-refresh-blocking.ts";
import { matviewStale } from "./matview-stale.ts";
import { memoryPressure } from "./memory-pressure.ts";
import { missingForeignKeyIndex } from "./missing-foreign-key-index.ts";
import { missingIndex } from "./missing-index.ts";
import { nPlusOne } from "./n-plus-one.ts";
import { noPrimaryKey } from "./no-primary-key.ts";
import { orphanedRows } from "./orphaned-rows.ts";
import { parameterPendingReboot } from "./parameter-pending-reboot.ts";
import { planRegression } from "./plan-regression.ts";
import { preparedTransactionHoldingLocks } from "./prepared-transaction-holding-locks.ts";
import { queryRegression } from "./query-regression.ts";
import { readerDown } from "./reader-down.ts";
import { replicaQueryConflict } from "./replica-query-conflict.ts";
import { replicationLag } from "./replication-lag.ts";
import { replicationStopped } from "./replication-stopped.ts";
import { slowLogDisabled } from "./slow-log-disabled.ts";
import { spillingQuery } from "./spilling-query.ts";
import { staleStatistics } from "./stale-statistics.ts";
import { statementStatsSaturated } from "./statement-stats-saturated.ts";
import { storageLow } from "./storage-low.ts";
import { tableBloat } from "./table-bloat.ts";
import { timeoutsUnset } from "./timeouts-unset.ts";
import { tlsNotEnforced } from "./tls-not-enforced.ts";
import { tooManyConnections } from "./too-many-connections.ts";
import { unboundedResult } from "./unbounded-result.ts";
import { unusedIndex } from "./unused-index.ts";
import { unvalidatedConstraint } from "./unvalidated-constraint.ts";
import { vacuumBlockedByOldXmin } from "./vacuum-blocked-by-old-xmin.ts";
import { walRetainedBySlot } from "./wal-retained-by-slot.ts";
import { wraparoundRisk } from "./wraparound-risk.ts";

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
  idleInTransactionPileup,
  longRunningQuery,
  matviewRefreshBlocking,
  preparedTransactionHoldingLocks,
  tooManyConnections,
  dataCorruptionSuspected,
  duplicateIndex,
  invalidIndex,
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
  unboundedResult,
  spillingQuery,
  statementStatsSaturated,
  deadTuplesBehind,
  vacuumBlockedByOldXmin,
  wraparoundRisk,
  historyListGrowth,
  tableBloat,
  indexBloat,
  cpuSaturated,
  memoryPressure,
  ioSaturated,
  burstBalanceExhausted,
  storageLow,
  walRetainedBySlot,
  cacheTooSmall,
  maintenanceAtPeak,
  instanceUndersized,
  replicationLag,
  replicationStopped,
  replicaQueryConflict,
  readerDown,
  databaseReadOnly,
  failoverHappened,
  maintenanceRunning,
  backupStale,
  parameterPendingReboot,
  slowLogDisabled,
  timeoutsUnset,
  tlsNotEnforced,
  noPrimaryKey,
] as const;
