import { aGroup } from "../../../support/evidence-builder.ts";
import { aForest, aSession, anIdleTransaction, waiters } from "../../../support/forest-builder.ts";
import type { Witness } from "./witness.ts";
import { aWait, databaseRates } from "./world.ts";

const gib = 1024 ** 3;

function index(more: object = {}): object {
  return {
    ...{ schema: "public", table: "orders", index: "orders_state_idx", problem: "unused", coveredBy: null },
    ...{
      unique: false,
      definition: "CREATE INDEX orders_state_idx ON public.orders (state)",
      sizeBytes: 9 * gib,
    },
    ...{ scans: 0, lastScanAt: null, tableRows: 60e6, tableWrites: 900e6, building: false },
    ...{
      statsSinceAt: "2026-06-01T00:00:00Z",
      statsAgeSeconds: 170 * 86_400,
      checkpointerSeconds: 170 * 86_400,
    },
    ...{ owner: "shop", caveat: null, ...more },
  };
}

function fed(more: object = {}): object {
  return {
    ...{ schema: "public", table: "orders", column: "id", type: "integer", owner: "shop" },
    ...{ sequence: "public.orders_id_seq", sequenceSchema: "public", nextValue: "2126008800" },
    ...{ maxValue: "2147483647", usedPercent: 99, narrow: "column", ...more },
  };
}

function progress(more: object = {}): object {
  return {
    ...{ command: "create-index", pid: 900, sessionKey: "2026-11-21 07:00:00+00", automatic: false },
    ...{
      wraparound: false,
      database: "shop",
      relation: "public.orders",
      phase: "building index",
      seconds: 900,
    },
    ...{ done: 1000, total: 5e6, unit: "blocks", percent: 0.02, waitEvent: null, user: "deploy" },
    ...{ application: "migrate", ...more },
  };
}

const busyDisk = {
  DBLoad: 14,
  DBLoadCPU: 1,
  ReadIOPS: 12_000,
  ReadLatency: 0.02,
  WriteLatency: 0.02,
  DiskQueueDepth: 40,
};
const reads = [aWait("IO:DataFileRead", 11), aWait(null, 1)];
const concurrently = "CREATE INDEX CONCURRENTLY orders_state_idx ON orders (state)";
const holder = anIdleTransaction(44, 4000);
const building = aSession(900, {
  query: concurrently,
  statementSeconds: 3900,
  transactionSeconds: 3900,
  stateSeconds: 3900,
  waitEvent: "Lock:virtualxid",
  user: "deploy",
  application: "migrate",
});

/**
 * What the catalogs say of indexes, keys, limits and work that goes on.
 * https://www.postgresql.org/docs/current/catalogs.html
 */
