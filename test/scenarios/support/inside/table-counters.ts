import { anIdleTransaction, aSession } from "../../../support/forest-builder.ts";
import { aPlan, aStatement, aTable } from "../../../support/statement-builder.ts";
import type { Witness } from "./witness.ts";
import { aged, autovacuumWorkers, aWait } from "./world.ts";

const gib = 1024 ** 3;
const day = 86_400;

type TableMore = Parameters<typeof aTable>[0];

function large(more: TableMore = {}) {
  return aTable({
    ...{ bytes: 40 * gib, indexBytes: 12 * gib, liveRows: 60e6, deadRows: 1e6, deadPercent: 1.6 },
    ...{ vacuumAtDeadRows: 12e6, analyzeAtChangedRows: 6e6, changedSinceAnalyze: 9e5, ...more },
  });
}

const tables = (...all: TableMore[]) => ({ rows: { "postgres-tables": all.map((more) => large(more)) } });

/** What a statement over the table does while its rows are many more than before. */
const slowed = {
  sessions: [1, 2, 3, 4].map((id) =>
    aSession(id, {
      query: "SELECT * FROM orders WHERE customer_id = $1",
      statementSeconds: 6,
      stateSeconds: 6,
    }),
  ),
  metrics: { CPUUtilization: 97, DBLoad: 6, DBLoadCPU: 5 },
};
const began = "2026-11-20 11:00:00+00";
const found = { spends: "96 % of its plan's cost: a Index Scan of orders for 4 rows" };
const onOrders = (more: object = {}) => ({
  "postgres-plans": [
    aPlan({ query: "SELECT * FROM orders WHERE customer_id = $1", meanSeconds: 0.6, ...found }),
  ],
  "postgres-top-statements": [
    aStatement({
      query: "SELECT * FROM orders WHERE customer_id = $1",
      now: {
        averageSessions: 4,
        meanSeconds: 0.6,
        callsPerSecond: 7,
        percentOfTime: 93,
        blocksReadPerSecond: 900,
      },
      ...more,
    }),
  ],
  "postgres-wait-profile": [aWait(null, 4.5, "SELECT * FROM orders WHERE customer_id = $1")],
});

function plan(problem: "sequential-scan" | "row-estimate", detail: string, index: boolean) {
  const columns = ["customer_id"];
  const createIndex = "CREATE INDEX CONCURRENTLY ON public.orders (customer_id)";
  return aPlan({
    query: "SELECT * FROM orders WHERE customer_id = $1",
    ...{
      calls: 9000,
      totalSeconds: 5400,
      meanSeconds: 0.6,
      totalCost: 900_000,
      estimatedRows: 1,
      meanRows: problem === "row-estimate" ? 90_000 : 4,
    },
    problems: [{ kind: problem, relation: "public.orders", detail }],
    suggestions: index
      ? [
          {
            schema: "public",
            table: "orders",
            columns,
            createIndex,
            why: "it reads all rows for few",
            costWithIndex: 40,
          },
        ]
      : [],
  });
}

/**
 * Counters of tables, of autovacuum and of transaction ids.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW
 */
