import type { HeldLock, LockWait } from "../../../../functions/core/contract/locks.ts";

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

export const table = { object: "public.orders", objectKind: "table" } as const;
export const alter = "ALTER TABLE orders ADD COLUMN note text";
export const update = "UPDATE orders SET state = $1 WHERE id = $2";

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
