import { anIdleTransaction, aPrepared, aRunning } from "../../../support/forest-builder.ts";

import { blocking, heldBy, type LockHolder, tableModes } from "./lock-crowd.ts";

export const lockHolders: readonly LockHolder[] = [
  {
    holder: "a statement that runs",
    told: blocking,
    word: /44/,
    mayEnd: true,
    forest: (mode) => heldBy(aRunning(44, 200, { query: mode.by }))(mode),
  },
  {
    holder: "idle in transaction",
    told: ["blocked-by-idle-transaction", "explicit-lock-held", "ddl-lock-queue"],
    word: /idle/i,
    mayEnd: true,
    forest: (mode) => heldBy(anIdleTransaction(44, 200, { query: mode.by }))(mode),
  },
  {
    holder: "a prepared transaction",
    told: ["prepared-transaction-holding-locks"],
    word: /tx_44/,
    mayEnd: false,
    only: [...tableModes, "transactionid", "advisory", "object"],
    forest: heldBy(aPrepared("tx_44")),
  },
  {
    holder: "autovacuum",
    told: ["blocked-by-running-query", "ddl-lock-queue"],
    word: /autovacuum/i,
    mayEnd: false,
    only: ["ShareUpdateExclusiveLock"],
    forest: heldBy(
      aRunning(44, 200, {
        kind: "autovacuum",
        user: null,
        application: null,
        query: "autovacuum: VACUUM public.orders",
      }),
    ),
  },
  {
    holder: "autovacuum to prevent wraparound",
    told: ["ddl-lock-queue", "blocked-by-running-query", "wraparound-risk"],
    word: /wraparound/i,
    mayEnd: false,
    only: ["ShareUpdateExclusiveLock"],
    forest: heldBy(
      aRunning(44, 2000, {
        kind: "autovacuum",
        wraparound: true,
        user: null,
        application: null,
        query: "autovacuum: VACUUM public.orders (to prevent wraparound)",
      }),
    ),
  },
  {
    holder: "replay on a standby",
    told: ["ddl-lock-queue", "blocked-by-running-query", "replica-query-conflict", "replication-lag"],
    word: /repl|recover|startup/i,
    mayEnd: false,
    only: ["AccessExclusiveLock"],
    standby: true,
    forest: heldBy(
      aRunning(44, 200, {
        kind: "system",
        user: null,
        application: null,
        query: null,
        transactionSeconds: null,
        statementSeconds: null,
      }),
    ),
  },
];
