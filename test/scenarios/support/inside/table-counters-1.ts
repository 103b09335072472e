import { day, onOrders, plan, slowed, tables } from "./table-counters-seen.ts";
import type { Witness } from "./witness.ts";
import { autovacuumWorkers } from "./world.ts";

/**
 * Counters of tables, of autovacuum and of transaction ids.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW
 */
export const tableCounters1: readonly Witness[] = [
  {
    witness: "n_dead_tup more than n_live_tup, autovacuum long ago",
    told: ["dead-tuples-behind", "table-bloat", "autovacuum-too-slow"],
    word: /vacuum/i,
    hot: {
      ...slowed,
      rows: {
        ...onOrders(),
        ...tables({ deadRows: 90e6, deadPercent: 60, lastAutovacuumSeconds: 9 * day }).rows,
      },
    },
    ordinary: tables({ deadRows: 8e6, deadPercent: 12, lastAutovacuumSeconds: 2 * day }),
  },
  {
    witness: "reloptions autovacuum_enabled=false, and dead rows",
    told: ["dead-tuples-behind", "table-bloat"],
    word: /switched off|autovacuum_enabled|disabled|off for/i,
    hot: {
      ...slowed,
      rows: {
        ...onOrders(),
        ...tables({ deadRows: 90e6, deadPercent: 60, autovacuumEnabled: false, lastAutovacuumSeconds: null })
          .rows,
      },
    },
    ordinary: tables({ autovacuumEnabled: false, deadRows: 900, deadPercent: 0 }),
  },
  {
    witness: "autovacuum off for the server, and dead rows",
    told: ["dead-tuples-behind", "autovacuum-too-slow"],
    word: /autovacuum is off|switched off|autovacuum = off|autovacuum off|not running|track_counts/i,
    hot: {
      ...slowed,
      settings: { autovacuum: "off" },
      rows: {
        ...onOrders(),
        ...tables({
          deadRows: 90e6,
          deadPercent: 60,
          autovacuumEnabled: false,
          lastAutovacuumSeconds: 30 * day,
        }).rows,
        "postgres-vacuum-workers": [autovacuumWorkers({ enabled: false })],
      },
    },
    ordinary: {
      settings: { autovacuum: "off" },
      rows: { "postgres-vacuum-workers": [autovacuumWorkers({ enabled: false })] },
    },
  },
  {
    witness: "all autovacuum workers busy for hours, many tables behind",
    told: ["autovacuum-too-slow", "dead-tuples-behind"],
    word: /autovacuum_max_workers|cost_limit|cost limit|workers/i,
    hot: {
      ...slowed,
      rows: {
        ...onOrders(),
        ...tables(
          ...["orders", "carts", "events", "logins"].map((table) => ({
            table,
            deadRows: 70e6,
            deadPercent: 54,
            lastAutovacuumSeconds: 6 * day,
          })),
        ).rows,
        "postgres-vacuum-workers": [
          autovacuumWorkers({
            workersBusy: 3,
            longestSeconds: 70_000,
            longestWork: "autovacuum: VACUUM public.orders",
            costDelayMs: 20,
          }),
        ],
      },
    },
    ordinary: {
      rows: {
        "postgres-vacuum-workers": [
          autovacuumWorkers({
            workersBusy: 3,
            longestSeconds: 240,
            longestWork: "autovacuum: VACUUM public.orders",
          }),
        ],
      },
    },
  },
  {
    witness: "autovacuum workers wait for a lock",
    told: ["autovacuum-too-slow", "dead-tuples-behind", "blocked-by-running-query"],
    word: /lock/i,
    hot: {
      ...slowed,
      rows: {
        ...onOrders(),
        ...tables({ deadRows: 90e6, deadPercent: 60, lastAutovacuumSeconds: 9 * day }).rows,
        "postgres-vacuum-workers": [
          autovacuumWorkers({ workersBusy: 3, waitingWorkers: 3, longestSeconds: 20_000 }),
        ],
      },
    },
    ordinary: {
      rows: {
        "postgres-vacuum-workers": [
          autovacuumWorkers({ workersBusy: 1, waitingWorkers: 1, longestSeconds: 3 }),
        ],
      },
    },
  },
  {
    witness: "last_analyze and last_autoanalyze null on a table of 60 million rows",
    told: ["stale-statistics"],
    word: /ANALYZE/i,
    hot: {
      ...slowed,
      rows: {
        ...onOrders(),
        ...tables({
          changedSinceAnalyze: 60e6,
          lastAnalyzeSeconds: null,
          lastAutoanalyzeSeconds: null,
          rankedBy: ["changed-since-analyze"],
        }).rows,
        "postgres-plans": [plan("row-estimate", "estimated 1 row, gave 90000", false)],
      },
    },
    ordinary: tables({
      changedSinceAnalyze: 40,
      liveRows: 40,
      bytes: 8192,
      indexBytes: 8192,
      vacuumAtDeadRows: 58,
      analyzeAtChangedRows: 54,
      deadRows: 0,
      deadPercent: 0,
      lastAnalyzeSeconds: null,
      lastAutoanalyzeSeconds: null,
      lastAutovacuumSeconds: null,
    }),
  },
];
