import type { LogRecord } from "./log-lines.ts";
import { anyLevel, detailOf, few, type LogTrouble, once, trouble } from "./log-trouble.ts";

const any = { levels: anyLevel };
const freeze = "end what is oldest (transaction, slot), then VACUUM FREEZE";
const grave = { ...any, severity: "P1" } as const;

/**
 * What the server cannot do any more, by what it says of it.
 * https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND
 * https://www.postgresql.org/docs/current/logical-replication-conflicts.html
 * https://www.postgresql.org/docs/current/runtime-config-locks.html
 */
export const serverTroubles: readonly LogTrouble[] = [
  trouble(
    once,
    "wraparound-risk",
    /^(?:database is not accepting commands|multixact "[^"]*" limit exceeded)/,
    `Writes are refused, transaction numbers used up; ${freeze}`,
    { severity: "P0" },
  ),
  trouble(
    once,
    "wraparound-risk",
    /^(?:database .{1,140} must be vacuumed|bypassing nonessential maintenance|.{1,60} is far in the past)/,
    `Transaction numbers run out; ${freeze}`,
    grave,
  ),
  trouble(once, "restart-or-crash", /^(?!could not write to )/, "The server ended itself", {
    ...grave,
    levels: ["PANIC"],
  }),
  trouble(
    once,
    "restart-or-crash",
    /^terminating connection because of crash of another/,
    "A process crashed, and all sessions",
    any,
  ),
  trouble(
    few,
    "restart-or-crash",
    /^the database system is /,
    "Clients are refused while it starts, recovers or stops",
    grave,
  ),
  trouble(
    once,
    "storage-low",
    /^could not (?!resize)(?!.*(?:pgsql_tmp|temporary file)).*: No space left on device/,
    "The volume has no room; more storage, or what fills it",
    { severity: "P1" },
  ),
  trouble(
    few,
    "memory-pressure",
    /^(?:out of memory|could not (?:fork .*Cannot allocate memory|resize shared memory))/,
    "Memory is refused; fewer connections, less work_mem, a larger class",
    any,
  ),
  trouble(
    few,
    "instance-limit-reached",
    /^(?:out of (?:shared memory|background worker slots)|maximum number of prepared|could not fork|number of requested standby)/,
    "A limit of the server is reached; its parameter needs a restart (max_locks_per_transaction …)",
    any,
  ),
  trouble(
    few,
    "replication-stopped",
    /^(?:could not (?:connect to the primary|receive data from WAL)|requested WAL segment|terminating walreceiver)/,
    "It receives nothing from its source; where WAL is gone, a new replica",
    { ...grave, reader: true },
  ),
  trouble(
    once,
    "replication-stopped",
    /^(?:hot standby is not possible|subscription "[^"]*" has been disabled)/,
    "Replication stopped",
    grave,
  ),
  trouble(
    few,
    "replication-stopped",
    /^(?!canceling |deadlock )/,
    "A subscription does not get on; the row or table as its publisher has it, or ALTER SUBSCRIPTION … SKIP",
    { ...any, ofServer: true, when: isOfSubscription },
  ),
  trouble(
    once,
    "logical-decoding-behind",
    /^(?:can no longer (?:get changes from|access)|invalidating obsolete) replication slot/,
    "A slot is lost with its WAL; a new slot and snapshot",
    grave,
  ),
  trouble(
    few,
    "logical-decoding-behind",
    /^(?:replication slot "[^"]*" (?:is active|does not exist)|all replication slots|logical \S+ requires|terminating walsender|requested WAL)/,
    "A consumer of changes does not get them; its slot, max_replication_slots, wal_sender_timeout",
    any,
  ),
  trouble(
    few,
    "backup-stale",
    /^archiv(?:e command failed|ing write-ahead log)/,
    "WAL is not archived, and piles up; AWS Support",
    { ...any, ofServer: true },
  ),
];

function isOfSubscription(record: LogRecord): boolean {
  return (
    detailOf(record, "CONTEXT").startsWith("processing remote data ") ||
    /^logical replication target|publisher|WAL stream/.test(record.text)
  );
}
