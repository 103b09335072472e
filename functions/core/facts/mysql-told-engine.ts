import { lastNumber } from "../text/last-number.ts";
import type { LogWords } from "./log-lines.ts";
import { isLate, isServing, keepsNobodyWaiting, takesWrites } from "./mysql-told-over.ts";
import type { Told } from "./told.ts";

/** Before what an event of the scheduler was answered; its definer is left out where values are. */
const scheduler = "Event Scheduler: (?:\\[[^\\]]*\\]\\.?)?[[`]";
const event = "[\\w$.-]+";
const perhapsScheduled = `(?:${scheduler}${event}[\\]\`] )?`;
/** Of an INT: what is too large for it becomes this number, as a telephone's does. */
const cut = "2147483647' for key '(?!(?:[^']{1,64}\\.)?PRIMARY')";

export const rolledBack: LogWords = {
  levels: ["NOTE", "SYSTEM"],
  says: /^Rollback of non-prepared transactions completed/,
};

/**
 * What statements, the engine and its start come to; in messages of the levels of all that is told.
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 * https://mariadb.com/docs/server/server-usage/storage-engines/innodb/innodb-system-variables
 */
export const engineTold: readonly Told[] = [
  {
    cause: "error-storm",
    says: /^((?:Sort aborted: )?Out of sort memory|Thread stack overrun|The total blob data length)\b/,
    means: "Statements fail: {}",
    mend: "shorter rows, or a larger sort_buffer_size, thread_stack or innodb_redo_log_capacity",
    least: 10,
    mild: true,
  },
  {
    cause: "error-storm",
    says: new RegExp(
      `^${scheduler}(${event})[\\]\`] (?!event execution|Failed to read auto|The M\\w+ server is running)`,
    ),
    levels: ["ERROR"],
    means: "Events of the scheduler fail, {} most often",
    mend: "see its definer and what it runs (SHOW CREATE EVENT)",
    least: 3,
    mild: true,
  },
  {
    cause: "key-exhausted",
    says: new RegExp(
      `^${perhapsScheduled}(?:Failed to read auto-increment value|Duplicate entry '(?!${cut})${lastNumber.source.slice(1, -1)}' for key ('[^']{1,128}'))`,
    ),
    means: "A key has no number left, and INSERTs fail ({})",
    mend: "a wider type (BIGINT UNSIGNED) for it and what refers to it",
    severity: "P1",
    least: 2,
    explains: ["error-storm"],
  },
  {
    cause: "key-exhausted",
    says: new RegExp(`^${perhapsScheduled}Duplicate entry '(?=${cut})2147483647' for key ('[^']{1,128}')`),
    means: "INSERTs fail at 2147483647, the last number of an INT ({})",
    mend: "a wider type, or what writes a number that is too large for it",
    least: 2,
    explains: ["error-storm"],
  },
  {
    cause: "database-read-only",
    says: new RegExp(
      `^${perhapsScheduled}The M\\w+ server is running with the --(?:super-)?read-only option`,
    ),
    means: "Writes are refused: the server only reads (1290)",
    mend: "read_only of its group, or clients at an old writer",
    least: 3,
    isOver: takesWrites,
  },
  {
    cause: "write-stall",
    says: /^(Redo log writer is waiting for a new redo log file|Threads are unable to \S+ space in redo log|Crash recovery is broken due to insufficient innodb_log_file_size|Page cleaner took \d{5,}ms|Difficult to find free blocks in the buffer pool)/,
    means: "InnoDB does not keep up with what is written, which waits: {}",
    mend: "what writes so much; a larger innodb_redo_log_capacity (innodb_log_file_size); IOPS of the volume",
    least: 4,
    mild: true,
  },
  {
    cause: "history-list-growth",
    says: /^No more space left (?:over )?in undo tablespace/,
    means: "Undo has no room left, and writes fail",
    mend: "what keeps purge back: the oldest transaction",
    severity: "P1",
    least: 2,
    isOver: (_, { newestAgeSeconds }) => newestAgeSeconds > 600,
    explains: ["restart-or-crash", "error-storm", "instance-limit-reached"],
  },
  {
    cause: "restart-or-crash",
    says: /^\S{1,12} transaction\(s\) which must be rolled back or cleaned up in total ([1-9]\d{6,}|\d*[M?]) row operations to undo/,
    levels: ["NOTE", "SYSTEM", "ERROR", "WARNING"],
    means: "What a restart broke off is rolled back ({} rows), and keeps its rows meanwhile",
    mend: "nothing but time: another restart begins it anew",
    windowSeconds: 6 * 3600,
    atStart: true,
    endedBy: rolledBack,
    explains: ["hot-row-contention", "blocked-by-running-query", "connections-near-limit"],
  },
  {
    cause: "latch-contention",
    says: /^(?:A long semaphore wait\b|Long wait \(\d+ seconds\) for (\S+))/,
    means: "Threads of InnoDB wait for minutes for a latch ({}); at 10 min the server ends itself",
    mend: "what has it: DDL, purge, the adaptive hash index, or slow storage",
    severity: "P1",
    isOver: isLate,
    explains: ["database-unreachable", "connections-near-limit", "restart-or-crash"],
  },
  {
    cause: "database-unreachable",
    says: /^(?:(unknown variable '[\w.-]*'?|Failed to upgrade server)|Aborting\s*$)/,
    levels: ["ERROR"],
    means: "The server ends itself at its start: {}",
    mend: "such a parameter is set back; see the log before it",
    severity: "P1",
    stands: true,
    isOver: isServing,
  },
  {
    cause: "prepared-transaction-holding-locks",
    says: /^Found (\d+) prepared XA transactions/,
    means:
      "{} prepared XA transactions were found at the start; XA RECOVER tells whether they are still there",
    mend: "XA RECOVER, then XA COMMIT or XA ROLLBACK",
    atStart: true,
    isIdle: keepsNobodyWaiting,
  },
];
