import { aGroup } from "../../../support/evidence-builder.ts";
import { aSession, anIdleTransaction } from "../../../support/forest-builder.ts";
import { aStatement } from "../../../support/statement-builder.ts";
import type { Witness } from "./witness.ts";
import { aWait, databaseRates, noConflicts, receiver, slru, writerRates } from "./world.ts";

const gib = 1024 ** 3;
const rates = (more: object, since: object = {}) => ({
  rows: { "postgres-database-rates": [databaseRates(more, since)] },
});
const writer = (more: object, since: object = {}) => ({
  rows: { "postgres-database-rates-writer": [writerRates(more, since)] },
});
const caches = (...all: readonly [name: string, hits: number, reads: number][]) =>
  all.map(([name, hitsPerSecond, readsPerSecond]) => ({ name, hitsPerSecond, readsPerSecond }));

const sorts = "SELECT customer_id, sum(total) FROM orders GROUP BY customer_id ORDER BY 2 DESC";
function spilling(pid: number, bytes: number, bytesPerSecond: number, statementSeconds: number) {
  const who = { user: "shop", application: "report", database: "shop", query: sorts };
  return { pid, ...who, statementSeconds, files: 8, bytes, bytesPerSecond };
}

/**
 * Counters of activity, of writing and of the small caches.
 * https://www.postgresql.org/docs/current/monitoring-stats.html
 */
