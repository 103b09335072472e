import type { Witness } from "./witness.ts";
import { aWait, noConflicts, receiver } from "./world.ts";

const gib = 1024 ** 3;

function slot(more: object = {}): object {
  return {
    ...{ slot: "cdc", kind: "logical", plugin: "pgoutput", database: "shop", active: true, activePid: 71 },
    ...{ temporary: false, retainedBytes: 40e6, unconfirmedBytes: 1e6, walStatus: "reserved" },
    ...{ safeWalBytes: null, keepLimitBytes: null, inactiveSeconds: null, invalidationReason: null },
    ...{ xminAge: null, catalogXminAge: 900, ...more },
  };
}

function stream(more: object = {}): object {
  return {
    ...{ pid: 61, application: "walreceiver", user: "rdsrepladmin", client: "10.0.0.9", slot: "rds_1" },
    ...{ kind: "physical", state: "streaming", syncState: "async", sentLagBytes: 0, flushLagBytes: 2000 },
    ...{ replayLagBytes: 3000, writeLagSeconds: 0.001, flushLagSeconds: 0.002, replayLagSeconds: 0.004 },
    ...{ lastReplySeconds: 0.4, xminAge: null, ...more },
  };
}

function decoding(more: object = {}): object {
  return {
    ...{ slot: "cdc", plugin: "pgoutput", database: "shop", pid: 71, application: "debezium", user: "cdc" },
    ...{ waitEvent: "Client:WalSenderWaitForWal", intervalSeconds: 1, unconfirmedBytes: 1e6 },
    ...{ retainedBytes: 40e6, confirmedBytesPerSecond: 2e6, spilledBytesPerSecond: 0, spilledBytes: 3e9 },
    ...more,
  };
}

function subscription(more: object = {}): object {
  return {
    ...{ name: "from_crm", database: "shop", enabled: true, disablesOnError: false, hasSlot: true },
    ...{ running: true, workerSeconds: 90_000, silentSeconds: 0.4, applyErrors: 2, copyErrors: 0 },
    ...{ tables: 14, tablesNotReady: 0, ...more },
  };
}

const slots = (more: object) => ({ rows: { "postgres-replication-slots": [slot(more)] } });
const streams = (more: object) => ({ rows: { "postgres-replication": [stream(more)] } });
const subscriptions = (more: object) => ({ rows: { "postgres-subscriptions": [subscription(more)] } });
const standby = (more: object) => ({
  standby: true as const,
  rows: { "postgres-replication-receiver": [receiver(more)] },
});

/**
 * Slots, streams, standbys and subscriptions.
 * https://www.postgresql.org/docs/current/view-pg-replication-slots.html
 */
