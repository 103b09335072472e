import { aForest, aSession, waiters } from "../../../support/forest-builder.ts";
import { building, busyDisk, holder, progress, reads } from "./catalog-counters-seen.ts";
import type { Witness } from "./witness.ts";

/**
 * What the catalogs say of indexes, keys, limits and work that goes on.
 * https://www.postgresql.org/docs/current/catalogs.html
 */
export const catalogCounters3: readonly Witness[] = [
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
];