export const catalogCounters: readonly Witness[] = [
  {
    witness: "pg_index.indisvalid false, and nobody builds it",
    told: ["invalid-index"],
    word: /REINDEX|invalid/i,
    hot: { rows: { "postgres-indexes": [index({ problem: "invalid" })] } },
    ordinary: {
      rows: {
        "postgres-indexes": [index({ problem: "invalid", building: true })],
        "postgres-vacuum-progress": [progress()],
      },
    },
    chronic: true,
  },
  {
    witness: "idx_scan 0 of an index of nine GB",
    told: ["unused-index"],
    word: /orders_state_idx/,
    hot: { rows: { "postgres-indexes": [index()] } },
    ordinary: { rows: { "postgres-indexes": [] } },
    chronic: true,
  },
  {
    witness: "two indexes of the same columns",
    told: ["duplicate-index"],
    word: /orders_state_idx/,
    hot: {
      rows: {
        "postgres-indexes": [index({ problem: "duplicate", coveredBy: "orders_state_idx1", scans: 9000 })],
      },
    },
    ordinary: { rows: { "postgres-indexes": [] } },
    chronic: true,
  },
  {
    witness: "pg_constraint.convalidated false",
    told: ["unvalidated-constraint"],
    word: /VALIDATE/i,
    hot: {
      rows: {
        "postgres-constraints": [
          {
            schema: "public",
            table: "orders",
            constraint: "orders_customer_fk",
            kind: "foreign-key",
            definition: "FOREIGN KEY (customer_id) REFERENCES customers(id) NOT VALID",
            tableRows: 60e6,
            enforced: true,
            validate: "ALTER TABLE public.orders VALIDATE CONSTRAINT orders_customer_fk",
          },
        ],
      },
    },
    ordinary: { rows: { "postgres-constraints": [] } },
    chronic: true,
  },
  {
    witness: "pg_collation.collversion is not the library's",
    told: ["data-corruption-suspected"],
    word: /collation|REINDEX/i,
    hot: {
      rows: {
        "postgres-collations": [
          {
            name: "default",
            recorded: "2.26",
            actual: "2.34",
            indexes: 41,
            examples: ["public.customers_email_key"],
          },
        ],
      },
    },
    ordinary: { rows: { "postgres-collations": [] } },
  },
  {
    witness: "pg_sequences.last_value at 99 % of an integer column",
    told: ["key-exhausted"],
    word: /bigint|integer/i,
    hot: { rows: { "postgres-key-use": [fed()] } },
    ordinary: { rows: { "postgres-key-use": [fed({ nextValue: "900000000", usedPercent: 42 })] } },
  },
  {
    witness: "pg_sequences.last_value at its own max_value",
    told: ["key-exhausted"],
    word: /sequence/i,
    hot: {
      rows: {
        "postgres-key-use": [
          fed({
            type: "bigint",
            narrow: "sequence",
            nextValue: "9999999",
            maxValue: "9999999",
            usedPercent: 100,
          }),
        ],
      },
    },
    ordinary: {
      rows: {
        "postgres-key-use": [
          fed({
            type: "bigint",
            narrow: "sequence",
            nextValue: "4000000",
            maxValue: "9999999",
            usedPercent: 40,
          }),
        ],
      },
    },
  },
  {
    witness: "a column that refers is narrower than its key, and full",
    told: ["key-exhausted"],
    word: /order_id/,
    hot: {
      rows: {
        "postgres-narrow-references": [
          {
            schema: "public",
            table: "order_lines",
            column: "order_id",
            type: "integer",
            owner: "shop",
            constraint: "lines_fk",
            parentSchema: "public",
            parentTable: "orders",
            parentColumn: "id",
            nextValue: "2140000000",
            maxValue: "2147483647",
            usedPercent: 99.7,
          },
        ],
      },
    },
    ordinary: {
      rows: {
        "postgres-narrow-references": [
          {
            schema: "public",
            table: "order_lines",
            column: "order_id",
            type: "integer",
            owner: "shop",
            constraint: "lines_fk",
            parentSchema: "public",
            parentTable: "orders",
            parentColumn: "id",
            nextValue: "400000000",
            maxValue: "2147483647",
            usedPercent: 19,
          },
        ],
      },
    },
  },
  {
    witness: "pg_sequences.last_value below the keys that are there",
    told: ["key-exhausted", "error-storm"],
    word: /setval|behind/i,
    hot: {
      rows: {
        "postgres-sequences-behind": [
          {
            schema: "public",
            table: "orders",
            column: "id",
            owner: "shop",
            sequence: "public.orders_id_seq",
            sequenceSchema: "public",
            nextValue: "4001",
            largestKey: "900000",
            takenOfHundred: 100,
            askedPerSecond: 9,
          },
        ],
        "postgres-undone-changes": [
          {
            ...{ database: "shop", schema: "public", table: "orders", intervalSeconds: 1 },
            ...{ changesPerSecond: 9, insertsPerSecond: 9, undonePerSecond: 9, undoneInsertsPerSecond: 9 },
          },
        ],
      },
    },
    ordinary: { rows: { "postgres-sequences-behind": [] } },
  },
  ...(["role", "database"] as const).flatMap((of): Witness[] => [
    {
      witness: `${of === "role" ? "pg_roles.rolconnlimit" : "pg_database.datconnlimit"} is reached`,
      told: ["too-many-connections", "connections-near-limit"],
      word: /CONNECTION LIMIT|of its own|own limit|may have/i,
      hot: {
        groups: [aGroup(4), aGroup(46, { state: "idle" })],
        rows: { "postgres-own-limits": [{ of, name: "shop", used: 50, limit: 50 }] },
      },
      ordinary: { rows: { "postgres-own-limits": [{ of, name: "shop", used: 22, limit: 50 }] } },
    },
    {
      witness: `${of === "role" ? "pg_roles.rolconnlimit" : "pg_database.datconnlimit"} is near`,
      told: ["connections-near-limit", "too-many-connections"],
      word: /CONNECTION LIMIT|of its own|own limit|may have/i,
      hot: {
        groups: [aGroup(4), aGroup(44, { state: "idle" })],
        rows: { "postgres-own-limits": [{ of, name: "shop", used: 48, limit: 50 }] },
      },
      ordinary: { rows: { "postgres-own-limits": [{ of, name: "reports", used: 1, limit: 2 }] } },
      chronic: true,
    },
  ]),
  {
    witness: "pg_stat_progress_basebackup beside storage that is slow",
    told: ["maintenance-at-peak", "io-saturated"],
    word: /base ?backup|pg_basebackup|copy of/i,
    hot: {
      rows: {
        "postgres-vacuum-progress": [
          progress({
            command: "base-backup",
            phase: "streaming database files",
            unit: "bytes",
            done: 40 * gib,
            total: 900 * gib,
            percent: 4.4,
            relation: null,
            user: "backup",
            application: "pg_basebackup",
          }),
        ],
        "postgres-wait-profile": reads,
      },
      metrics: busyDisk,
    },
    ordinary: {
      rows: {
        "postgres-vacuum-progress": [
          progress({
            command: "base-backup",
            phase: "streaming database files",
            unit: "bytes",
            done: 40 * gib,
            total: 900 * gib,
            percent: 4.4,
            relation: null,
            user: "backup",
            application: "pg_basebackup",
          }),
        ],
      },
    },
  },
  {
    witness: "pg_stat_progress_vacuum by hand beside storage that is slow",
    told: ["maintenance-at-peak", "io-saturated"],
    word: /VACUUM/i,
    hot: {
      sessions: [
        aSession(900, {
          query: "VACUUM orders",
          statementSeconds: 900,
          stateSeconds: 900,
          waitEvent: "IO:DataFileRead",
          user: "deploy",
        }),
      ],
      rows: {
        "postgres-vacuum-progress": [progress({ command: "vacuum", phase: "scanning heap" })],
        "postgres-wait-profile": reads,
      },
      metrics: busyDisk,
    },
    ordinary: {
      sessions: [
        aSession(900, {
          query: "VACUUM orders",
          statementSeconds: 200,
          stateSeconds: 200,
          waitEvent: "Timeout:VacuumDelay",
          user: "deploy",
        }),
      ],
      rows: {
        "postgres-vacuum-progress": [progress({ command: "vacuum", phase: "scanning heap", seconds: 200 })],
      },
    },
  },
  {
    witness: "pg_stat_progress_vacuum to prevent wraparound beside storage that is slow",
    told: ["maintenance-at-peak", "io-saturated", "wraparound-risk"],
    word: /wraparound/i,
    hot: {
      rows: {
        "postgres-vacuum-progress": [
          progress({
            command: "vacuum",
            phase: "scanning heap",
            automatic: true,
            wraparound: true,
            user: null,
            application: null,
            seconds: 9000,
          }),
        ],
        "postgres-wait-profile": reads,
      },
      metrics: busyDisk,
    },
    ordinary: {
      rows: {
        "postgres-vacuum-progress": [
          progress({
            command: "vacuum",
            phase: "scanning heap",
            automatic: true,
            wraparound: true,
            user: null,
            application: null,
            seconds: 9000,
          }),
        ],
      },
    },
  },
  {
    witness: "pg_stat_progress_create_index beside storage that is slow",
    told: ["maintenance-at-peak", "io-saturated"],
    word: /CREATE INDEX|index/i,
    hot: {
      sessions: [{ ...building, waitEvent: "IO:DataFileRead" }],
      rows: { "postgres-vacuum-progress": [progress({ seconds: 3900 })], "postgres-wait-profile": reads },
      metrics: busyDisk,
    },
    ordinary: {
      sessions: [
        { ...building, waitEvent: null, statementSeconds: 60, stateSeconds: 60, transactionSeconds: 60 },
      ],
      rows: { "postgres-vacuum-progress": [progress({ seconds: 60 })] },
    },
  },
  {
    witness: "pg_stat_progress_create_index stands: it waits for a transaction that began before",
    told: ["blocked-by-idle-transaction"],
    word: /44|idle/i,
    hot: {
      sessions: [holder, building],
      forest: aForest([
        { who: holder },
        {
          who: building,
          behind: "session:44",
          waits: {
            object: "virtual transaction 5/91",
            objectKind: "transaction",
            mode: "ShareLock",
            waitSeconds: 3800,
          },
        },
      ]),
      rows: {
        "postgres-vacuum-progress": [
          progress({
            phase: "waiting for writers before build",
            seconds: 3900,
            unit: "sessions",
            done: 0,
            total: 1,
            percent: 0,
            waitEvent: "Lock:virtualxid",
          }),
        ],
      },
    },
    ordinary: {
      sessions: [{ ...building, statementSeconds: 4, stateSeconds: 4, transactionSeconds: 4 }],
      forest: aForest([
        { who: aSession(45, { statementSeconds: 4, transactionSeconds: 4 }) },
        {
          who: building,
          behind: "session:45",
          waits: {
            object: "virtual transaction 5/91",
            objectKind: "transaction",
            mode: "ShareLock",
            waitSeconds: 0.4,
          },
        },
      ]),
      rows: {
        "postgres-vacuum-progress": [
          progress({
            phase: "waiting for writers before build",
            seconds: 4,
            unit: "sessions",
            done: 0,
            total: 1,
            percent: 0,
            waitEvent: "Lock:virtualxid",
          }),
        ],
      },
    },
    chronic: true,
  },
  {
    witness: "pg_stat_progress_cluster: VACUUM FULL, and everybody waits",
    told: ["ddl-lock-queue", "maintenance-at-peak", "blocked-by-running-query"],
    word: /VACUUM FULL/i,
    hot: {
      forest: aForest([
        {
          who: aSession(900, {
            query: "VACUUM FULL orders",
            statementSeconds: 500,
            transactionSeconds: 500,
            stateSeconds: 500,
            user: "deploy",
          }),
          holds: [{ mode: "AccessExclusiveLock" }],
        },
        ...waiters(30, "session:900", { seconds: 300 }),
      ]),
      rows: {
        "postgres-vacuum-progress": [progress({ command: "vacuum-full", phase: "seq scanning heap" })],
      },
    },
    ordinary: {
      sessions: [
        aSession(900, {
          query: "VACUUM FULL old_log",
          statementSeconds: 50,
          transactionSeconds: 50,
          stateSeconds: 50,
          user: "deploy",
        }),
      ],
      rows: {
        "postgres-vacuum-progress": [
          progress({
            command: "vacuum-full",
            phase: "seq scanning heap",
            relation: "public.old_log",
            seconds: 50,
          }),
        ],
      },
    },
  },
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
