import type { CauseId } from "../contract/cause-ids.ts";

/** What the server counts by name, and what it says when it goes on. */
export interface NamedKind {
  readonly cause: CauseId;
  /** Numbers of errors and names of counters. */
  readonly names: readonly (number | string)[];
  readonly means: string;
  readonly mend?: string;
  /**
   * From so many a second on it is a finding by itself. Without: the error of a statement, which is left to who counts
   * what part of its calls fails; by number warnings are counted alike.
   */
  readonly least?: number;
  /** Clients are refused for it as they sign in, who may be counted as refused, or near a limit, as well. */
  readonly ofSignIns?: true;
  /** A statement may be answered so as well. */
  readonly alsoOfStatements?: true;
}

const kind = (
  cause: CauseId,
  least: number,
  names: NamedKind["names"],
  means: string,
  mend?: string,
): NamedKind => ({ cause, least, names, means, ...(mend === undefined ? {} : { mend }) });

const limit = (names: NamedKind["names"], means: string) => kind("instance-limit-reached", 1, names, means);
const atSignIn = (one: NamedKind): NamedKind => ({ ...one, ofSignIns: true });
/** SPEC T has five a minute; who mistypes, a scan and a monitor make no more than some a second. */
const refused = (names: NamedKind["names"], means: string) => kind("auth-failures", 5, names, means);
const either = (names: NamedKind["names"], means: string): NamedKind => ({
  ...refused(names, means),
  alsoOfStatements: true,
});
const lessMemory = "fewer connections, a larger class";
/** Left to what part of the calls fails, as no other witness may tell of it. */
const ofCalls =
  (cause: CauseId) =>
  (names: NamedKind["names"], means: string): NamedKind => ({ cause, names, means });
const noSpace = ofCalls("temporary-space-full");
const fails = ofCalls("error-storm");

/**
 * Of what nobody meets on an ordinary day one in the interval will do.
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 * https://mariadb.com/kb/en/server-status-variables/
 */
export const namedKinds: readonly NamedKind[] = [
  kind("storage-low", 1, [1021, 3675], "the disk is full for writes"),
  kind("key-exhausted", 1, [1467], "AUTO_INCREMENT has no number left", "a wider key (BIGINT UNSIGNED)"),
  kind(
    "data-corruption-suspected",
    1,
    [1194, 1195, 1712, 1812, 1817],
    "a table or index is crashed or corrupt, or its file is missing",
    "CHECK TABLE, a restore",
  ),
  kind("temporary-space-full", 1, [1878], "temporary files cannot be written"),
  noSpace([1026], "a file cannot be written: temporary, binary log, OUTFILE"),
  noSpace([1034], "an index file is full, or wants repair"),
  noSpace([1114], "a table is full: MEMORY at max_heap_table_size, else its space"),
  kind("memory-pressure", 1, [1037], "no memory is left", lessMemory),
  atSignIn(
    kind(
      "memory-pressure",
      1,
      [1041, 1135, "Connection_errors_internal"],
      "no memory or thread is left",
      lessMemory,
    ),
  ),
  kind("database-read-only", 1, [1881], "innodb_force_recovery forbids writes"),
  atSignIn(
    kind(
      "too-many-connections",
      1,
      [1040, "Connection_errors_max_connections"],
      "clients find no slot (max_connections)",
      "smaller pools",
    ),
  ),
  atSignIn(limit([1129], "a host is blocked (max_connect_errors)")),
  atSignIn(limit([1203, 1226], "an account is at its limit (max_user_connections, max_queries_per_hour)")),
  limit([1206], "locks fill the buffer pool (innodb_buffer_pool_size)"),
  limit([1461], "max_prepared_stmt_count is reached"),
  limit([1637], "no undo slot is left"),
  fails([1290, 1836], "an option forbids them, read_only as a rule"),
  // Of these no digest is kept.
  kind("error-storm", 10, [1064], "the syntax is wrong"),
  refused([1045, 1698], "user or password is wrong"),
  either([1044], "no privilege on the database"),
  either([1049], "the database is not there"),
  refused([1130], "no account is for their host"),
  refused([3118], "the account is locked"),
  refused([3955], "the account is locked for wrong passwords"),
  either([1820, 1862], "the password has expired"),
  refused([3159], "they come without TLS (require_secure_transport)"),
  refused([3032], "offline_mode is on"),
  either(["Access_denied_errors"], "a password is wrong, or a privilege missing"),
  fails([1142, 1143, 1227, 1370], "a privilege is missing"),
  fails([1054], "a column is not there"),
  fails([1146], "a table is not there"),
  fails([1062], "a duplicate of a unique key"),
  fails([1451, 1452], "a foreign key forbids it"),
  fails([1048, 1364], "no value, or NULL, for a column without default"),
  fails([1264, 1265, 1406], "a value does not fit its column: too long, or out of range"),
  fails([1292, 1366], "a value is not of the column's type or character set"),
  fails([1205], "no lock within innodb_lock_wait_timeout"),
  fails([1317], "interrupted: KILL, or a client that gave up"),
  fails([3024], "cut off at max_execution_time"),
  fails(["Max_statement_time_exceeded"], "cut off at max_statement_time"),
  fails([1153], "larger than max_allowed_packet"),
  fails([1197], "larger than max_binlog_cache_size"),
  fails([1038], "rows too large for sort_buffer_size"),
  fails([1436], "thread_stack is too small"),
  fails([1412, 1615], "tables are altered, or table_definition_cache is too small"),
  fails([1418, 1419], "log_bin_trust_function_creators is off"),
];
