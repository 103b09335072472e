import { namedKinds } from "../../../../functions/core/facts/named-kinds.ts";
import { namedErrors } from "../../../../functions/core/probes/mysql/innodb-rates-names.ts";
import { busyServer, type Looked, redoOf } from "./busy-server.ts";
import type { Engine, ErrorEntry, Witnesses } from "./tables.ts";

type Play = (looked: Looked, value: number, engine: Engine) => void;

function named(name: string): Play {
  return ({ rates }, value) => {
    if (value > 0.5) rates.named = { ...rates.named, [name]: value };
  };
}

const plays: Readonly<Record<string, Play>> = {
  Aborted_connects: ({ rates }, value) => {
    rates.abortedConnectsPerSecond = value;
    rates.connectionsPerSecond = (rates.connectionsPerSecond ?? 0) + value;
  },
  Aborted_connects_preauth: ({ rates }, value) => {
    rates.abortedBeforeSignInPerSecond = value;
  },
  Aborted_clients: ({ rates }, value) => {
    rates.abortedClientsPerSecond = value;
  },
  Threads_connected: (looked, value) => {
    looked.connected = value;
    looked.rates.threads = { ...looked.rates.threads, connected: value, connectedBefore: value };
  },
  Max_used_connections: ({ rates }, value) => {
    rates.threads = { ...rates.threads, maxUsed: value };
  },
  Connections: ({ rates }, value) => {
    rates.connectionsPerSecond = value;
  },
  Threads_created: ({ rates }, value) => {
    rates.threadsCreatedPerSecond = value;
  },
  Threads_running: ({ rates }, value) => {
    rates.threads = { ...rates.threads, running: value };
  },
  Prepared_stmt_count: ({ limits }, value) => {
    limits.preparedStatements.used = value;
  },
  Open_files: ({ limits }, value) => {
    limits.openFiles = { used: value, max: 5000 };
  },
  Open_tables: ({ limits }, value) => {
    limits.openTables = { used: value, max: 2000 };
  },
  Table_open_cache_misses: ({ rates }, value) => {
    rates.tableCacheMissesPerSecond = value;
  },
  Table_open_cache_overflows: ({ rates }, value) => {
    rates.tableCacheOverflowsPerSecond = value;
  },
  Created_tmp_tables: ({ rates }, value) => {
    rates.tmpTablesPerSecond = value;
  },
  Created_tmp_disk_tables: ({ rates }, value) => {
    rates.tmpDiskTablesPerSecond = value;
    rates.tmpDiskPercent = (100 * value) / Math.max(value, rates.tmpTablesPerSecond ?? 0, 1);
  },
  Sort_merge_passes: ({ rates }, value) => {
    rates.sortMergePassesPerSecond = value;
  },
  Handler_read_rnd_next: ({ rates }, value) => {
    rates.rowsScannedPerSecond = value;
  },
  Handler_read_key: ({ rates }, value) => {
    rates.rowsByKeyPerSecond = value;
  },
  Select_scan: ({ rates }, value) => {
    rates.fullScansPerSecond = value;
  },
  Select_full_join: ({ rates }, value) => {
    rates.fullJoinsPerSecond = value;
  },
  Slow_queries: ({ rates }, value) => {
    rates.slowQueriesPerSecond = value;
  },
  Handler_rollback: ({ rates }, value) => {
    rates.rollbacksPerSecond = value;
  },
  Handler_commit: ({ rates }, value) => {
    rates.commitsPerSecond = value;
  },
  Innodb_log_waits: ({ rates }, value) => {
    rates.logWaitsPerSecond = value;
  },
  Innodb_buffer_pool_wait_free: ({ rates }, value) => {
    rates.bufferPool.waitsForFreePagePerSecond = value;
  },
  Innodb_buffer_pool_reads: ({ rates }, value) => {
    rates.bufferPool.diskReadsPerSecond = value;
    rates.bufferPool.hitPercent = 100 - (100 * value) / (rates.bufferPool.readRequestsPerSecond ?? 1);
  },
  Innodb_buffer_pool_read_requests: ({ rates: { bufferPool } }, value) => {
    bufferPool.readRequestsPerSecond = value;
    bufferPool.hitPercent = 100 - (100 * (bufferPool.diskReadsPerSecond ?? 0)) / value;
  },
  Innodb_buffer_pool_pages_dirty: ({ rates }, value) => {
    rates.bufferPool.dirtyPercent = value;
  },
  Innodb_row_lock_waits: ({ rates }, value) => {
    rates.rowLocks = { ...rates.rowLocks, waitsPerSecond: value };
  },
  Innodb_row_lock_time: ({ rates }, value) => {
    rates.rowLocks = { ...rates.rowLocks, averageWaiters: value / 1000 };
  },
  Innodb_row_lock_current_waits: ({ rates }, value) => {
    rates.rowLocks = { ...rates.rowLocks, waitingNow: value, waitsPerSecond: value / 10 };
  },
  Innodb_history_list_length: ({ purge }, value) => {
    purge.historyListLength = value;
    purge.historyGrowthPerSecond = value > 100_000 ? 900 : 0;
  },
  Innodb_deadlocks: (looked, value) => {
    looked.deadlock = {
      ...{ at: null, ageSeconds: 1, deadlocksSinceStart: 900, uptimeSeconds: looked.rates.uptimeSeconds },
      ...{ now: { deadlocks: value, intervalSeconds: 1 }, tables: [], transactions: [], incomplete: true },
    };
  },
  Innodb_redo_age: ({ engineState }, value, engine) => {
    engineState.redo = redoOf(engine, value / 100);
  },
  Innodb_os_log_written: ({ rates }, value) => {
    rates.logBytesPerSecond = value;
  },
  Connection_errors_max_connections: named("Connection_errors_max_connections"),
  Connection_errors_internal: named("Connection_errors_internal"),
  Access_denied_errors: (looked, value, engine) => {
    named("Access_denied_errors")(looked, value, engine);
    looked.rates.abortedConnectsPerSecond = value;
  },
  Max_statement_time_exceeded: named("Max_statement_time_exceeded"),
  Uptime: ({ rates }, value) => {
    rates.uptimeSeconds = value;
  },
};

export const isRead = (name: string): boolean => name in plays;

export function playedCounters(engine: Engine, witnesses: Witnesses): Looked {
  const looked = busyServer(engine);
  for (const [name, value] of witnesses) plays[name]?.(looked, Number.parseFloat(value), engine);
  return looked;
}

const isOfSignIns = (number: number): boolean =>
  namedKinds.some(({ names, cause }) => cause === "auth-failures" && names.includes(number));

/** So many of it a second, of the statements or of whom no statement is. */
export function playedError({ number, symbol }: ErrorEntry, perSecond: number): Looked {
  const looked = busyServer("mysql");
  const isMany = perSecond >= 1;
  // Asked for alone, and none within a second of what comes once a minute.
  if (isMany && namedErrors.includes(number)) looked.rates.named = { [`${number} ${symbol}`]: perSecond };
  if (isMany && isOfSignIns(number)) {
    looked.rates.abortedConnectsPerSecond = perSecond;
    looked.rates.connectionsPerSecond = perSecond + 2;
  }
  looked.limits.refusals = [
    { errno: number, name: symbol, count: isMany ? 60_000 : 900, secondsAgo: isMany ? 0 : 20 },
  ];
  looked.writable = !(isMany && /^(?:1290|1836)$/.test(`${number}`));
  return looked;
}
