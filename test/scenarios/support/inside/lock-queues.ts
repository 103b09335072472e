import { aForest, anIdleTransaction, aRunning, aSession } from "../../../support/forest-builder.ts";

import { crowd, heldBy, type LockHolder, tableModes } from "./lock-crowd.ts";
import { alter, table, update } from "./lock-modes.ts";

export const queuedHolders: readonly LockHolder[] = [
  {
    holder: "a backup (pg_dump)",
    told: ["ddl-lock-queue", "blocked-by-running-query"],
    word: /pg_dump|backup/i,
    mayEnd: false,
    only: ["AccessShareLock"],
    forest: (mode) => {
      const dump = aRunning(44, 2000, {
        application: "pg_dump",
        user: "backup",
        query: "COPY public.orders TO stdout",
      });
      const ddl = aRunning(45, 90, { query: alter, waitEvent: "Lock:relation", application: "migrate" });
      const behind = crowd(
        { ...mode, wanted: { ...table, mode: "AccessShareLock" }, statement: "SELECT * FROM orders" },
        "session:45",
        { queued: true },
      );
      return aForest([
        { who: dump, holds: [mode.held] },
        { who: ddl, behind: "session:44", waits: { ...mode.wanted, waitSeconds: 90 } },
        ...behind,
      ]);
    },
  },
  {
    holder: "DDL that copies the table",
    told: ["ddl-lock-queue", "blocked-by-running-query", "maintenance-at-peak"],
    word: /ALTER TABLE|DDL/i,
    mayEnd: true,
    only: ["AccessExclusiveLock"],
    forest: heldBy(
      aRunning(44, 900, { query: "ALTER TABLE orders ALTER COLUMN id TYPE bigint", application: "migrate" }),
    ),
  },
  {
    holder: "CREATE INDEX CONCURRENTLY that waits itself",
    told: ["blocked-by-idle-transaction"],
    word: /idle/i,
    mayEnd: true,
    only: ["ShareUpdateExclusiveLock"],
    forest: (mode) => {
      const old = anIdleTransaction(44, 3000);
      const cic = aRunning(45, 900, {
        query: "CREATE INDEX CONCURRENTLY orders_state_idx ON orders (state)",
        waitEvent: "Lock:virtualxid",
      });
      const waits = {
        object: "virtual transaction 5/91",
        objectKind: "transaction",
        mode: "ShareLock",
        waitSeconds: 880,
      } as const;
      return aForest([
        { who: old },
        { who: cic, behind: "session:44", waits, holds: [mode.held] },
        ...crowd(mode, "session:45", { count: 2 }),
      ]);
    },
  },
  {
    holder: "another waiter of the queue",
    told: ["ddl-lock-queue"],
    word: /ALTER TABLE|DDL/i,
    mayEnd: true,
    only: tableModes.filter((mode) => mode !== "AccessExclusiveLock" && mode !== "ShareUpdateExclusiveLock"),
    forest: (mode) => {
      const reader = aRunning(44, 400, { query: mode.by });
      const ddl = aRunning(45, 90, { query: alter, waitEvent: "Lock:relation", application: "migrate" });
      const behind = crowd(
        { ...mode, wanted: { ...table, mode: "RowExclusiveLock" }, statement: update },
        "session:45",
        { queued: true },
      );
      return aForest([
        { who: reader, holds: [mode.held] },
        { who: ddl, behind: "session:44", waits: { ...table, mode: "AccessExclusiveLock", waitSeconds: 90 } },
        ...behind,
      ]);
    },
  },
  {
    holder: "many short holders in turn",
    told: ["hot-row-contention", "explicit-lock-held", "latch-contention"],
    word: /turn|short|hand|each/i,
    mayEnd: false,
    only: ["tuple", "transactionid", "advisory", "extend"],
    forest: (mode) => {
      // Who waits for a row begins anew with each turn, since each turn is another transaction.
      const isRow = mode.mode === "tuple" || mode.mode === "transactionid";
      const short = aSession(44, {
        query: mode.by,
        transactionSeconds: 12.4,
        statementSeconds: isRow ? 0.1 : 12.4,
      });
      const behind = crowd(mode, "session:44").map((one, place) => {
        const seconds = 12 - place;
        const who = {
          ...one.who,
          stateSeconds: seconds,
          statementSeconds: seconds,
          transactionSeconds: seconds,
        };
        return { ...one, who, waits: { ...one.waits, waitSeconds: isRow ? 0.2 : seconds } };
      });
      const forest = aForest([{ who: short, holds: [mode.held] }, ...behind]);
      return { ...forest, secondLook: { seconds: 0.2, moved: [mode.held.object ?? ""], still: [] } };
    },
  },
];
