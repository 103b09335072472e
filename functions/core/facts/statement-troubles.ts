import type { LogRecord } from "./log-lines.ts";
import { anyLevel, detailOf, few, flood, type LogTrouble, often, steady, trouble } from "./log-trouble.ts";
import { writesFell } from "./write-stall.ts";

const any = { levels: anyLevel };

/**
 * What clients come upon, by what it comes from: the surest first.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 * https://www.postgresql.org/docs/current/runtime-config-client.html
 * https://www.pgbouncer.org/config.html#max_prepared_statements
 */
export const statementTroubles: readonly LogTrouble[] = [
  trouble(
    { perMinute: 10 },
    "too-many-connections",
    /^(?:sorry, too many clients|remaining connection slots)/,
    "Clients are refused for want of a slot; smaller pools",
  ),
  trouble(
    flood,
    "auth-failures",
    /^(?:pg_hba\.conf rejects|database "[^"]*" (?:does|is) not |permission denied for database|expected SASL|canceling authentication)/,
    "Clients do not get in; a database's name, CONNECT, an old driver, a busy server",
    any,
  ),
  trouble(
    few,
    "key-exhausted",
    /^nextval: reached m(?:ax|in)imum value of sequence "/,
    "A sequence has ended, and INSERTs fail; negative numbers for a time (INCREMENT -1 MINVALUE -2147483648 RESTART -1), then bigint",
    { severity: "P1" },
  ),
  trouble(
    steady,
    "key-exhausted",
    /^duplicate key value violates unique constraint "(?!(?:\w*_)?(?:lock|leader|lease|mutex)s?_)[^"]*_pkey"/i,
    "A sequence is behind its table; setval to the largest value",
    { when: wasGiven },
  ),
  trouble(
    steady,
    "key-exhausted",
    /^(?:integer|smallint) out of range/,
    "A column is too small; where it is a key's, bigint, also where it is referred to",
    { when: (record) => /^insert\b/i.test(detailOf(record, "STATEMENT")) },
  ),
  trouble(
    flood,
    "database-read-only",
    /^cannot execute [A-Z ]{2,40} in a read-only transaction/,
    "Writes are refused; new connections after a failover, default_transaction_read_only",
    { severity: "P1", reader: false, unless: (view) => !writesFell(view) },
  ),
  trouble(
    flood,
    "database-read-only",
    /^cannot execute [A-Z ]{2,40} in a read-only transaction/,
    "Writes of % are refused; new connections after a failover, read-only transactions, default_transaction_read_only",
    { reader: false },
  ),
  storm(
    /^cannot execute [A-Z ]{2,40} (?:in a read-only|during recovery)/,
    "Clients write at a reader; the writer's address, new connections",
    { reader: true },
  ),
  storm(
    /^prepared statement "[^"]*" (?:already|does not) exist/,
    "Prepared statements meet other sessions; max_prepared_statements of PgBouncer, or pool by session",
  ),
  storm(/^cached plan must not change/, "A table was altered beneath prepared statements; new connections"),
  storm(
    /^(?:permission denied for (?!database)|must be owner|new row violates row-level|operator does not exist|there is no unique or |could not (?:access file|load library))/,
    "Something is missing; a GRANT or policy, a cast, a unique index, an extension's library",
  ),
  storm(
    /^could not serialize access due to /,
    "Transactions overlap under SERIALIZABLE or REPEATABLE READ; try them again, or READ COMMITTED",
  ),
  storm(
    /^cannot (?:update|delete from) table "[^"]*" because it does not have a replica identity/,
    "A publication refuses changes of a table without a key; a primary key, or REPLICA IDENTITY FULL",
  ),
  storm(/^no partition of relation "/, "Rows find no partition; create it, from now on ahead", few),
  storm(
    /^could not (?:connect to server|\S+ connection$)/,
    "The server of foreign tables or dblink is out of reach",
    few,
  ),
  storm(
    /^canceling statement due to (?:statement timeout|user request|lock timeout)/,
    "Statements are cut off; why they are slow, or who has the lock",
    often,
  ),
  trouble(
    often,
    "idle-in-transaction-pileup",
    /^terminating connection due to idle-in-transaction/,
    "Sessions idle in transactions are ended",
  ),
  storm(
    /^terminating connection due to (?:transaction timeout|administrator)/,
    "Sessions are ended; transaction_timeout, or somebody",
    often,
  ),
  storm(
    /^(?:unexpected EOF on client connection with an open|could not send data to client|connection to client lost)/,
    "Clients go away in the midst of work; killed pods, time-outs, a proxy",
    { levels: ["LOG", "FATAL"], alone: true },
  ),
  // What is surely ordinary, a row that is taken, and what others tell better.
  storm(
    /^(?!could not obtain lock|deadlock|canceling |pg_stat|column )/,
    "Statements fail; what was released since",
    { levels: ["ERROR"], alone: true },
  ),
];

function storm(says: RegExp, means: string, more: Partial<LogTrouble> = {}): LogTrouble {
  return { ...trouble(flood, "error-storm", says, means), ...more };
}

/** The INSERT has no value for the column that is there already: the server gave one, by its default. */
function wasGiven(record: LogRecord): boolean {
  const [, key] = /^Key \("?([\w$]+)"?\)=/.exec(detailOf(record, "DETAIL")) ?? [];
  const [, columns] = /^insert into [\w$".]{1,130} ?\(([^)]*)\)/i.exec(detailOf(record, "STATEMENT")) ?? [];
  const named = columns?.toLowerCase().split(/[\s",]+/);
  return key !== undefined && named !== undefined && !named.includes(key.toLowerCase());
}