export const tableCounters: readonly Witness[] = [
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
            liveRows: 60e6,
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
      { table: "orders" },
      {
        table: "archive_2019",
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
  {
    witness: "age(datfrozenxid) of a database that nobody can connect to",
    told: ["wraparound-risk"],
    word: /template0|connect/i,
    hot: {
      rows: {
        "postgres-vacuum-wraparound": [
          aged({ name: "template0", closed: true, xidAge: 1.72e9, percentUsed: 80, xidsLeft: 4.2e8 }),
          aged(),
        ],
      },
      metrics: { MaximumUsedTransactionIDs: 1.72e9 },
    },
    ordinary: {
      rows: {
        "postgres-vacuum-wraparound": [
          aged({ name: "template0", closed: true, xidAge: 190e6, percentUsed: 9 }),
          aged(),
        ],
      },
    },
  },
  {
    witness: "age(relfrozenxid) of a temporary table of a session that stays",
    told: ["wraparound-risk"],
    word: /temporary/i,
    hot: {
      rows: {
        "postgres-vacuum-wraparound": [
          aged({ xidAge: 1.72e9, percentUsed: 80, xidsLeft: 4.2e8 }),
          aged({
            kind: "table",
            name: "pg_temp_9.work",
            schema: "pg_temp_9",
            temporary: true,
            bytes: 9e6,
            xidAge: 1.72e9,
            percentUsed: 80,
            xidsLeft: 4.2e8,
          }),
        ],
      },
      metrics: { MaximumUsedTransactionIDs: 1.72e9 },
    },
    ordinary: {
      rows: {
        "postgres-vacuum-wraparound": [
          aged(),
          aged({ kind: "table", name: "pg_temp_9.work", schema: "pg_temp_9", temporary: true, bytes: 9e6 }),
        ],
      },
    },
  },
  {
    witness: "mxid_age(datminmxid) of 1.8 billion",
    told: ["wraparound-risk"],
    word: /multixact/i,
    hot: {
      rows: {
        "postgres-vacuum-wraparound": [
          aged({ multixactAge: 1.8e9, percentUsed: 84 }),
          aged({
            kind: "table",
            name: "public.orders",
            schema: "public",
            bytes: 40 * gib,
            multixactAge: 1.8e9,
            percentUsed: 84,
          }),
        ],
      },
    },
    ordinary: { rows: { "postgres-vacuum-wraparound": [aged({ multixactAge: 410e6, percentUsed: 19 })] } },
  },
  ...(
    [
      [
        "a session idle in transaction since yesterday",
        "session",
        {
          name: "44",
          seconds: 80_000,
          state: "idle in transaction",
          user: "etl",
          application: "etl",
          client: "10.0.0.4",
          query: "SELECT 1",
        },
        ["vacuum-blocked-by-old-xmin", "blocked-by-idle-transaction", "idle-in-transaction-pileup"],
        /44|etl/,
      ],
      [
        "a prepared transaction",
        "prepared-transaction",
        { name: "tx_991", seconds: 80_000, user: "shop" },
        ["prepared-transaction-holding-locks", "vacuum-blocked-by-old-xmin"],
        /tx_991/,
      ],
      [
        "a slot",
        "replication-slot",
        { name: "cdc", state: "inactive" },
        ["vacuum-blocked-by-old-xmin", "wal-retained-by-slot"],
        /cdc/,
      ],
      [
        "hot_standby_feedback of a replica",
        "standby",
        { name: "71", state: "streaming", application: "walreceiver" },
        ["vacuum-blocked-by-old-xmin"],
        /hot_standby_feedback|standby|replica/i,
      ],
    ] as const
  ).map(
    ([what, holder, more, told, word]): Witness => ({
      witness: `the oldest xmin: ${what}`,
      told: [...told],
      word,
      hot: {
        sessions:
          holder === "session"
            ? [anIdleTransaction(44, 80_000, { sessionKey: began, application: "etl", user: "etl" })]
            : [],
        rows: {
          "postgres-oldest-xmin": [
            {
              holder,
              sessionKey: holder === "session" ? began : null,
              xminAge: 90e6,
              catalogOnly: false,
              seconds: null,
              state: null,
              user: null,
              application: null,
              client: null,
              database: "shop",
              query: null,
              ...more,
            },
          ],
          ...tables({ deadRows: 90e6, deadPercent: 60, lastAutovacuumSeconds: 300 }).rows,
        },
      },
      ordinary: {
        rows: {
          "postgres-oldest-xmin": [
            {
              holder,
              sessionKey: holder === "session" ? began : null,
              xminAge: 9000,
              catalogOnly: false,
              state: null,
              user: null,
              application: null,
              client: null,
              database: "shop",
              query: null,
              ...more,
              seconds: "seconds" in more ? 4 : null,
            },
          ],
        },
      },
    }),
  ),
];
