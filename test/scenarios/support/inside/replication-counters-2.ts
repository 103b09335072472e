import { gib, standby, stream, streams, subscriptions } from "./replication-counters-seen.ts";
import type { Witness } from "./witness.ts";
import { aWait, noConflicts } from "./world.ts";

/**
 * Slots, streams, standbys and subscriptions.
 * https://www.postgresql.org/docs/current/view-pg-replication-slots.html
 */
export const replicationCounters2: readonly Witness[] = [
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
];
