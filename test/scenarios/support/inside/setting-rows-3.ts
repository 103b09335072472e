import { aStatement } from "../../../support/statement-builder.ts";
import type { Witness } from "./witness.ts";
import { aWait } from "./world.ts";

/**
 * Settings that stand badly, each with the counter that it bounds; at rest the same setting is nobody's fault.
 * https://www.postgresql.org/docs/current/runtime-config.html
 */
export const settingRows3: readonly Witness[] = [
  {
    witness: "max_locks_per_transaction 64, and locks leave the fast path",
    told: ["lock-manager-contention"],
    word: /partition|index/i,
    hot: {
      rows: {
        "postgres-relation-locks": [
          {
            table: "public.events",
            tables: 400,
            indexes: 1600,
            sessions: 20,
            mostPerSession: 2000,
            throughLockTable: 4000,
          },
        ],
        "postgres-wait-profile": [aWait("LWLock:LockManager", 14), aWait(null, 2)],
        "postgres-top-statements": [
          aStatement({
            query: "SELECT * FROM events WHERE id = $1",
            now: { averageSessions: 12, callsPerSecond: 900, meanSeconds: 0.013, percentOfTime: 90 },
          }),
        ],
      },
      metrics: { DBLoad: 17, DBLoadCPU: 2 },
    },
    ordinary: {
      rows: {
        "postgres-relation-locks": [
          {
            table: "public.events",
            tables: 30,
            indexes: 60,
            sessions: 2,
            mostPerSession: 40,
            throughLockTable: 48,
          },
        ],
      },
    },
  },
  {
    witness: "synchronous_standby_names of a standby that is gone",
    told: ["commit-stall"],
    word: /synchronous|standby|replica/i,
    hot: {
      settings: { synchronous_commit: "on" },
      rows: { "postgres-replication": [], "postgres-wait-profile": [aWait("IPC:SyncRep", 40)] },
      metrics: { DBLoad: 41 },
    },
    ordinary: { settings: { synchronous_commit: "on" } },
  },
  {
    witness: "a setting that waits for a restart",
    told: ["parameter-pending-reboot"],
    word: /max_connections/,
    hot: { settings: { max_connections: { value: "100", pendingRestart: true } } },
    ordinary: { settings: { max_connections: "100" } },
    chronic: true,
  },
  {
    witness: "random_page_cost 4, jit on, effective_io_concurrency 1: on their own nobody's fault",
    told: [],
    word: /(?:)/,
    hot: {
      settings: {
        random_page_cost: "4",
        jit: "on",
        effective_io_concurrency: "1",
        max_parallel_workers_per_gather: "8",
        synchronous_commit: "off",
      },
    },
    ordinary: {},
  },
];
