import type { FaultRule } from "../lab/endpoint/fault-proxy.ts";

/** One fault on the wire before a database that is well, and what the command line may say of it. */
export interface WireFault {
  readonly what: string;
  readonly rule: FaultRule;
  /** 3 could not connect, 5 cannot judge; every slot taken is a finding that needs no look inside. */
  readonly exitCodes: readonly number[];
  /** What is said about it. */
  readonly says: RegExp;
}

/** What a word about health rests on (SPEC D7), by the statement that asks it. */
type Questions = Readonly<Record<string, { readonly sql: string; readonly told: RegExp }>>;

export const postgresQuestions: Questions = {
  "whether it is writable": { sql: "pg_is_in_recovery\\(\\) as standby", told: /postgres-server/ },
  // One statement brings connections and sessions.
  "the sessions": { sql: "from pg_stat_activity a\\b", told: /postgres-(sessions|connections)/ },
  "the locks": { sql: "from pg_locks", told: /postgres-blocking/ },
};

export const mariadbQuestions: Questions = {
  "whether it is writable": { sql: "SHOW GLOBAL VARIABLES WHERE", told: /mysql-server/ },
  "the connections": { sql: "information_schema\\.PROCESSLIST", told: /mysql-connections/ },
  "the open transactions": { sql: "INNODB_TRX", told: /mariadb-row-locks/ },
};

interface Dialect {
  readonly timedOut: FaultRule["error"];
  readonly denied: FaultRule["error"];
  readonly tooMany: FaultRule["error"];
  readonly startingUp: FaultRule["error"];
  readonly shutDown: FaultRule["error"];
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const postgresDialect: Dialect = {
  timedOut: { code: "57014", message: "canceling statement due to statement timeout" },
  denied: { code: "42501", message: "permission denied for view" },
  tooMany: { code: "53300", severity: "FATAL", message: "sorry, too many clients already" },
  startingUp: { code: "57P03", severity: "FATAL", message: "the database system is starting up" },
  shutDown: {
    code: "57P01",
    severity: "FATAL",
    message: "terminating connection due to administrator command",
  },
};

/** https://mariadb.com/kb/en/mariadb-error-code-reference/ */
export const mariadbDialect: Dialect = {
  timedOut: {
    errno: 1969,
    code: "70100",
    message: "Query execution was interrupted (max_statement_time exceeded)",
  },
  denied: { errno: 1227, code: "42000", message: "Access denied; you need the PROCESS privilege" },
  tooMany: { errno: 1040, code: "08004", message: "Too many connections" },
  startingUp: { errno: 1129, code: "HY000", message: "Host is blocked because of many connection errors" },
  shutDown: { errno: 1053, code: "08S01", severity: "FATAL", message: "Server shutdown in progress" },
};

const notSeen = [3, 5];

/** What may happen to one question; the connection that is cut takes the questions after it along. */
export function faultsOfQuestions(questions: Questions, dialect: Dialect): WireFault[] {
  const happens: Readonly<Record<string, Omit<FaultRule, "sql">>> = {
    "is never answered": { timeout: true },
    "runs into the server's time limit": { error: dialect.timedOut ?? {} },
    "is denied": { error: dialect.denied ?? {} },
    "is cut off by a reset": { reset: true },
    "is cut off by a shutdown": { error: dialect.shutDown ?? {} },
  };
  return Object.entries(questions).flatMap(([question, { sql, told }]) =>
    Object.entries(happens).map(([what, effect]) => ({
      what: `the question about ${question} ${what}`,
      rule: { sql, ...effect },
      exitCodes: notSeen,
      says: told,
    })),
  );
}

/** Half an answer is none: rows that came before the connection broke must not be taken for all of them. */
export function halfAnswers(questions: Questions, withRows: readonly string[]): WireFault[] {
  return Object.entries(questions)
    .filter(([question]) => withRows.includes(question))
    .map(([question, { sql, told }]) => ({
      what: `the answer about ${question} ends after a row`,
      rule: { sql, partial_rows: 1 },
      exitCodes: notSeen,
      says: told,
    }));
}

export function faultsOfConnecting(dialect: Dialect): WireFault[] {
  const startup = { operation: "startup" };
  return [
    {
      what: "every slot is taken",
      rule: { ...startup, error: dialect.tooMany ?? {} },
      exitCodes: [3],
      says: /Every connection slot is taken/,
    },
    {
      what: "the server refuses everybody",
      rule: { ...startup, error: dialect.startingUp ?? {} },
      exitCodes: [3],
      says: new RegExp(dialect.startingUp?.message ?? ""),
    },
    {
      what: "the server hangs up while somebody signs in",
      rule: { ...startup, reset: true },
      exitCodes: [3],
      says: /cannot be reached/,
    },
    {
      what: "the server says nothing to who signs in",
      rule: { ...startup, timeout: true },
      exitCodes: [3],
      says: /cannot be reached/,
    },
    {
      what: "every statement takes longer than its limit",
      rule: { latency: 4000 },
      exitCodes: notSeen,
      says: /deadline|in time|timed out/,
    },
    {
      what: "every statement takes so long that the time for all of them ends",
      rule: { latency: 1700 },
      exitCodes: notSeen,
      says: /deadline|in time|timed out/,
    },
  ];
}
