import { aSession } from "../../../support/forest-builder.ts";
import { aStatement } from "../../../support/statement-builder.ts";
import { gib, rates, sorts, spilling, writer } from "./activity-counters-seen.ts";
import type { Witness } from "./witness.ts";
import { aWait, databaseRates, noConflicts, receiver, writerRates } from "./world.ts";

/**
 * Counters of activity, of writing and of the small caches.
 * https://www.postgresql.org/docs/current/monitoring-stats.html
 */
export const activityCounters1: readonly Witness[] = [
  {
    witness: "pg_stat_database.deadlocks rises each second",
    told: ["deadlocks"],
    word: /deadlock/i,
    hot: rates({ deadlocks: 3, rollbacksPerSecond: 6 }, { deadlocks: 900 }),
    ordinary: rates({}, { deadlocks: 44 }),
  },
  {
    witness: "pg_stat_database.temp_bytes, and nobody runs that writes them",
    told: ["spilling-query"],
    word: /work_mem|temporary/i,
    hot: {
      rows: {
        "postgres-database-rates": [databaseRates({ tempFilesPerSecond: 24, tempBytesPerSecond: 420e6 })],
        "postgres-top-statements": null,
      },
      metrics: { WriteIOPS: 9000, WriteLatency: 0.03, DiskQueueDepth: 60, WriteThroughput: 450e6 },
    },
    ordinary: rates({ tempFilesPerSecond: 1, tempBytesPerSecond: 2e6 }),
  },
  {
    witness: "temporary files of statements that run",
    told: ["spilling-query", "temporary-space-full"],
    word: /work_mem|temporary/i,
    hot: {
      sessions: [1, 2, 3].map((id) =>
        aSession(id, { query: sorts, statementSeconds: 500, stateSeconds: 500 }),
      ),
      rows: { "postgres-temp-files": [1, 2, 3].map((pid) => spilling(pid, 9 * gib, 120e6, 500)) },
    },
    ordinary: { rows: { "postgres-temp-files": [spilling(1, 40e6, 1e6, 4)] } },
  },
  {
    witness: "pg_stat_database.checksum_failures",
    told: ["data-corruption-suspected"],
    word: /checksum/i,
    hot: rates({ checksumFailures: 1 }, { checksumFailures: 4, lastChecksumFailureSeconds: 2 }),
    ordinary: rates({ checksumFailures: null }, { checksumFailures: null }),
  },
  {
    witness: "pg_stat_database.checksum_failures, ten minutes ago",
    told: ["data-corruption-suspected"],
    word: /checksum/i,
    hot: rates({}, { checksumFailures: 2, lastChecksumFailureSeconds: 600 }),
    ordinary: rates({}),
  },
  {
    witness: "pg_stat_database_conflicts.confl_snapshot rises",
    told: ["replica-query-conflict"],
    word: /cancel/i,
    hot: {
      standby: true,
      rows: {
        "postgres-database-rates": [databaseRates({ conflicts: 9 }, { conflicts: 4100 })],
        "postgres-replication-receiver": [
          receiver({
            conflictsNow: { ...noConflicts, snapshot: 9 },
            conflictsSinceReset: { ...noConflicts, snapshot: 4100 },
          }),
        ],
      },
    },
    ordinary: { standby: true },
  },
  {
    witness: "pg_stat_database_conflicts.confl_lock rises",
    told: ["replica-query-conflict"],
    word: /lock/i,
    hot: {
      standby: true,
      rows: {
        "postgres-database-rates": [databaseRates({ conflicts: 7 }, { conflicts: 800 })],
        "postgres-replication-receiver": [
          receiver({
            conflictsNow: { ...noConflicts, lock: 7 },
            conflictsSinceReset: { ...noConflicts, lock: 800 },
          }),
        ],
      },
    },
    ordinary: {
      standby: true,
      rows: {
        "postgres-replication-receiver": [receiver({ conflictsSinceReset: { ...noConflicts, lock: 3 } })],
      },
    },
  },
  {
    witness: "pg_stat_database.sessions: as many sign-ins as transactions",
    told: ["connection-storm"],
    word: /pool/i,
    hot: rates({ sessionsPerSecond: 140, commitsPerSecond: 190 }),
    ordinary: rates({ sessionsPerSecond: 3 }),
  },
  {
    witness: "pg_stat_database.xact_rollback above xact_commit",
    told: ["error-storm"],
    word: /roll(ed|s)? ?back|fail/i,
    hot: rates({ rollbacksPerSecond: 310, commitsPerSecond: 120 }),
    ordinary: rates({ rollbacksPerSecond: 14 }),
    chronic: true,
  },
  {
    witness: "pg_stat_database.blks_read against blks_hit",
    told: ["cache-too-small", "io-saturated"],
    word: /shared_buffers|memory|cache/i,
    hot: {
      rows: {
        "postgres-database-rates": [
          databaseRates(
            { blocksHit: 30_000, blocksRead: 22_000, cacheHitPercent: 57 },
            { cacheHitPercent: 61 },
          ),
        ],
        "postgres-database-rates-cache": [],
        "postgres-wait-profile": [aWait("IO:DataFileRead", 14), aWait(null, 1)],
        "postgres-top-statements": [1, 2, 3].map((id) =>
          aStatement({
            queryId: `${id}`,
            query: `SELECT * FROM part_${id} WHERE id = $1`,
            now: {
              averageSessions: 4,
              meanSeconds: 0.03,
              callsPerSecond: 130,
              percentOfTime: 30,
              blocksReadPerSecond: 7000,
            },
          }),
        ),
      },
      metrics: { DBLoad: 15, DBLoadCPU: 1, ReadIOPS: 11_000, ReadLatency: 0.006, FreeableMemory: 0.4 * gib },
    },
    ordinary: rates({ blocksRead: 2000, cacheHitPercent: 97.8 }, { cacheHitPercent: 98.9 }),
  },
  {
    witness: "pg_stat_checkpointer.num_requested far above num_timed",
    told: ["write-stall", "io-saturated"],
    word: /max_wal_size/,
    hot: {
      rows: {
        "postgres-database-rates-writer": [
          writerRates(
            {
              walBytesPerSecond: 110e6,
              walPageImagesPerSecond: 12_000,
              checkpointsRequested: 1,
              checkpointBuffersPerSecond: 9000,
            },
            { statsSeconds: 86_400, checkpointsTimed: 9, checkpointsRequested: 4100 },
          ),
        ],
        "postgres-wait-profile": [
          aWait("LWLock:WALWrite", 6),
          aWait("IO:WALWrite", 3),
          aWait("IO:DataFileWrite", 5),
        ],
      },
      metrics: { DBLoad: 16, WriteIOPS: 7000, WriteLatency: 0.02, DiskQueueDepth: 40 },
    },
    ordinary: writer({ walBytesPerSecond: 9e6 }, { checkpointsTimed: 11_000, checkpointsRequested: 400 }),
  },
];
