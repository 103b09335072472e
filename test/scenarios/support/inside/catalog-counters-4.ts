import type { Witness } from "./witness.ts";
import { databaseRates } from "./world.ts";

/**
 * What the catalogs say of indexes, keys, limits and work that goes on.
 * https://www.postgresql.org/docs/current/catalogs.html
 */
export const catalogCounters4: readonly Witness[] = [
  {
    witness: "pg_prepared_xacts of yesterday that blocks nobody",
    told: ["prepared-transaction-holding-locks", "vacuum-blocked-by-old-xmin"],
    word: /ROLLBACK PREPARED|tx_991/i,
    hot: {
      rows: {
        "postgres-oldest-xmin": [
          {
            holder: "prepared-transaction",
            name: "tx_991",
            sessionKey: null,
            xminAge: 9e6,
            catalogOnly: false,
            seconds: 90_000,
            state: null,
            user: "shop",
            application: null,
            client: null,
            database: "shop",
            query: null,
          },
        ],
      },
    },
    ordinary: {
      rows: {
        "postgres-oldest-xmin": [
          {
            holder: "prepared-transaction",
            name: "tx_992",
            sessionKey: null,
            xminAge: 90,
            catalogOnly: false,
            seconds: 0.2,
            state: null,
            user: "shop",
            application: null,
            client: null,
            database: "shop",
            query: null,
          },
        ],
      },
    },
    chronic: true,
  },
  {
    witness: "statements that end and were not executed",
    told: ["error-storm"],
    word: /fail/i,
    hot: {
      rows: {
        "postgres-database-rates": [databaseRates({ rollbacksPerSecond: 62 })],
        "postgres-failing-statements": [
          {
            user: "shop",
            database: "shop",
            applications: ["web"],
            query: "SELECT price FROM article_prices WHERE id = $1",
            sessions: 31,
            failedAt: "parsing",
          },
        ],
      },
    },
    ordinary: {
      rows: {
        "postgres-failing-statements": [
          {
            user: "dba",
            database: "shop",
            applications: ["psql"],
            query: "SELECT 1 FROM nothing",
            sessions: 1,
            failedAt: "parsing",
          },
        ],
      },
    },
  },
];
