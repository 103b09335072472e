import type { LogRecord } from "./log-lines.ts";
import { anyLevel, detailOf, few, isOld, type LogTrouble, once, trouble } from "./log-trouble.ts";
import { metricFact } from "./metric-facts.ts";

const any = { levels: anyLevel };
const freeze = "end what is oldest (transaction, slot), then VACUUM FREEZE";
/** As autovacuum_freeze_max_age is by default: what keeps none older has let go of them since. */
const youngIds = 200e6;
const nearSeconds = 60;
const freshSeconds = 6 * 60;
const grave = { ...any, severity: "P1" } as const;

const notifyFull =
  "The queue of NOTIFY is full, and commits that notify fail; end who keeps it, the DETAIL's PID";

const noRoom = /^could not (?!resize)(?!.*(?:pgsql_tmp|temporary file)).*: No space left on device/;

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
    /^multixact "[^"]*" limit exceeded/,
    `Shared row locks are refused, the members of multixacts used up; ${freeze}`,
    { severity: "P0" },
  ),
  trouble(
    once,
    "wraparound-risk",
    /^database is not accepting commands/,
    `Writes are refused, transaction numbers used up; ${freeze}`,
    { severity: "P0" },
  ),
  trouble(
    once,
    "wraparound-risk",
    /^(?:database (?:"[^"]*"|with (?:OID \S+|\?)) must be vacuumed|some databases have not been vacuumed|bypassing nonessential maintenance)/,
    `Transaction numbers run out; ${freeze}`,
    { levels: ["WARNING", "ERROR"], severity: "P1" },
  ),
  // Older than autovacuum_freeze_max_age, and far from the end.
  trouble(
    once,
    "wraparound-risk",
    /^(?:oldest (?:xmin|multixact)|cutoff for [a-z ]{1,60}) is far in the past/,
    `What is old is kept from being frozen; ${freeze}`,
    {
      levels: ["WARNING", "ERROR"],
      unless: (view) => (metricFact(view, "MaximumUsedTransactionIDs")?.latest ?? youngIds) < youngIds,
    },
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
    { ...grave, ofClients: true, ends: /^database system is ready to accept/, unless: isOld, yields: true },
  ),
  trouble(once, "storage-low", noRoom, "The volume has no room; more storage, or what fills it", {
    severity: "P1",
    unless: (view, { agoSeconds }) =>
      agoSeconds > freshSeconds && metricFact(view, "FreeStorageSpace") !== null,
  }),
  trouble(once, "storage-low", noRoom, "The volume had no room; more storage, or what fills it"),
  trouble(
    few,
    "memory-pressure",
    /^(?:out of memory|could not (?:fork .*Cannot allocate memory|resize shared memory))/,
    "Memory is refused; fewer connections, less work_mem, a larger class",
    any,
  ),
  trouble(
    once,
    "instance-limit-reached",
    /^NOTIFY queue is (?:9\d|100)% full/,
    "The queue of NOTIFY is all but full: then commits that notify fail; end who keeps it, the DETAIL's PID",
    { ...grave, unless: isOld },
  ),
  trouble(few, "instance-limit-reached", /^too many notifications in the NOTIFY queue/, notifyFull, grave),
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
    /^(?:could not receive data from WAL stream: .{0,10}requested WAL|requested WAL segment)/,
    "It receives nothing from its source; where WAL is gone, a new replica",
    { ...grave, reader: true, unless: isOld },
  ),
  trouble(
    few,
    "replication-stopped",
    /^(?:could not (?:connect to the primary|receive data from WAL)|terminating walreceiver)/,
    "It receives nothing from its source; its source, the way there",
    {
      ...grave,
      reader: true,
      ends: /^started streaming WAL/,
      unless: (view, seen) =>
        isOld(view, seen) || (metricFact(view, "ReplicaLag")?.latest ?? nearSeconds) < nearSeconds,
    },
  ),
  trouble(
    once,
    "replication-stopped",
    /^(?:hot standby is not possible|recovery aborted because of insufficient parameter settings)/,
    "Replay has paused: a setting is lower than the source's; set it alike, then restart",
    { ...grave, ofServer: true, stands: true, ends: /^database system is ready/ },
  ),
  trouble(
    once,
    "replication-stopped",
    /^subscription "[^"]*" has been disabled/,
    "Replication stopped",
    grave,
  ),
  trouble(
    { least: 3, lasting: 120 },
    "replication-stopped",
    /^(?!canceling |deadlock )/,
    "A subscription does not get on; the row or table as its publisher has it, or ALTER SUBSCRIPTION … SKIP",
    { reader: false, ofServer: true, when: isOfSubscription },
  ),
  trouble(
    once,
    "logical-decoding-behind",
    /^(?:can no longer (?:get changes from|access)|invalidating obsolete) replication slot/,
    "A slot is lost with its WAL; a new slot and snapshot",
    grave,
  ),
  trouble(
    { least: 10, lasting: 180 },
    "logical-decoding-behind",
    /^(?:replication slot "[^"]*" (?:is active|does not exist)|all replication slots|logical \S+ requires|requested WAL)/,
    "A consumer of changes does not get them; its slot, max_replication_slots",
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
    /^(?:logical replication target|could not (?:connect to the publisher|(?:receive data from|start) WAL stream))/.test(
      record.text,
    )
  );
}
