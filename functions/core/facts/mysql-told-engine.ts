import { lastNumber } from "../text/last-number.ts";
import type { Told } from "./told.ts";

/** Before what an event of the scheduler was answered; its definer is left out where values are. */
const scheduled = "Event Scheduler: (?:\\[[^\\]]*\\]\\.?)?[[`]([\\w$.]+)[\\]`] ";

/**
 * What statements, the engine, its replication and its start come to; in messages of the levels of all that is told.
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
    says: new RegExp(`^${scheduled}(?!event execution|Failed to read auto|The M\\w+ server is running)`),
    means: "Event {} fails each time, and its work is not done",
    mend: "see its definer and what it runs (SHOW CREATE EVENT)",
    least: 3,
    mild: true,
  },
  {
    cause: "key-exhausted",
    says: new RegExp(
      `^(?:${scheduled})?(?:Failed to read auto-increment value|Duplicate entry '${lastNumber.source.slice(1, -1)}' for key ('[^']{1,128}'))`,
    ),
    means: "A key has no number left, and INSERTs fail ({})",
    mend: "a wider type (BIGINT UNSIGNED) for it and what refers to it",
    severity: "P1",
    least: 2,
    explains: ["error-storm"],
  },
  {
    cause: "database-read-only",
    says: new RegExp(`^(?:${scheduled})?The M\\w+ server is running with the --(?:super-)?read-only option`),
    means: "Writes are refused: the server only reads (1290)",
    mend: "read_only of its group, or clients at an old writer",
    least: 3,
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
    cause: "latch-contention",
    says: /^(?:A long semaphore wait\b|Long wait \(\d+ seconds\) for (\S+))/,
    means: "Threads of InnoDB wait for minutes for a latch ({}); at 10 min the server ends itself",
    mend: "what has it: DDL, purge, the adaptive hash index, or slow storage",
    severity: "P1",
    explains: ["database-unreachable", "connections-near-limit", "restart-or-crash"],
  },
  {
    cause: "replication-stopped",
    says: /^((?:Replica|Slave) (?:I\/O|SQL)(?! thread).{1,300})/,
    means: "Replication does not go on: {}",
    mend: "what the message names; without the source's binary logs it is built anew",
    severity: "P1",
    stands: true,
    explains: ["replication-lag"],
  },
  {
    cause: "database-unreachable",
    says: /^(?:(unknown variable '[\w-]*'?|Failed to upgrade server)|Aborting\s*$)/,
    means: "The server ends itself at its start: {}",
    mend: "such a parameter is set back; see the log before it",
    severity: "P1",
    stands: true,
  },
  {
    cause: "prepared-transaction-holding-locks",
    says: /^Found (\d+) prepared XA transactions/,
    means: "{} prepared XA transactions were found at the start, and keep rows locked",
    mend: "XA RECOVER, then XA COMMIT or XA ROLLBACK",
    atStart: true,
  },
];
