import { aGroup } from "../../../support/evidence-builder.ts";
import { aSession, anIdleTransaction } from "../../../support/forest-builder.ts";
import { aStatement, aTable } from "../../../support/statement-builder.ts";
import type { Witness } from "./witness.ts";
import {
  aged,
  autovacuumWorkers,
  aWait,
  databaseRates,
  noConflicts,
  receiver,
  writerRates,
} from "./world.ts";

const gib = 1024 ** 3;

const dead = aTable({
  ...{ bytes: 40 * gib, liveRows: 60e6, deadRows: 90e6, deadPercent: 60, vacuumAtDeadRows: 12e6 },
  lastAutovacuumSeconds: 9 * 86_400,
});
const report = "SELECT customer_id, sum(total) FROM orders GROUP BY customer_id ORDER BY 2 DESC";
const cancelled = {
  "postgres-failing-statements": [
    {
      user: "shop",
      database: "shop",
      applications: ["web"],
      query: report,
      sessions: 24,
      failedAt: "execution",
    },
  ],
  "postgres-database-rates": [databaseRates({ rollbacksPerSecond: 60, commitsPerSecond: 90 })],
};
const slot = {
  ...{ slot: "cdc", kind: "logical", plugin: "pgoutput", database: "shop", active: true, activePid: 71 },
  ...{
    temporary: false,
    retainedBytes: 40e6,
    unconfirmedBytes: 1e6,
    walStatus: "reserved",
    safeWalBytes: null,
  },
  ...{
    keepLimitBytes: null,
    inactiveSeconds: null,
    invalidationReason: null,
    xminAge: null,
    catalogXminAge: 9,
  },
};
const manySpill = [1, 2, 3].map((pid) => ({
  pid,
  user: "shop",
  application: "report",
  database: "shop",
  query: report,
  statementSeconds: 300,
  files: 8,
  bytes: 9 * gib,
  bytesPerSecond: 120e6,
}));

/**
 * Settings that stand badly, each with the counter that it bounds; at rest the same setting is nobody's fault.
 * https://www.postgresql.org/docs/current/runtime-config.html
 */
