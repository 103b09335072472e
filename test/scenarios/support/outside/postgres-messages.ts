import type { CauseId } from "../../../../functions/core/contract/cause-ids.ts";

/** A message of PostgreSQL's log, and what it alone is worth: where many come, and where two have within a quarter of an hour. */
export interface Message {
  /** With the lines that belong to it. */
  readonly says: readonly string[];
  /** Of many; null: nothing that anybody has to know of. */
  readonly cause: CauseId | null;
  /** One is as grave. */
  readonly evenOnce?: true;
  /** What has to be told of it. */
  readonly told?: string;
  readonly perMinute?: number;
  /** Of the server's own processes. */
  readonly own?: boolean;
  readonly replica?: boolean;
}

const insert = "STATEMENT:  INSERT INTO orders (customer_id, total) VALUES ($1, $2) RETURNING id";
const select = "STATEMENT:  SELECT * FROM invoices WHERE lower(reference) = $1";

export const messageOf = (
  cause: Message["cause"],
  says: string | readonly string[],
  told?: string,
  more: Partial<Message> = {},
): Message => ({
  cause,
  says: typeof says === "string" ? [says] : says,
  ...(told === undefined ? {} : { told }),
  ...more,
});
export const grave = { evenOnce: true } as const;

/** Statements that fail. */
export const failing: readonly Message[] = [
  messageOf(
    "key-exhausted",
    [
      'ERROR:  duplicate key value violates unique constraint "orders_pkey"',
      "DETAIL:  Key (id)=(481223) already exists.",
      insert,
    ],
    "orders_pkey",
  ),
  messageOf(
    "error-storm",
    [
      'ERROR:  duplicate key value violates unique constraint "users_email_key"',
      "DETAIL:  Key (email)=(a@example.com) already exists.",
      "STATEMENT:  INSERT INTO users (email) VALUES ($1)",
    ],
    "users_email_key",
  ),
  messageOf(
    "error-storm",
    [
      'ERROR:  insert or update on table "order_lines" violates foreign key constraint "order_lines_order_id_fkey"',
      insert,
    ],
    "order_lines_order_id_fkey",
  ),
  messageOf(
    "error-storm",
    [
      'ERROR:  new row for relation "stock" violates check constraint "stock_quantity_check"',
      "DETAIL:  Failing row contains (17, -1).",
    ],
    "stock_quantity_check",
  ),
  messageOf(
    "error-storm",
    ['ERROR:  null value in column "region" of relation "orders" violates not-null constraint', insert],
    "region",
  ),
  messageOf(
    "error-storm",
    ['ERROR:  conflicting key value violates exclusion constraint "bookings_room_excl"'],
    "bookings_room_excl",
  ),
  messageOf("error-storm", 'ERROR:  no partition of relation "events" found for row', "partition", {
    perMinute: 2,
  }),
  messageOf("deadlocks", [
    "ERROR:  deadlock detected",
    "DETAIL:  Process 812 waits for ShareLock on transaction 4711; blocked by process 813.",
  ]),
  messageOf(
    "error-storm",
    ["ERROR:  could not serialize access due to concurrent update", select],
    "SERIALIZABLE",
  ),
  messageOf(
    "error-storm",
    [
      'ERROR:  cannot update table "orders" because it does not have a replica identity and publishes updates',
      "STATEMENT:  UPDATE orders SET total = $1 WHERE id = $2",
    ],
    "REPLICA IDENTITY FULL",
  ),
  messageOf("error-storm", ["ERROR:  canceling statement due to lock timeout", select], "invoices"),
  messageOf("error-storm", ["ERROR:  canceling statement due to statement timeout", select], "invoices"),
  messageOf("error-storm", ["ERROR:  canceling statement due to user request", select], "invoices"),
  messageOf(
    "idle-in-transaction-pileup",
    "FATAL:  terminating connection due to idle-in-transaction timeout",
  ),
  messageOf(
    "error-storm",
    "FATAL:  terminating connection due to transaction timeout",
    "transaction_timeout",
  ),
  messageOf(null, "FATAL:  terminating connection due to idle-session timeout"),
  messageOf(
    "instance-limit-reached",
    ["ERROR:  out of shared memory", "HINT:  You might need to increase max_locks_per_transaction."],
    "max_locks_per_transaction",
  ),
  messageOf("memory-pressure", ["ERROR:  out of memory", select], "invoices"),
  messageOf(
    "memory-pressure",
    [
      'ERROR:  could not resize shared memory segment "/PostgreSQL.2043" to 67108864 bytes: No space left on device',
      select,
    ],
    "invoices",
  ),
  messageOf(
    "storage-low",
    ['ERROR:  could not extend file "base/16401/19288": No space left on device', insert],
    "orders",
    grave,
  ),
  messageOf("error-storm", 'ERROR:  relation "orders_new" does not exist at character 15', "orders_new"),
  messageOf("error-storm", 'ERROR:  schema "billing" does not exist at character 15', "billing"),
  messageOf(
    "error-storm",
    ["ERROR:  operator does not exist: character varying = integer at character 38", select],
    "invoices",
  ),
  messageOf("error-storm", "ERROR:  permission denied for table orders", "GRANT"),
  messageOf(
    "database-read-only",
    ["ERROR:  cannot execute INSERT in a read-only transaction", insert],
    "orders",
  ),
  messageOf("error-storm", ["ERROR:  cannot execute INSERT in a read-only transaction", insert], "reader", {
    replica: true,
  }),
  messageOf("error-storm", 'ERROR:  prepared statement "S_1" already exists', "PgBouncer"),
  messageOf("error-storm", ["ERROR:  cached plan must not change result type", select], "invoices"),
  messageOf(
    "error-storm",
    ['ERROR:  invalid input syntax for type integer: "abc" at character 34', select],
    "invoices",
  ),
  messageOf("key-exhausted", ["ERROR:  integer out of range", insert], "orders"),
  messageOf(
    "key-exhausted",
    ['ERROR:  nextval: reached maximum value of sequence "orders_id_seq" (2147483647)', insert],
    "orders_id_seq",
  ),
  messageOf(
    "error-storm",
    ['ERROR:  could not access file "$libdir/postgis-2.5": No such file or directory', select],
    "library",
  ),
  messageOf("error-storm", 'ERROR:  could not connect to server "legacy_crm"', "legacy_crm", {
    perMinute: 4,
  }),
  messageOf(
    "replica-query-conflict",
    ["ERROR:  canceling statement due to conflict with recovery", select],
    undefined,
    { replica: true },
  ),
];