export const activityCounters: readonly Witness[] = [
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
  {
    witness: "pg_stat_io: sessions write dirty pages themselves",
    told: ["write-stall", "cache-too-small", "io-saturated"],
    word: /themselves|background writer|bgwriter/i,
    hot: {
      rows: {
        "postgres-database-rates-writer": [
          writerRates({
            backendBuffersPerSecond: 9000,
            maxWrittenStopsPerSecond: 5,
            allocatedBuffersPerSecond: 20_000,
          }),
        ],
        "postgres-wait-profile": [aWait("IO:DataFileWrite", 12), aWait("IO:DataFileExtend", 3)],
      },
      metrics: { DBLoad: 16, WriteIOPS: 9000, WriteLatency: 0.02 },
    },
    ordinary: writer({ backendBuffersPerSecond: 60, maxWrittenStopsPerSecond: 1 }),
  },
  {
    witness: "pg_stat_slru: subtransaction pages are read, and a transaction has more than 64",
    told: ["subtransaction-overflow"],
    word: /subtransaction|savepoint/i,
    hot: {
      sessions: [aSession(9, { transactionSeconds: 700, state: "active" })],
      rows: {
        "postgres-slru": [
          slru({
            caches: caches(["subtransaction", 40_000, 6000]),
            overflowed: [{ pid: 9, subtransactions: 412 }],
          }),
        ],
        "postgres-wait-profile": [aWait("LWLock:SubtransSLRU", 9), aWait("IO:SLRURead", 4)],
      },
      metrics: { DBLoad: 14 },
    },
    ordinary: {
      rows: {
        "postgres-slru": [
          slru({
            caches: caches(["subtransaction", 2000, 0]),
            overflowed: [{ pid: 9, subtransactions: 70 }],
          }),
        ],
      },
    },
  },
  {
    witness: "pg_stat_slru: multixact members are read all the time",
    told: ["latch-contention", "wraparound-risk", "hot-row-contention"],
    word: /multixact/i,
    hot: {
      rows: {
        "postgres-slru": [
          slru({ caches: caches(["multixact_member", 60_000, 7000], ["multixact_offset", 60_000, 4000]) }),
        ],
        "postgres-wait-profile": [
          aWait("LWLock:MultiXactMemberSLRU", 9),
          aWait("LWLock:MultiXactOffsetSLRU", 4),
        ],
      },
      metrics: { DBLoad: 14 },
    },
    ordinary: { rows: { "postgres-slru": [slru({ caches: caches(["multixact_member", 900, 2]) })] } },
  },
  {
    witness: "pg_control_checkpoint: multixact members near 2^32",
    told: ["wraparound-risk"],
    word: /member/i,
    hot: {
      rows: {
        "postgres-slru": [slru({ multixacts: { members: 3.9e9, ids: 4e8 } })],
        "postgres-vacuum-wraparound": [
          {
            kind: "database",
            name: "shop",
            xidAge: 130e6,
            multixactAge: 3.9e8,
            freezeMaxAge: 2e8,
            multixactFreezeMaxAge: 4e8,
            percentUsed: 18,
            xidsLeft: 2e9,
            bytes: null,
            toastOf: null,
            closed: false,
          },
          {
            kind: "table",
            name: "public.orders",
            schema: "public",
            xidAge: 130e6,
            multixactAge: 3.9e8,
            freezeMaxAge: 2e8,
            multixactFreezeMaxAge: 4e8,
            percentUsed: 18,
            xidsLeft: 2e9,
            bytes: 4e9,
            toastOf: null,
          },
        ],
      },
    },
    ordinary: { rows: { "postgres-slru": [slru({ multixacts: { members: 6e9, ids: 2.5e9 } })] } },
  },
  {
    witness: "pg_stat_activity: dozens idle in transaction for minutes",
    told: ["idle-in-transaction-pileup"],
    word: /idle in transaction/i,
    hot: {
      groups: [
        aGroup(4),
        aGroup(41, { state: "idle-in-transaction", oldestStateSeconds: 900, medianStateSeconds: 400 }),
        aGroup(20, { state: "idle" }),
      ],
      sessions: Array.from({ length: 41 }, (_, place) => anIdleTransaction(200 + place, 400)),
    },
    ordinary: {
      groups: [
        aGroup(4),
        aGroup(6, { state: "idle-in-transaction", oldestStateSeconds: 0.4, medianStateSeconds: 0.01 }),
        aGroup(40, { state: "idle" }),
      ],
    },
  },
  {
    witness: "pg_stat_activity: dozens idle for hours, of one application",
    told: ["connection-leak", "connections-near-limit"],
    word: /idle/i,
    hot: {
      groups: [
        aGroup(3),
        aGroup(84, {
          state: "idle",
          application: "importer",
          oldestStateSeconds: 40_000,
          medianStateSeconds: 19_000,
          idleOverSession: 84,
          idleOverLeak: 80,
        }),
      ],
    },
    ordinary: {
      groups: [aGroup(3), aGroup(40, { state: "idle", oldestStateSeconds: 900, medianStateSeconds: 30 })],
    },
  },
  {
    witness: "pg_stat_activity: a burst of new connections",
    told: ["connection-storm", "connections-near-limit"],
    word: /pool|new connection|opened/i,
    hot: {
      groups: [aGroup(30, { openedLastMinute: 30 }), aGroup(62, { state: "idle", openedLastMinute: 58 })],
      rows: { "postgres-database-rates": [databaseRates({ sessionsPerSecond: 40, commitsPerSecond: 300 })] },
    },
    ordinary: {
      groups: [aGroup(3, { openedLastMinute: 1 }), aGroup(40, { state: "idle", openedLastMinute: 4 })],
    },
  },
  {
    witness: "pg_stat_activity: a statement of an hour",
    told: ["long-running-query", "expensive-statement"],
    word: /running|has run/i,
    hot: {
      sessions: [
        aSession(7, { statementSeconds: 3900, transactionSeconds: 3900, stateSeconds: 3900, query: sorts }),
      ],
    },
    ordinary: {
      sessions: [aSession(7, { statementSeconds: 9, transactionSeconds: 9, stateSeconds: 9, query: sorts })],
    },
    chronic: true,
  },
  {
    witness: "pg_stat_statements: evictions all the time",
    told: ["statement-stats-saturated"],
    word: /pg_stat_statements/,
    hot: {
      rows: {
        "postgres-top-statements-capacity": [
          {
            entries: 5000,
            maxEntries: 5000,
            percent: 100,
            evictions: 90_000,
            evictionsPerSecond: 0.6,
            statsSeconds: 90_000,
            track: "top",
            extensionVersion: "1.10",
          },
        ],
      },
    },
    ordinary: {
      rows: {
        "postgres-top-statements-capacity": [
          {
            entries: 4700,
            maxEntries: 5000,
            percent: 94,
            evictions: 3,
            evictionsPerSecond: 0,
            statsSeconds: 9e6,
            track: "top",
            extensionVersion: "1.10",
          },
        ],
      },
    },
    chronic: true,
  },
  {
    witness: "postgres start time of a minute ago",
    told: ["restart-or-crash"],
    word: /start/i,
    hot: { server: { uptimeSeconds: 70 }, alarm: "DatabaseConnections" },
    ordinary: { server: { uptimeSeconds: 3 * 86_400 } },
    chronic: true,
  },
  {
    witness: "n_tup_ins against those rolled back",
    told: ["error-storm"],
    word: /roll/i,
    hot: {
      rows: {
        "postgres-undone-changes": [
          {
            database: "shop",
            schema: "public",
            table: "orders",
            intervalSeconds: 1,
            changesPerSecond: 700,
            insertsPerSecond: 690,
            undonePerSecond: 640,
            undoneInsertsPerSecond: 640,
          },
        ],
        "postgres-database-rates": [databaseRates({ rollbacksPerSecond: 320, commitsPerSecond: 90 })],
      },
    },
    ordinary: {
      rows: {
        "postgres-undone-changes": [
          {
            database: "shop",
            schema: "public",
            table: "orders",
            intervalSeconds: 1,
            changesPerSecond: 700,
            insertsPerSecond: 690,
            undonePerSecond: 3,
            undoneInsertsPerSecond: 3,
          },
        ],
      },
    },
  },
];
