import { aSession } from "../../../support/forest-builder.ts";
import { sorts } from "./activity-counters-seen.ts";
import type { Witness } from "./witness.ts";
import { databaseRates } from "./world.ts";

/**
 * Counters of activity, of writing and of the small caches.
 * https://www.postgresql.org/docs/current/monitoring-stats.html
 */
export const activityCounters3: readonly Witness[] = [
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