export const replicationCounters: readonly Witness[] = [
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
  {
    witness: "pg_stat_replication.replay_lag of minutes",
    told: ["replication-lag"],
    word: /behind|lag/i,
    hot: streams({ replayLagSeconds: 420, flushLagSeconds: 0.1, replayLagBytes: 30 * gib }),
    ordinary: streams({ replayLagSeconds: 0.8, replayLagBytes: 9e6 }),
  },
  {
    witness: "pg_stat_replication.state catchup, far behind in sending",
    told: ["replication-lag"],
    word: /behind|lag|catch/i,
    hot: streams({
      state: "catchup",
      sentLagBytes: 40 * gib,
      flushLagBytes: 40 * gib,
      replayLagBytes: 40 * gib,
      writeLagSeconds: 900,
      flushLagSeconds: 900,
      replayLagSeconds: 900,
    }),
    ordinary: streams({ state: "catchup", sentLagBytes: 2e6, flushLagBytes: 2e6, replayLagBytes: 2e6 }),
  },
  {
    witness: "pg_stat_replication.reply_time of two minutes ago",
    told: ["replication-lag", "replication-stopped"],
    word: /silent|said|reply|behind/i,
    hot: streams({
      lastReplySeconds: 130,
      replayLagBytes: 3 * gib,
      flushLagBytes: 3 * gib,
      sentLagBytes: 3 * gib,
      replayLagSeconds: null,
      flushLagSeconds: null,
      writeLagSeconds: null,
    }),
    ordinary: streams({ lastReplySeconds: 9 }),
  },
  {
    witness: "pg_stat_replication: the synchronous standby is slow to confirm",
    told: ["commit-stall"],
    word: /synchronous|standby|replica/i,
    hot: {
      rows: {
        "postgres-replication": [
          stream({
            syncState: "sync",
            flushLagSeconds: 7,
            replayLagSeconds: 8,
            flushLagBytes: 0.4 * gib,
            replayLagBytes: 0.5 * gib,
          }),
        ],
        "postgres-wait-profile": [aWait("IPC:SyncRep", 22), aWait(null, 1)],
      },
      metrics: { DBLoad: 23 },
    },
    ordinary: {
      rows: {
        "postgres-replication": [stream({ syncState: "sync" })],
        "postgres-wait-profile": [aWait("IPC:SyncRep", 0.6), aWait(null, 1)],
      },
    },
  },
  {
    witness: "pg_stat_wal_receiver has no row",
    told: ["replication-stopped"],
    word: /receive/i,
    hot: standby({
      status: null,
      receiving: false,
      lagSeconds: null,
      receiveLagBytes: null,
      lastMessageSeconds: null,
      replayedBytes: 0,
      lastReplayedTransactionSeconds: 900,
    }),
    ordinary: standby({}),
  },
  {
    witness: "pg_is_wal_replay_paused",
    told: ["replication-stopped"],
    word: /pause|resume/i,
    hot: standby({
      replayPaused: true,
      replayLagBytes: 3 * gib,
      lagSeconds: 800,
      replayedBytes: 0,
      lastReplayedTransactionSeconds: 800,
    }),
    ordinary: standby({}),
  },
  {
    witness: "replay is fifteen minutes behind what it has received",
    told: ["replication-lag"],
    word: /behind|lag/i,
    hot: standby({ replayLagBytes: 12 * gib, lagSeconds: 900, lastReplayedTransactionSeconds: 900 }),
    ordinary: standby({ lagSeconds: 2, replayLagBytes: 9e6, lastReplayedTransactionSeconds: 2 }),
  },
  {
    witness: "pg_stat_wal_receiver.last_msg_receipt_time of minutes ago",
    told: ["replication-stopped", "replication-lag"],
    word: /receive|heard|message/i,
    hot: standby({
      lastMessageSeconds: 400,
      replayedBytes: 0,
      lastReplayedTransactionSeconds: 400,
      lagSeconds: null,
      receiveLagBytes: null,
    }),
    ordinary: standby({ lastMessageSeconds: 9 }),
  },
  {
    witness: "pg_stat_database_conflicts.confl_bufferpin rises",
    told: ["replica-query-conflict"],
    word: /cancel/i,
    hot: standby({
      conflictsNow: { ...noConflicts, bufferPin: 6 },
      conflictsSinceReset: { ...noConflicts, bufferPin: 500 },
    }),
    ordinary: standby({ conflictsSinceReset: { ...noConflicts, bufferPin: 2 } }),
  },
  {
    witness: "pg_subscription.subenabled false",
    told: ["replication-stopped"],
    word: /disabled|switched (?:itself )?off|ENABLE/i,
    hot: subscriptions({
      enabled: false,
      running: false,
      workerSeconds: null,
      silentSeconds: null,
      disablesOnError: true,
      applyErrors: 1,
    }),
    ordinary: subscriptions({}),
  },
  {
    witness: "pg_stat_subscription: enabled, and no apply worker",
    told: ["replication-stopped"],
    word: /worker|does not (?:run|get on)|stopped/i,
    hot: subscriptions({ running: false, workerSeconds: null, silentSeconds: null, applyErrors: 900 }),
    ordinary: subscriptions({ enabled: false, running: false, hasSlot: false, workerSeconds: null }),
  },
  {
    witness: "pg_stat_subscription_stats.apply_error_count, and the worker begins anew",
    told: ["replication-stopped"],
    word: /error|fail/i,
    hot: subscriptions({ workerSeconds: 2, applyErrors: 4100, silentSeconds: 1 }),
    ordinary: subscriptions({ applyErrors: 31 }),
  },
  {
    witness: "pg_subscription_rel: tables whose first copy fails",
    told: ["replication-stopped", "replication-lag"],
    word: /cop(?:y|ied)/i,
    hot: subscriptions({ tablesNotReady: 3, copyErrors: 700 }),
    ordinary: subscriptions({ tablesNotReady: 1, workerSeconds: 60 }),
  },
  {
    witness: "pg_stat_subscription.last_msg_receipt_time of minutes ago",
    told: ["replication-stopped", "replication-lag"],
    word: /heard|silent|publisher/i,
    hot: subscriptions({ silentSeconds: 1300 }),
    ordinary: subscriptions({ silentSeconds: 12 }),
  },
  {
    witness: "aurora_replica_status: a reader far behind",
    told: ["replication-lag"],
    word: /behind|lag/i,
    hot: {
      rows: {
        "postgres-replication-aurora": [
          {
            server: "orders-db",
            writer: true,
            lagMs: null,
            lastUpdateSeconds: null,
            storageDaemonCpuPercent: 4,
            lastTransportError: null,
          },
          {
            server: "reader-1",
            writer: false,
            lagMs: 94_000,
            lastUpdateSeconds: 1,
            storageDaemonCpuPercent: 9,
            lastTransportError: null,
          },
        ],
      },
    },
    ordinary: {
      rows: {
        "postgres-replication-aurora": [
          {
            server: "orders-db",
            writer: true,
            lagMs: null,
            lastUpdateSeconds: null,
            storageDaemonCpuPercent: 4,
            lastTransportError: null,
          },
          {
            server: "reader-1",
            writer: false,
            lagMs: 21,
            lastUpdateSeconds: 0.4,
            storageDaemonCpuPercent: 4,
            lastTransportError: null,
          },
        ],
      },
    },
  },
];
