import type { CauseId } from "../../../../functions/core/contract/cause-ids.ts";
import type { HeldLock, LockForest, LockWait } from "../../../../functions/core/contract/locks.ts";
import type { Session } from "../../../../functions/core/contract/session.ts";
import {
  aForest,
  anIdleTransaction,
  aPrepared,
  aRunning,
  aSession,
  keyOf,
  type Member,
} from "../../../support/forest-builder.ts";

type Held = Partial<HeldLock>;
type Waited = Partial<LockWait>;

export interface LockMode {
  readonly mode: string;
  readonly held: Held;
  /** What conflicts with it, and who asks for that. */
  readonly wanted: Waited;
  readonly statement: string;
  /** How the holder came by it. */
  readonly by: string;
}

const table = { object: "public.orders", objectKind: "table" } as const;
const alter = "ALTER TABLE orders ADD COLUMN note text";
const update = "UPDATE orders SET state = $1 WHERE id = $2";

function onTable(mode: string, wanted: string, statement: string, by: string, explicit = false): LockMode {
  return { mode, held: { ...table, mode, explicit }, wanted: { ...table, mode: wanted }, statement, by };
}

function other(
  mode: string,
  kind: LockWait["objectKind"],
  object: string,
  wanted: string,
  by: string,
  statement = update,
): LockMode {
  const on = { object, objectKind: kind };
  return {
    mode,
    held: { ...on, mode: "ExclusiveLock", explicit: kind === "advisory" },
    wanted: { ...on, mode: wanted },
    statement,
    by,
  };
}

/** https://www.postgresql.org/docs/current/explicit-locking.html */
export const lockModes: readonly LockMode[] = [
  onTable("AccessShareLock", "AccessExclusiveLock", alter, "SELECT * FROM orders"),
  onTable(
    "RowShareLock",
    "ExclusiveLock",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY orders",
    "SELECT * FROM orders WHERE id = $1 FOR UPDATE",
  ),
  onTable("RowExclusiveLock", "ShareLock", "CREATE INDEX orders_state_idx ON orders (state)", update),
  onTable(
    "ShareUpdateExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ALTER TABLE orders VALIDATE CONSTRAINT orders_fk",
    "ANALYZE orders",
  ),
  onTable("ShareLock", "RowExclusiveLock", update, "CREATE INDEX orders_state_idx ON orders (state)"),
  onTable(
    "ShareRowExclusiveLock",
    "RowExclusiveLock",
    update,
    "CREATE TRIGGER orders_t AFTER INSERT ON orders EXECUTE FUNCTION f()",
  ),
  onTable("ExclusiveLock", "RowExclusiveLock", update, "LOCK TABLE orders IN EXCLUSIVE MODE", true),
  onTable(
    "AccessExclusiveLock",
    "AccessShareLock",
    "SELECT * FROM orders WHERE id = $1",
    "ALTER TABLE orders ALTER COLUMN id TYPE bigint",
  ),
  other("tuple", "row", "public.orders (0,7)", "ExclusiveLock", update),
  other("transactionid", "transaction", "transaction 90871", "ShareLock", update),
  other(
    "virtualxid",
    "transaction",
    "virtual transaction 5/91",
    "ShareLock",
    "SELECT * FROM customers",
    "CREATE INDEX CONCURRENTLY orders_state_idx ON orders (state)",
  ),
  other(
    "advisory",
    "advisory",
    "advisory lock 4711",
    "ExclusiveLock",
    "SELECT pg_advisory_lock($1)",
    "SELECT pg_advisory_lock($1)",
  ),
  other(
    "extend",
    "other",
    "extension of public.orders",
    "ExclusiveLock",
    "INSERT INTO orders (id) VALUES ($1)",
    "INSERT INTO orders (id) VALUES ($1)",
  ),
  other(
    "object",
    "other",
    "database shop",
    "AccessExclusiveLock",
    "CREATE DATABASE copy TEMPLATE shop",
    "DROP DATABASE shop",
  ),
];

export interface LockHolder {
  readonly holder: string;
  readonly told: readonly CauseId[];
  readonly word: RegExp;
  /** Whom a click, or nobody at all, may end: "never" holds for what must go on. */
  readonly mayEnd: boolean;
  readonly only?: readonly string[];
  readonly standby?: true;
  readonly forest: (mode: LockMode) => LockForest;
}

function crowd(mode: LockMode, behind: string, { queued = false, count = 12, from = 500 } = {}): Member[] {
  const { wanted: waits, statement: query } = mode;
  const waitEvent = waits.objectKind === "table" ? "Lock:relation" : `Lock:${mode.mode}`;
  return Array.from({ length: count }, (_, place) => ({
    who: aRunning(from + place, 90, { query, waitEvent, application: "web" }),
    ...{ behind, queued, waits: { waitSeconds: 90, queuePosition: place + 1, ...waits } },
  }));
}

function heldBy(who: Session | ReturnType<typeof aPrepared>): LockHolder["forest"] {
  return (mode) => aForest([{ who, holds: [mode.held] }, ...crowd(mode, keyOf(who))]);
}

const tableModes = lockModes.slice(0, 8).map(({ mode }) => mode);
const blocking: readonly CauseId[] = [
  "blocked-by-running-query",
  "ddl-lock-queue",
  "hot-row-contention",
  "explicit-lock-held",
];

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

/** The ordinary twin: two wait for a moment. */
export function forAMoment(mode: LockMode): LockForest {
  const short = aSession(44, { query: mode.by, transactionSeconds: 0.2, statementSeconds: 0.1 });
  const members = crowd(mode, "session:44", { count: 2 }).map((one) => ({
    ...one,
    who: { ...one.who, stateSeconds: 0.1, transactionSeconds: 0.1, statementSeconds: 0.1 },
    waits: { ...one.waits, waitSeconds: 0.1 },
  }));
  return aForest([{ who: short, holds: [mode.held] }, ...members]);
}
