import { decoding, gib, slot, slots } from "./replication-counters-seen.ts";
import type { Witness } from "./witness.ts";

/**
 * Slots, streams, standbys and subscriptions.
 * https://www.postgresql.org/docs/current/view-pg-replication-slots.html
 */
export const replicationCounters1: readonly Witness[] = [
  {
    witness: "pg_replication_slots: inactive, and keeps 180 GB",
    told: ["wal-retained-by-slot"],
    word: /slot/i,
    hot: slots({
      active: false,
      activePid: null,
      retainedBytes: 180 * gib,
      unconfirmedBytes: 180 * gib,
      inactiveSeconds: 90_000,
      walStatus: "extended",
    }),
    ordinary: slots({}),
  },
  {
    witness: "pg_replication_slots: a physical one of a replica that is gone",
    told: ["wal-retained-by-slot"],
    word: /slot/i,
    hot: slots({
      slot: "rds_2",
      kind: "physical",
      plugin: null,
      database: null,
      active: false,
      activePid: null,
      retainedBytes: 60 * gib,
      unconfirmedBytes: null,
      inactiveSeconds: 40_000,
      walStatus: "extended",
      catalogXminAge: null,
    }),
    ordinary: slots({
      slot: "rds_2",
      kind: "physical",
      plugin: null,
      database: null,
      retainedBytes: 90e6,
      unconfirmedBytes: null,
      catalogXminAge: null,
    }),
  },
  {
    witness: "pg_replication_slots.wal_status lost",
    told: ["replication-stopped", "logical-decoding-behind", "wal-retained-by-slot"],
    word: /lost|never be used again|can(not| no longer) be used/i,
    hot: slots({
      active: false,
      activePid: null,
      walStatus: "lost",
      retainedBytes: null,
      keepLimitBytes: 10 * gib,
      invalidationReason: "wal_removed",
    }),
    ordinary: slots({ keepLimitBytes: 10 * gib, safeWalBytes: 10 * gib }),
  },
  {
    witness: "pg_replication_slots.invalidation_reason rows_removed",
    told: ["replication-stopped", "logical-decoding-behind", "wal-retained-by-slot"],
    word: /rows_removed|rows? (?:it needs|was|were) removed|hot_standby_feedback|invalid/i,
    hot: slots({
      active: false,
      activePid: null,
      walStatus: "lost",
      retainedBytes: null,
      invalidationReason: "rows_removed",
    }),
    ordinary: slots({}),
  },
  {
    witness: "pg_replication_slots.invalidation_reason idle_timeout",
    told: ["replication-stopped", "logical-decoding-behind", "wal-retained-by-slot"],
    word: /idle_timeout|idle_replication_slot_timeout|invalid/i,
    hot: slots({
      active: false,
      activePid: null,
      walStatus: "lost",
      retainedBytes: null,
      invalidationReason: "idle_timeout",
    }),
    ordinary: slots({ active: false, activePid: null, inactiveSeconds: 20, retainedBytes: 9e6 }),
  },
  {
    witness: "pg_replication_slots.wal_status unreserved",
    told: ["wal-retained-by-slot", "logical-decoding-behind"],
    word: /max_slot_wal_keep_size/,
    hot: slots({
      walStatus: "unreserved",
      retainedBytes: 11 * gib,
      unconfirmedBytes: 11 * gib,
      safeWalBytes: -1 * gib,
      keepLimitBytes: 10 * gib,
    }),
    ordinary: slots({ keepLimitBytes: 10 * gib, safeWalBytes: 9.8 * gib, retainedBytes: 0.2 * gib }),
  },
  {
    witness: "pg_replication_slots.safe_wal_size all but gone",
    told: ["wal-retained-by-slot", "logical-decoding-behind"],
    word: /max_slot_wal_keep_size/,
    hot: slots({
      walStatus: "extended",
      retainedBytes: 9.7 * gib,
      unconfirmedBytes: 9.7 * gib,
      safeWalBytes: 0.3 * gib,
      keepLimitBytes: 10 * gib,
    }),
    ordinary: slots({
      keepLimitBytes: 10 * gib,
      safeWalBytes: 7 * gib,
      retainedBytes: 3 * gib,
      unconfirmedBytes: 3 * gib,
    }),
  },
  {
    witness: "confirmed_flush_lsn stands, and the consumer is there",
    told: ["logical-decoding-behind"],
    word: /confirm/i,
    hot: {
      rows: {
        "postgres-replication-slots": [
          slot({ retainedBytes: 60 * gib, unconfirmedBytes: 60 * gib, walStatus: "extended" }),
        ],
        "postgres-logical-decoding": [
          decoding({
            waitEvent: "Client:WalSenderWriteData",
            unconfirmedBytes: 60 * gib,
            retainedBytes: 60 * gib,
            confirmedBytesPerSecond: 0,
          }),
        ],
      },
    },
    ordinary: { rows: { "postgres-replication-slots": [slot()], "postgres-logical-decoding": [decoding()] } },
  },
  {
    witness: "pg_stat_replication_slots.spill_bytes",
    told: ["logical-decoding-behind"],
    word: /logical_decoding_work_mem/,
    hot: {
      rows: {
        "postgres-replication-slots": [
          slot({ retainedBytes: 30 * gib, unconfirmedBytes: 30 * gib, walStatus: "extended" }),
        ],
        "postgres-logical-decoding": [
          decoding({
            waitEvent: "IO:ReorderBufferWrite",
            unconfirmedBytes: 30 * gib,
            retainedBytes: 30 * gib,
            confirmedBytesPerSecond: 0,
            spilledBytesPerSecond: 90e6,
            spilledBytes: 700 * gib,
          }),
        ],
      },
    },
    ordinary: {
      rows: {
        "postgres-replication-slots": [slot()],
        "postgres-logical-decoding": [decoding({ spilledBytes: 40 * gib })],
      },
    },
  },
];
