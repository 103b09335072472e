import { aGroup } from "../../../support/evidence-builder.ts";
import { anIdleTransaction, aSession } from "../../../support/forest-builder.ts";
import { caches, writer } from "./activity-counters-seen.ts";
import type { Witness } from "./witness.ts";
import { aWait, databaseRates, slru, writerRates } from "./world.ts";

/**
 * Counters of activity, of writing and of the small caches.
 * https://www.postgresql.org/docs/current/monitoring-stats.html
 */
export const activityCounters2: readonly Witness[] = [
  {
    witness: "pg_stat_io: sessions write dirty pages themselves",
    told: ["write-stall", "cache-too-small", "io-saturated"],
    // In general only: that sessions write for want of a clean page is not said.
    word: /write requests/i,
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
];
