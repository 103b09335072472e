import { aPlan } from "../../../support/statement-builder.ts";
import { day, gib, onOrders, plan, slowed, tables } from "./table-counters-seen.ts";
import type { Witness } from "./witness.ts";
import { aged } from "./world.ts";

/**
 * Counters of tables, of autovacuum and of transaction ids.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW
 */
export const tableCounters2: readonly Witness[] = [
  {
    witness: "no table of size was ever analyzed, as after an upgrade, and plans cannot be asked for",
    told: ["stale-statistics"],
    word: /ANALYZE/i,
    hot: {
      ...slowed,
      rows: {
        ...onOrders(),
        ...tables(
          ...["orders", "carts", "events"].map((table) => ({
            table,
            uncountedPages: 9e6,
            bytes: 0,
            liveRows: 0,
            deadRows: 0,
            deadPercent: 0,
            changedSinceAnalyze: 900,
            lastAnalyzeSeconds: null,
            lastAutoanalyzeSeconds: null,
            lastAutovacuumSeconds: null,
            lastVacuumSeconds: null,
            sinceReset: { seqScans: 900, seqRows: 54e9, rowsPerSeqScan: 60e6, indexScans: 0 },
            now: { intervalSeconds: 1, seqScansPerSecond: 7, seqRowsPerSecond: 420e6 },
          })),
        ).rows,
        "postgres-plans": [
          {
            ...aPlan({ query: "SELECT * FROM orders WHERE customer_id = $1", meanSeconds: 0.6 }),
            status: "not-explained",
            reason: "operator does not exist: date - unknown",
            totalCost: null,
            estimatedRows: null,
          },
        ],
      },
    },
    ordinary: tables(
      { table: "staging", uncountedPages: 9e6, bytes: 0, liveRows: 0, deadRows: 0 },
      {
        table: "archive_2019",
        uncountedPages: 200_000,
        changedSinceAnalyze: 0,
        lastAnalyzeSeconds: null,
        lastAutoanalyzeSeconds: null,
        lastAutovacuumSeconds: null,
      },
    ),
  },
  {
    witness: "n_mod_since_analyze far above its threshold",
    told: ["stale-statistics"],
    word: /ANALYZE/i,
    hot: {
      ...slowed,
      rows: {
        ...onOrders(),
        ...tables({
          changedSinceAnalyze: 50e6,
          lastAutoanalyzeSeconds: 40 * day,
          rankedBy: ["changed-since-analyze"],
        }).rows,
        "postgres-plans": [plan("row-estimate", "estimated 1 row, gave 90000", false)],
      },
    },
    ordinary: tables({ changedSinceAnalyze: 5e6, lastAutoanalyzeSeconds: 3 * day }),
  },
  {
    witness: "seq_tup_read of a large table, many times a second",
    told: ["missing-index", "expensive-statement"],
    word: /index/i,
    hot: {
      ...slowed,
      rows: {
        ...onOrders(),
        ...tables({
          rankedBy: ["sequential-scans-now"],
          now: { intervalSeconds: 1, seqScansPerSecond: 7, seqRowsPerSecond: 420e6 },
          sinceReset: { seqScans: 90_000, seqRows: 54e11, rowsPerSeqScan: 60e6, indexScans: 900 },
        }).rows,
        "postgres-plans": [plan("sequential-scan", "reads all rows of public.orders", true)],
      },
    },
    ordinary: tables({
      liveRows: 90,
      bytes: 16_384,
      now: { intervalSeconds: 1, seqScansPerSecond: 60, seqRowsPerSecond: 5400 },
    }),
  },
  {
    witness: "n_dead_tup of pg_attribute: temporary tables without end",
    told: ["dead-tuples-behind", "table-bloat"],
    word: /pg_attribute/,
    hot: {
      ...tables({
        schema: "pg_catalog",
        table: "pg_attribute",
        kind: "catalog",
        bytes: 9 * gib,
        liveRows: 40_000,
        deadRows: 60e6,
        deadPercent: 99.9,
        vacuumAtDeadRows: 8050,
        lastAutovacuumSeconds: 3 * day,
      }),
    },
    ordinary: tables({
      schema: "pg_catalog",
      table: "pg_attribute",
      kind: "catalog",
      bytes: 9e6,
      liveRows: 40_000,
      deadRows: 3000,
      deadPercent: 7,
      vacuumAtDeadRows: 8050,
      lastAutovacuumSeconds: 600,
    }),
    chronic: true,
  },
  {
    witness: "bloat of a table, two thirds of it",
    told: ["table-bloat"],
    word: /bloat|empty|free|unused/i,
    hot: tables({ bloat: { bytes: 28 * gib, percent: 70, basis: "statistics" } }),
    ordinary: tables({ bloat: { bytes: 6 * gib, percent: 15, basis: "statistics" } }),
    chronic: true,
  },
  {
    witness: "age(datfrozenxid) of 1.7 billion",
    told: ["wraparound-risk"],
    word: /transaction id|vacuum/i,
    hot: {
      rows: {
        "postgres-vacuum-wraparound": [
          aged({ xidAge: 1.72e9, percentUsed: 80, xidsLeft: 4.2e8 }),
          aged({
            kind: "table",
            name: "public.orders",
            schema: "public",
            bytes: 40 * gib,
            xidAge: 1.72e9,
            percentUsed: 80,
            xidsLeft: 4.2e8,
          }),
        ],
      },
      metrics: { MaximumUsedTransactionIDs: 1.72e9 },
    },
    ordinary: {
      rows: { "postgres-vacuum-wraparound": [aged({ xidAge: 260e6, percentUsed: 12 })] },
      metrics: { MaximumUsedTransactionIDs: 260e6 },
    },
  },
];
