import { aSession } from "../../../support/forest-builder.ts";
import { cancelled, gib, report, slot } from "./setting-rows-seen.ts";
import type { Witness } from "./witness.ts";
import { aged, aWait, databaseRates, noConflicts, receiver } from "./world.ts";

/**
 * Settings that stand badly, each with the counter that it bounds; at rest the same setting is nobody's fault.
 * https://www.postgresql.org/docs/current/runtime-config.html
 */
export const settingRows2: readonly Witness[] = [
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
];
