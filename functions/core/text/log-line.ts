import type { SqlDialect } from "./lex-sql.ts";

/** A line of an error log in its parts. What the server says begins with `text`; all before it may hold names of clients. */
export interface LogLine {
  /** Time, client, process and level, as they stand before the text. */
  readonly head: string;
  /** Epoch seconds, read as UTC. */
  readonly at: number;
  /** In capitals: LOG, ERROR, DETAIL, NOTE …; as it stands where lc_messages is another language; "" where there is none. */
  readonly level: string;
  /** SQLSTATE, where log_error_verbosity or the prefix shows it. */
  readonly code: string | null;
  readonly text: string;
  /** Null: a process of the server itself, as the postmaster; always null on MySQL and MariaDB. */
  readonly client: { readonly user: string; readonly database: string } | null;
  readonly process: string | null;
}

/** Levels of PostgreSQL whose lines belong to the message before them, of the same process. */
export const belongsToMessage = /^(?:DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION|BACKTRACE)$/;

/** Null where a line does not begin as the server begins its lines, or could be read in two ways. */
export function parseLogLine(line: string, dialect: SqlDialect): LogLine | null {
  return dialect === "postgres" ? postgresLine(line) : mysqlLine(line);
}

export const day = String.raw`\d{4}-\d\d-\d\d`;
export const hour = String.raw`\d{1,2}:\d\d:\d\d(?:\.\d{1,9})?`;
export const zone = String.raw`[\w+/-]{1,40}`;
const postgresTime = new RegExp(String.raw`^${day} ${hour} ${zone}(?::|\s)`);
/**
 * The two prefixes that RDS offers: `%t:%r:%u@%d:[%p]:` and `%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a`. Whoever asks for
 * a connection chooses %u, %d and %a, without any password; %r is the server's, and empty for its own processes.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.overview.parameter-groups.html
 */
const host = String.raw`(?:[\w.:%-]{1,255}\(\d{1,5}\)|\[local\])?`;
const session = String.raw`(?:\d+:(\w{5}):${day} ${hour} ${zone}:[\d/]*:\d*:[\da-f.]*:)?`;
export const postgresHead = new RegExp(
  String.raw`^(${day} ${hour}) ${zone}:(${host}):([^\n]{0,200}?)@([^:@\n]{0,200}):\[(\d{1,10})\]:${session}`,
);
const levels =
  "DEBUG[1-5]?|INFO|NOTICE|LOG|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION|BACKTRACE";
/**
 * The name of an application stands before it, and may hold colons ("puma: cluster worker 0"): 63 bytes at most, of
 * which what is not ASCII shows as \\xNN.
 */
const longestApplication = 63;
const shownByte = /\\x[\da-f]{2}/g;
const knownLevel = new RegExp(`(${levels}) ?:(?=\\s|$)`, "g");
/** Of a message, behind which the server writes two blanks. */
const isMessage = /^(?:DEBUG[1-5]?|INFO|NOTICE|LOG|WARNING|ERROR|FATAL|PANIC)$/;
/** lc_messages is another language. */
const otherLevel = /^([^:\n]{1,100}?) ?:/;
/** With log_error_verbosity = verbose the code stands before the text. */
const codeFirst = /^(?=[A-Z]*\d)([0-9A-Z]{5}):\s+/;

function postgresLine(line: string): LogLine | null {
  const found = postgresHead.exec(line);
  if (found === null) return null;
  const [prefix, time = "", from = "", user = "", database = "", process = "", ofPrefix] = found;
  // Only the server's own processes are of no host, and have no names either.
  if ((from === "") !== (user === "")) return null;
  const behind = line.slice(prefix.length);
  const said = levelIn(behind, ofPrefix !== undefined && user !== "");
  if (said === null) return null;
  const rest = behind.slice(said.end).trimStart();
  // A name that looks like the end of a prefix stands before the true one: which is which cannot be told.
  if (/:\[\d+\]:/.test(rest)) return null;
  const [before = "", shown = null] = codeFirst.exec(rest) ?? [];
  return {
    head: line.slice(0, prefix.length + said.end),
    at: secondsOf(time) ?? 0,
    level: said.level,
    code: ofPrefix ?? shown,
    text: rest.slice(before.length),
    client: from === "" && user === "" && database === "" ? null : { user, database },
    process,
  };
}

/**
 * The level at the beginning, or behind the name of an application, and where it ends. Null where there are two, as such
 * a name may look like the level behind it.
 */
function levelIn(
  text: string,
  ofApplication: boolean,
): { readonly level: string; readonly end: number } | null {
  const start = text.slice(0, 4 * longestApplication);
  const bytes = (start.match(shownByte) ?? []).length;
  const last = ofApplication ? longestApplication + 3 * bytes : 0;
  const [first, second] = [...start.matchAll(knownLevel)].filter(({ index }) => index <= last);
  if (second !== undefined) return null;
  if (first !== undefined) return { level: first[1] ?? "", end: first.index + first[0].length };
  const [all = "", word = ""] = otherLevel.exec(text) ?? [];
  const isOne = ofApplication ? word !== "" : /^\p{L}+$/u.test(word) && !isMessage.test(word);
  return isOne ? { level: word, end: all.length } : null;
}

/** Whether a line of PostgreSQL begins a record; what does not, goes on with the one before. */
export function beginsRecord(line: string): boolean {
  return postgresTime.test(line);
}

/**
 * `2026-11-21T09:58:01.123456Z 12 [ERROR] [MY-010584] [Repl] …`, `2026-11-21  9:58:01 12 [ERROR] …`; of a crash
 * `2026-11-21T09:58:01Z UTC - mysqld got signal 11 ;` and `261121  9:58:01 [ERROR] mariadbd got signal 11 ;`.
 * https://dev.mysql.com/doc/refman/8.4/en/error-log-format.html
 */
const mysqlHead = new RegExp(
  String.raw`^(${day}[ T]+${hour}|\d{6} +${hour})(?:Z|[+-]\d\d:\d\d)?\s+(?:(\d+|0x[\da-f]+)\s+)?(?:\[(\w+)\]\s*)?(?:\[MY-\d+\]\s*)?(?:\[\w+\]\s*)?(?:InnoDB:\s+)?`,
);

function mysqlLine(line: string): LogLine | null {
  const found = mysqlHead.exec(line);
  if (found === null) return null;
  const [head, time = "", thread = null, level = ""] = found;
  const at = secondsOf(time);
  if (at === null) return null;
  return {
    head,
    at,
    level: level.toUpperCase(),
    code: null,
    text: line.slice(head.length),
    client: null,
    process: thread,
  };
}

/** RDS logs in UTC unless log_timezone or time_zone was changed. */
function secondsOf(time: string): number | null {
  const [, date = "", clock = ""] = /^(\d{6}|\d{4}-\d\d-\d\d)[ T]+(\d{1,2}:\d\d:\d\d)/.exec(time) ?? [];
  const whole = date.length === 6 ? `20${date.replace(/(\d\d)(?=\d)/g, "$1-")}` : date;
  const at = Date.parse(`${whole}T${clock.padStart(8, "0")}Z`);
  return Number.isNaN(at) ? null : at / 1000;
}
