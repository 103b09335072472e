import * as z from "zod";
import { SqlError } from "../../errors.ts";
import type { ServerInfo, SqlRow } from "../../ports.ts";
import { versionIsAtLeast } from "./sight.ts";

/**
 * InnoDB tells its times in the time zone of the operating system, whatever the session's is (seen on MySQL 9.7 and
 * MariaDB 10.11).
 */
const since = (column: string): string =>
  `TIMESTAMPDIFF(SECOND, CONVERT_TZ(${column}, 'SYSTEM', '+00:00'), UTC_TIMESTAMP())`;

const transactionColumns = {
  trx_id: "trx_id",
  trx_state: "trx_state",
  session_id: "trx_mysql_thread_id",
  rows_modified: "trx_rows_modified",
  rows_locked: "trx_rows_locked",
  requested_lock: "trx_requested_lock_id",
  age_seconds: since("trx_started"),
  wait_seconds: since("trx_wait_started"),
} as const;

const lockColumns = {
  trx_id: "lock_trx_id",
  lock_id: "lock_id",
  mode: "lock_mode",
  table_name: "lock_table",
  index_name: "lock_index",
  page: "lock_page",
  heap: "lock_rec",
} as const;

/** More waiters than that on one row, and MariaDB's copy takes longer than a statement of the immediate tier may. */
const mostWaiters = 1200;

/**
 * How many may be waiting. How they are spread over rows no view tells but those that make the copy; but who waits
 * runs a statement, so that InnoDB's counter, should it have gone astray, shuts nothing on a server with fewer.
 */
const waitersSql = `SELECT MIN(VARIABLE_VALUE + 0) FROM information_schema.GLOBAL_STATUS
    WHERE VARIABLE_NAME IN ('INNODB_ROW_LOCK_CURRENT_WAITS', 'THREADS_RUNNING')`;

/** Everybody's transactions; on MariaDB its contested locks as well. */
export function transactionsSql(server: ServerInfo): string {
  return server.engine === "mariadb"
    ? mariadbSql(server)
    : `SELECT ${columnsOf(transactionColumns)} FROM information_schema.INNODB_TRX`;
}

/**
 * MariaDB lists both out of one copy that it makes first, with InnoDB's lock table shut meanwhile; who waits for one
 * row makes it dear: 5 ms for 200, 85 for 500, 800 for 1,000 (10.11). Both lists in one statement take one copy. Locks
 * first: should it be renewed in between, then what was waited for and has been got since counts as held, which is
 * true, and never the other way about. The row of NULLs tells an empty list from one that was not made.
 */
function mariadbSql(server: ServerInfo): string {
  const names = [...new Set([...Object.keys(transactionColumns), ...Object.keys(lockColumns)])];
  const none = Object.fromEntries(names.map((name) => [name, "NULL"]));
  const both = `SELECT ${columnsOf({ ...none, ...lockColumns })} FROM information_schema.INNODB_LOCKS
    UNION ALL SELECT ${columnsOf({ ...none, ...transactionColumns })} FROM information_schema.INNODB_TRX
    UNION ALL SELECT ${columnsOf(none)}`;
  // Before 10.6 the count is not kept under a latch and goes astray.
  if (!versionIsAtLeast(server, [10, 6])) return both;
  return `SELECT listed.* FROM (${both}) AS listed
  WHERE COALESCE((${waitersSql}), 0) <= ${mostWaiters}`;
}

/** Columns and table of another look at who is still there. Both engines keep an answer for a tenth of a second. */
export const laterTransactionSql = [
  columnsOf({
    trx_id: transactionColumns.trx_id,
    session_id: transactionColumns.session_id,
    requested_lock: transactionColumns.requested_lock,
    age_seconds: transactionColumns.age_seconds,
  }),
  "information_schema.INNODB_TRX",
] as const;

function columnsOf(columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .map(([name, from]) => `${from} AS ${name}`)
    .join(", ");
}

const number = z.coerce.number();
const text = z.union([z.string(), z.number()]).transform(String);

const transactionSchema = z.object({
  trx_id: text,
  trx_state: z.string().nullable().default(null),
  session_id: number,
  rows_modified: number,
  rows_locked: number,
  requested_lock: z.string().nullable(),
  age_seconds: number.nullable(),
  wait_seconds: number.nullable(),
});
export type TransactionRow = z.infer<typeof transactionSchema>;

/** MariaDB's. */
const lockSchema = z.object({
  lock_id: z.string(),
  trx_id: text,
  mode: z.string(),
  table_name: z.string(),
  index_name: z.string().nullable(),
  page: text.nullable(),
  heap: text.nullable(),
});
export type InnodbLockRow = z.infer<typeof lockSchema>;

/** Reads the answer of transactionsSql. Null where too many wait to list them. */
export function readTransactions(
  rows: readonly SqlRow[],
  { engine }: Pick<ServerInfo, "engine">,
): readonly TransactionRow[] | null {
  if (engine === "mariadb" && rows.length === 0) return null;
  return z.array(transactionSchema).parse(rows.filter((row) => row["trx_id"] !== null && !isLock(row)));
}

export function tooManyWait(): SqlError {
  const shut = "InnoDB's lock table would be shut for seconds while they are listed";
  return new SqlError("other", "INNODB_TRX", `more than ${mostWaiters} transactions wait for locks: ${shut}`);
}

export function readInnodbLocks(rows: readonly SqlRow[]): readonly InnodbLockRow[] {
  return z.array(lockSchema).parse(rows.filter(isLock));
}

function isLock({ lock_id }: SqlRow): boolean {
  return typeof lock_id === "string";
}
