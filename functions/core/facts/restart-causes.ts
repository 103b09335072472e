import type { LogWords } from "./log-lines.ts";

/**
 * What a restart comes from. `announced` ones were asked for, and nobody has to find out why; of what is "unsure" a line of
 * the log tells that a client may have written, and nothing else.
 */
export interface RestartCause {
  readonly is:
    | "lag"
    | "person"
    | "maintenance"
    | "change"
    | "storage"
    | "memory"
    | "host"
    | "crash"
    | "unsure";
  readonly says: string;
  readonly announced: boolean;
}

interface Row {
  /** Of the event's message. */
  readonly pattern: RegExp;
  /** Only events of this category; null: of any. */
  readonly category: string | null;
  readonly cause: Omit<RestartCause, "says">;
  readonly says: string;
  readonly page: string;
}

interface LogCause extends Pick<Row, "cause" | "says" | "page"> {
  readonly postgres: LogWords | null;
  readonly mysql: LogWords | null;
}

const messages = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html";

/** Of events of the category maintenance: it is done now, not offered or announced. */
export const isOwnWork = /^(?!.*(available|schedule)).*(patch|upgrade|maintenance|downtime started)/i;

const tooFarBehind = "Aurora restarted it because it was too far behind the writer or cut off from it";

/** In words of RDS events, the surest first. */
export const eventCauses: readonly Row[] = [
  {
    pattern: /fallen behind the (master|writer) too much|disconnected from (the )?(master|writer)/i,
    category: null,
    cause: { is: "lag", announced: false },
    says: tooFarBehind,
    page: "https://repost.aws/knowledge-center/aurora-read-replica-restart",
  },
  {
    pattern: isOwnWork,
    category: "maintenance",
    cause: { is: "maintenance", announced: true },
    says: "maintenance",
    page: messages,
  },
  {
    pattern: /replace the host/i,
    category: "maintenance",
    cause: { is: "host", announced: true },
    says: "RDS replaced its host, as it had said",
    page: messages,
  },
  {
    pattern: /^promoted read replica/i,
    category: null,
    cause: { is: "change", announced: true },
    says: "it was promoted to an instance of its own",
    page: messages,
  },
  {
    pattern: /modification to database instance class/i,
    category: "configuration change",
    cause: { is: "change", announced: true },
    says: "its class was changed",
    page: messages,
  },
  {
    pattern: /storage-full|storage has been exhausted/i,
    category: null,
    cause: { is: "storage", announced: false },
    says: "its storage was full, and RDS shut it down",
    page: messages,
  },
  {
    pattern: /critically low (on )?memory|low on memory/i,
    category: null,
    cause: { is: "memory", announced: false },
    says: "memory was critically low",
    page: messages,
  },
  {
    pattern: /recovery of the db instance has started|^multi-az instance recovery started/i,
    category: "recovery",
    cause: { is: "host", announced: false },
    says: "RDS found it failed and recovered it",
    page: messages,
  },
  {
    pattern: /^error restarting/i,
    category: null,
    cause: { is: "crash", announced: false },
    says: "the engine does not come up",
    page: messages,
  },
];

/** What comes of any crash, and no cause of one. */
export const recovered = "it had not been shut down in order, and recovered from a crash";

/** Who says it: PostgreSQL's own processes, or mysqld; a client's names, errors and statements are in none of these. */
const postgresServer = { levels: ["LOG", "FATAL", "PANIC", "WARNING"], ofServer: true };
const mysqlServer = { levels: ["ERROR", "WARNING", "NOTE", "SYSTEM", ""] };
/**
 * "server process (PID 9)" until PostgreSQL 17, "client backend (PID 9)", "autovacuum worker (PID 9)" since 18.
 * https://github.com/postgres/postgres/blob/master/src/backend/postmaster/postmaster.c (CleanupBackend, LogChildExit)
 */
export const aProcess = String.raw`^(?:background worker ".*"|[A-Za-z ]{1,60}) \(PID \d+\) `;
const endedBy = `${aProcess}was terminated by signal `;

/**
 * Messages of the engine's log. A kernel that has no memory left ends the largest process with signal 9; anything else
 * that ends the engine is a fault of its own.
 */
export const logCauses: readonly LogCause[] = [
  {
    // Whose WAL has no room ends all of it: no client, and no RAISE, makes a PANIC.
    postgres: {
      levels: ["PANIC"],
      says: /^could not write to (?:file "pg_wal\/|log file ).*: No space left on device$/,
    },
    mysql: null,
    cause: { is: "storage", announced: false },
    says: "its storage was full, and the engine stopped itself",
    page: "https://www.postgresql.org/docs/current/disk-full.html",
  },
  {
    postgres: null,
    mysql: { levels: ["ERROR"], says: /^Read Replica has fallen behind the master too / },
    cause: { is: "lag", announced: false },
    says: tooFarBehind,
    page: "https://repost.aws/knowledge-center/aurora-read-replica-restart",
  },
  {
    postgres: null,
    mysql: {
      levels: ["ERROR"],
      says: /^(?:\[FATAL\] )?Semaphore wait has lasted > |^innodb_fatal_semaphore_wait_threshold was exceeded for /,
    },
    cause: { is: "crash", announced: false },
    says: "InnoDB ended the engine itself, as somebody had waited too long for one of its semaphores (10 min as delivered)",
    page: "https://mariadb.com/docs/server/server-usage/storage-engines/innodb/innodb-system-variables",
  },
  {
    // A restart without a crash ends every session with signal 15, which is none of these.
    postgres: { ...postgresServer, says: new RegExp(`${endedBy}9\\b`) },
    mysql: null,
    cause: { is: "memory", announced: false },
    says: "a server process was ended with signal 9, which the kernel does when memory is out",
    page: "https://www.postgresql.org/docs/current/kernel-resources.html#LINUX-MEMORY-OVERCOMMIT",
  },
  {
    postgres: { ...postgresServer, says: new RegExp(`${endedBy}(?!9\\b|15\\b)\\d+`) },
    mysql: {
      ...mysqlServer,
      says: /^(?:UTC - )?(?:[\w./?-]{0,200}\/)?(?:mysqld|mariadbd)(?:-debug)? got signal \d+|^Assertion failure\b/,
    },
    cause: { is: "crash", announced: false },
    says: "the engine crashed",
    page: "https://dev.mysql.com/doc/refman/8.4/en/crashing.html",
  },
  {
    postgres: {
      ...postgresServer,
      says: /^database system was (?:not properly shut down; automatic recovery|interrupted\b)/,
    },
    mysql: { ...mysqlServer, says: /^(?:Starting crash recovery|Database was not shutdown normally)/ },
    cause: { is: "crash", announced: false },
    says: recovered,
    page: "https://www.postgresql.org/docs/current/wal-intro.html",
  },
];

/** After a crash: it serves again. */
export const readyAgain = {
  postgres: { ...postgresServer, says: /^database system is ready to accept (?:read-only )?connections/ },
  mysql: {
    ...mysqlServer,
    says: /^(?:[\w./?-]{0,200}\/)?(?:mysqld|mariadbd)(?:-debug)?: ready for connections\./,
  },
} as const satisfies Record<string, LogWords>;

/** Calls of the API after which an instance restarts at once. */
export const restartCalls = /^(?:Reboot|Stop|Start)DB(?:Instance|Cluster)$/;
