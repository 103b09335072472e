import { aGroup } from "../../../support/evidence-builder.ts";
import { anIdleTransaction, aSession } from "../../../support/forest-builder.ts";
import { cancelled, dead, gib, manySpill, report } from "./setting-rows-seen.ts";
import type { Witness } from "./witness.ts";
import { autovacuumWorkers, aWait, databaseRates, writerRates } from "./world.ts";

/**
 * Settings that stand badly, each with the counter that it bounds; at rest the same setting is nobody's fault.
 * https://www.postgresql.org/docs/current/runtime-config.html
 */
export const settingRows1: readonly Witness[] = [
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
];