export const settingRows: readonly Witness[] = [
  {
    witness: "max_connections: 97 of 100 are taken",
    told: ["connections-near-limit", "too-many-connections"],
    word: /max_connections|of 97|of 100/i,
    hot: { groups: [aGroup(9), aGroup(85, { state: "idle" })], settings: { max_connections: "100" } },
    ordinary: { groups: [aGroup(9), aGroup(40, { state: "idle" })], settings: { max_connections: "100" } },
  },
  {
    witness: "superuser_reserved_connections keeps 45 of 100 from everybody",
    told: ["connections-near-limit", "too-many-connections"],
    word: /reserved/i,
    hot: {
      groups: [aGroup(9), aGroup(45, { state: "idle" })],
      server: { reservedConnections: 45 },
      settings: { superuser_reserved_connections: "45" },
    },
    ordinary: {
      groups: [aGroup(4), aGroup(16, { state: "idle" })],
      server: { reservedConnections: 45 },
      settings: { superuser_reserved_connections: "45" },
    },
  },
  {
    witness: "max_wal_size 1 GB, and checkpoints follow each other",
    told: ["write-stall", "io-saturated"],
    word: /max_wal_size/,
    hot: {
      settings: { max_wal_size: "1024MB" },
      rows: {
        "postgres-database-rates-writer": [
          writerRates(
            { walBytesPerSecond: 90e6, walPageImagesPerSecond: 9000, checkpointsRequested: 1 },
            { statsSeconds: 86_400, checkpointsTimed: 3, checkpointsRequested: 5200 },
          ),
        ],
        "postgres-wait-profile": [aWait("IO:DataFileWrite", 9), aWait("IO:WALSync", 5)],
      },
      metrics: { DBLoad: 15, WriteIOPS: 8000, WriteLatency: 0.02, DiskQueueDepth: 40 },
    },
    ordinary: { settings: { max_wal_size: "1024MB" } },
  },
  {
    witness: "work_mem 4 MB, and sorts go to disk",
    told: ["spilling-query"],
    word: /work_mem/,
    hot: {
      settings: { work_mem: "4096kB" },
      sessions: [1, 2, 3].map((id) =>
        aSession(id, { query: report, statementSeconds: 300, stateSeconds: 300, transactionSeconds: 300 }),
      ),
      rows: {
        "postgres-temp-files": manySpill,
        "postgres-database-rates": [databaseRates({ tempFilesPerSecond: 9, tempBytesPerSecond: 360e6 })],
      },
    },
    ordinary: { settings: { work_mem: "4096kB" } },
  },
  {
    witness: "work_mem 2 GB, and memory is used up",
    told: ["memory-pressure"],
    word: /work_mem/,
    hot: {
      settings: { work_mem: "2097152kB" },
      groups: [aGroup(40), aGroup(20, { state: "idle" })],
      metrics: { FreeableMemory: 0.08 * gib, SwapUsage: 1.9 * gib, CPUUtilization: 70 },
    },
    ordinary: { settings: { work_mem: "2097152kB" } },
  },
  {
    witness: "autovacuum off",
    told: ["dead-tuples-behind", "autovacuum-too-slow", "table-bloat"],
    word: /autovacuum/,
    hot: {
      settings: { autovacuum: "off" },
      rows: {
        "postgres-tables": [{ ...dead, autovacuumEnabled: false }],
        "postgres-vacuum-workers": [autovacuumWorkers({ enabled: false })],
      },
    },
    ordinary: {
      settings: { autovacuum: "off" },
      rows: { "postgres-vacuum-workers": [autovacuumWorkers({ enabled: false })] },
    },
    chronic: true,
  },
  {
    witness: "track_counts off: autovacuum does not know what to do",
    told: ["dead-tuples-behind", "autovacuum-too-slow", "table-bloat"],
    word: /track_counts|autovacuum/,
    hot: {
      settings: { track_counts: "off" },
      rows: {
        "postgres-tables": [{ ...dead, autovacuumEnabled: false }],
        "postgres-vacuum-workers": [autovacuumWorkers({ enabled: false })],
      },
    },
    ordinary: {
      settings: { track_counts: "off" },
      rows: { "postgres-vacuum-workers": [autovacuumWorkers({ enabled: false })] },
    },
    chronic: true,
  },
  {
    witness: "autovacuum_vacuum_cost_limit 200 and a delay of 20 ms",
    told: ["autovacuum-too-slow", "dead-tuples-behind"],
    word: /cost/,
    hot: {
      settings: { autovacuum_vacuum_cost_limit: "200", autovacuum_vacuum_cost_delay: "20ms" },
      rows: {
        "postgres-tables": ["orders", "carts", "events"].map((table) => ({ ...dead, table })),
        "postgres-vacuum-workers": [
          autovacuumWorkers({
            workersBusy: 3,
            longestSeconds: 90_000,
            longestWork: "autovacuum: VACUUM public.orders",
            costDelayMs: 20,
          }),
        ],
      },
    },
    ordinary: {
      settings: { autovacuum_vacuum_cost_limit: "200", autovacuum_vacuum_cost_delay: "20ms" },
      rows: { "postgres-vacuum-workers": [autovacuumWorkers({ costDelayMs: 20 })] },
    },
    chronic: true,
  },
  {
    witness: "idle_in_transaction_session_timeout 0, and many idle in transaction",
    told: ["idle-in-transaction-pileup"],
    word: /idle_in_transaction_session_timeout/,
    hot: {
      settings: { idle_in_transaction_session_timeout: "0ms" },
      groups: [
        aGroup(4),
        aGroup(41, { state: "idle-in-transaction", oldestStateSeconds: 900, medianStateSeconds: 400 }),
      ],
      sessions: Array.from({ length: 41 }, (_, place) => anIdleTransaction(200 + place, 400)),
    },
    ordinary: { settings: { idle_in_transaction_session_timeout: "0ms" } },
  },
  {
    witness: "statement_timeout of one second cuts statements off",
    told: ["error-storm"],
    word: /statement_timeout/,
    hot: { settings: { statement_timeout: "1000ms" }, rows: cancelled },
    ordinary: { settings: { statement_timeout: "1000ms" } },
  },
  {
    witness: "lock_timeout of ten milliseconds cuts statements off",
    told: ["error-storm"],
    word: /lock_timeout/,
    hot: { settings: { lock_timeout: "10ms" }, rows: cancelled },
    ordinary: { settings: { lock_timeout: "10ms" } },
  },
  {
    witness: "temp_file_limit of one GB cuts statements off",
    told: ["error-storm", "temporary-space-full", "spilling-query"],
    word: /temp_file_limit/,
    hot: { settings: { temp_file_limit: "1048576kB" }, rows: cancelled },
    ordinary: { settings: { temp_file_limit: "1048576kB" } },
  },
  {
    witness: "idle_in_transaction_session_timeout of a second cuts clients off",
    told: ["error-storm"],
    word: /idle_in_transaction_session_timeout/,
    hot: { settings: { idle_in_transaction_session_timeout: "1000ms" }, rows: cancelled },
    ordinary: { settings: { idle_in_transaction_session_timeout: "1000ms" } },
  },
  {
    witness: "default_transaction_read_only for a role, and its writes fail",
    told: ["database-read-only", "error-storm"],
    word: /default_transaction_read_only|read-only/,
    hot: {
      settings: { default_transaction_read_only: { value: "off", overrides: ["shop@*=on"] } },
      rows: {
        "postgres-database-rates": [databaseRates({ rollbacksPerSecond: 62 })],
        "postgres-failing-statements": [
          {
            user: "shop",
            database: "shop",
            applications: ["web"],
            query: "INSERT INTO orders (id) VALUES ($1)",
            sessions: 24,
            failedAt: "execution",
          },
        ],
      },
    },
    ordinary: { settings: { default_transaction_read_only: { value: "off", overrides: ["reports@*=on"] } } },
  },
  {
    witness: "default_transaction_isolation serializable, and transactions fail",
    told: ["error-storm"],
    word: /serializable/i,
    hot: { settings: { default_transaction_isolation: "serializable" }, rows: cancelled },
    ordinary: { settings: { default_transaction_isolation: "serializable" } },
  },
  {
    witness: "default_transaction_read_only for the server",
    told: ["database-read-only"],
    word: /default_transaction_read_only|read-only/,
    hot: {
      settings: { default_transaction_read_only: "on" },
      server: { writable: false, readOnlyBecause: "default_transaction_read_only is on" },
    },
    ordinary: { settings: { default_transaction_read_only: "off" } },
  },
  {
    witness: "max_slot_wal_keep_size -1, and a slot that nobody reads",
    told: ["wal-retained-by-slot"],
    word: /max_slot_wal_keep_size|no limit|unlimited/,
    hot: {
      settings: { max_slot_wal_keep_size: "-1" },
      rows: {
        "postgres-replication-slots": [
          {
            ...slot,
            active: false,
            activePid: null,
            inactiveSeconds: 90_000,
            retainedBytes: 60 * gib,
            unconfirmedBytes: 60 * gib,
            walStatus: "extended",
          },
        ],
      },
    },
    ordinary: { settings: { max_slot_wal_keep_size: "-1" }, rows: { "postgres-replication-slots": [slot] } },
  },
  {
    witness: "hot_standby_feedback off, and replay cancels queries",
    told: ["replica-query-conflict"],
    word: /hot_standby_feedback/,
    hot: {
      standby: true,
      settings: { hot_standby_feedback: "off" },
      rows: {
        "postgres-database-rates": [databaseRates({ conflicts: 9 }, { conflicts: 900 })],
        "postgres-replication-receiver": [
          receiver({
            conflictsNow: { ...noConflicts, snapshot: 9 },
            conflictsSinceReset: { ...noConflicts, snapshot: 900 },
          }),
        ],
      },
    },
    ordinary: { standby: true, settings: { hot_standby_feedback: "off" } },
  },
  {
    witness: "max_standby_streaming_delay -1, and replay waits for a query",
    told: ["replica-query-conflict", "replication-lag"],
    word: /max_standby_streaming_delay|query|statement/,
    hot: {
      standby: true,
      settings: { max_standby_streaming_delay: "-1" },
      sessions: [
        aSession(7, { query: report, statementSeconds: 1500, transactionSeconds: 1500, stateSeconds: 1500 }),
      ],
      rows: {
        "postgres-replication-receiver": [
          receiver({
            lagSeconds: 1200,
            replayLagBytes: 9 * gib,
            replayedBytes: 0,
            lastReplayedTransactionSeconds: 1200,
          }),
        ],
        "postgres-wait-profile": [aWait("IPC:RecoveryConflictSnapshot", 1), aWait(null, 1)],
      },
    },
    ordinary: { standby: true, settings: { max_standby_streaming_delay: "-1" } },
  },
  {
    witness: "recovery_min_apply_delay, and the replica is behind by it",
    told: [],
    word: /(?:)/,
    hot: {
      standby: true,
      settings: { recovery_min_apply_delay: "3600000ms" },
      rows: {
        "postgres-replication-receiver": [
          receiver({ lagSeconds: 3600, replayLagBytes: 9 * gib, lastReplayedTransactionSeconds: 3600 }),
        ],
      },
    },
    ordinary: { standby: true, settings: { recovery_min_apply_delay: "0ms" } },
  },
  {
    witness: "autovacuum_freeze_max_age of 1.5 billion, and ids as old",
    told: ["wraparound-risk"],
    word: /autovacuum_freeze_max_age|transaction id/,
    hot: {
      settings: { autovacuum_freeze_max_age: "1500000000" },
      rows: {
        "postgres-vacuum-wraparound": [
          aged({ xidAge: 1.62e9, freezeMaxAge: 1.5e9, percentUsed: 75, xidsLeft: 5.2e8 }),
          aged({
            kind: "table",
            name: "public.orders",
            schema: "public",
            bytes: 40 * gib,
            xidAge: 1.62e9,
            freezeMaxAge: 1.5e9,
            percentUsed: 75,
            xidsLeft: 5.2e8,
          }),
        ],
      },
      metrics: { MaximumUsedTransactionIDs: 1.62e9 },
    },
    ordinary: {
      settings: { autovacuum_freeze_max_age: "1500000000" },
      rows: { "postgres-vacuum-wraparound": [aged({ xidAge: 500e6, freezeMaxAge: 1.5e9, percentUsed: 23 })] },
      metrics: { MaximumUsedTransactionIDs: 500e6 },
    },
  },
  {
    witness: "max_locks_per_transaction 64, and locks leave the fast path",
    told: ["lock-manager-contention"],
    word: /partition|index/i,
    hot: {
      rows: {
        "postgres-relation-locks": [
          {
            table: "public.events",
            tables: 400,
            indexes: 1600,
            sessions: 20,
            mostPerSession: 2000,
            throughLockTable: 4000,
          },
        ],
        "postgres-wait-profile": [aWait("LWLock:LockManager", 14), aWait(null, 2)],
        "postgres-top-statements": [
          aStatement({
            query: "SELECT * FROM events WHERE id = $1",
            now: { averageSessions: 12, callsPerSecond: 900, meanSeconds: 0.013, percentOfTime: 90 },
          }),
        ],
      },
      metrics: { DBLoad: 17, DBLoadCPU: 2 },
    },
    ordinary: {
      rows: {
        "postgres-relation-locks": [
          {
            table: "public.events",
            tables: 30,
            indexes: 60,
            sessions: 2,
            mostPerSession: 40,
            throughLockTable: 48,
          },
        ],
      },
    },
  },
  {
    witness: "synchronous_standby_names of a standby that is gone",
    told: ["commit-stall"],
    word: /synchronous|standby|replica/i,
    hot: {
      settings: { synchronous_commit: "on" },
      rows: { "postgres-replication": [], "postgres-wait-profile": [aWait("IPC:SyncRep", 40)] },
      metrics: { DBLoad: 41 },
    },
    ordinary: { settings: { synchronous_commit: "on" } },
  },
  {
    witness: "a setting that waits for a restart",
    told: ["parameter-pending-reboot"],
    word: /max_connections/,
    hot: { settings: { max_connections: { value: "100", pendingRestart: true } } },
    ordinary: { settings: { max_connections: "100" } },
    chronic: true,
  },
  {
    witness: "fsync off",
    told: ["parameter-drift", "data-corruption-suspected"],
    word: /fsync/,
    hot: { settings: { fsync: "off" } },
    ordinary: { settings: { fsync: "on" } },
    chronic: true,
  },
  {
    witness: "full_page_writes off",
    told: ["parameter-drift", "data-corruption-suspected"],
    word: /full_page_writes/,
    hot: { settings: { full_page_writes: "off" } },
    ordinary: { settings: { full_page_writes: "on" } },
    chronic: true,
  },
  {
    witness: "pg_stat_statements.track none",
    told: ["statement-stats-saturated", "parameter-drift"],
    word: /pg_stat_statements.track/,
    hot: {
      rows: {
        "postgres-top-statements": [],
        "postgres-top-statements-capacity": [
          {
            entries: 0,
            maxEntries: 5000,
            percent: 0,
            evictions: 0,
            evictionsPerSecond: 0,
            statsSeconds: 9e5,
            track: "none",
            extensionVersion: "1.10",
          },
        ],
      },
      settings: { "pg_stat_statements.track": "none" },
    },
    ordinary: { settings: { "pg_stat_statements.track": "top" } },
    chronic: true,
  },
  {
    witness: "random_page_cost 4, jit on, effective_io_concurrency 1: on their own nobody's fault",
    told: [],
    word: /(?:)/,
    hot: {
      settings: {
        random_page_cost: "4",
        jit: "on",
        effective_io_concurrency: "1",
        max_parallel_workers_per_gather: "8",
        synchronous_commit: "off",
      },
    },
    ordinary: {},
  },
];
