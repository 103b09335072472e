import { anIdleTransaction } from "../../../support/forest-builder.ts";
import { began, gib, tables } from "./table-counters-seen.ts";
import type { Witness } from "./witness.ts";
import { aged } from "./world.ts";

/**
 * Counters of tables, of autovacuum and of transaction ids.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW
 */
export const tableCounters3: readonly Witness[] = [
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
