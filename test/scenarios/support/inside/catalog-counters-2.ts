import { aGroup } from "../../../support/evidence-builder.ts";
import { aSession } from "../../../support/forest-builder.ts";
import { busyDisk, gib, progress, reads } from "./catalog-counters-seen.ts";
import type { Witness } from "./witness.ts";

/**
 * What the catalogs say of indexes, keys, limits and work that goes on.
 * https://www.postgresql.org/docs/current/catalogs.html
 */
export const catalogCounters2: readonly Witness[] = [
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
];
