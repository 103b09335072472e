import type { SlowCalls } from "../contract/log-excerpt.ts";
import { compare } from "../text/compare.ts";
import { isoTime } from "../text/iso-time.ts";

export interface Call {
  /** Epoch seconds of its end. */
  readonly at: number;
  readonly user: string;
  /** Without its waits for locks. */
  readonly seconds: number;
  readonly locked: number;
  readonly sent: number;
  readonly examined: number;
  readonly query: string;
}

/** What runs now fills the last minutes; what was slow before is over. */
const windowSeconds = 300;
/** RDS begins a new file each hour: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.MySQL.html */
const fileSeconds = 3600;
const leastSpanSeconds = 60;
/** Of a long log the end that is read may be of some seconds, in which nothing is left out. */
const leastReadSeconds = 10;
const mostShown = 3;

/**
 * What the slow log's end is made of: calls that ended within five minutes before the newest. Null where there is none.
 * `truncated`: the file begins before them.
 */
export function slowCalls(all: readonly Call[], truncated: boolean): SlowCalls | null {
  const until = Math.max(...all.map(({ at }) => at));
  const calls = all.filter(({ at }) => until - at <= windowSeconds);
  if (all.length === 0) return null;
  const spanSeconds = spanOf(all, until, truncated);
  const within = ({ at, seconds }: Call): number =>
    Math.min(seconds, Math.max(0, at - (until - spanSeconds)));
  const statements = [...Map.groupBy(calls, ({ query }) => query)]
    .map(([query, of]) => ({
      query,
      calls: of.length,
      seconds: sum(of.map(within)),
      secondsEach: sum(of.map(({ seconds }) => seconds)) / of.length,
      betweenSeconds: betweenEnds(of),
      examined: sum(of.map(({ examined }) => examined)),
      sent: sum(of.map(({ sent }) => sent)),
      user: only(of.map(({ user }) => user)),
    }))
    .toSorted((a, b) => b.seconds - a.seconds || compare(a.query, b.query));
  return {
    until: isoTime(until),
    spanSeconds,
    calls: calls.length,
    seconds: sum(calls.map(within)),
    statements: statements.slice(0, mostShown),
    ...waitsOf(calls, until - spanSeconds),
  };
}

/** Less is a wait like any other. */
const leastLocked = 1;

/** What they waited before `since` is of another span. */
function waitsOf(calls: readonly Call[], since: number): Pick<SlowCalls, "waits"> {
  const within = ({ at, seconds, locked }: Call): number =>
    Math.min(locked, Math.max(0, at - seconds - since));
  const waiting = calls.filter(({ locked }) => locked >= leastLocked);
  const [waits] = [...Map.groupBy(waiting, ({ query }) => query)]
    .map(([query, of]) => ({
      query,
      calls: of.length,
      seconds: sum(of.map(within)),
      betweenSeconds: betweenEnds(of),
      user: only(of.map(({ user }) => user)),
    }))
    .toSorted((a, b) => b.seconds - a.seconds || compare(a.query, b.query));
  return waits === undefined ? {} : { waits };
}

/** Of its long calls: one that was short began no round of its own. */
function betweenEnds(calls: readonly Call[]): number {
  const mean = sum(calls.map(({ seconds }) => seconds)) / calls.length;
  const ends = calls.filter(({ seconds }) => seconds >= mean / 2).map(({ at }) => at);
  return Math.max(...ends) - Math.min(...ends);
}

/** How far back from the newest call all are known. */
function spanOf(calls: readonly Call[], until: number, truncated: boolean): number {
  if (!truncated) return Math.min(windowSeconds, Math.max(leastSpanSeconds, until % fileSeconds));
  const began = Math.min(...calls.map(({ at, seconds, locked }) => at - seconds - locked));
  return Math.min(windowSeconds, Math.max(leastReadSeconds, until - began));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

function only(users: readonly string[]): string | null {
  const [first, ...others] = new Set(users);
  return others.length === 0 ? (first ?? null) : null;
}

interface Headers {
  at: number | null;
  user: string;
  counted: readonly number[] | null;
}

/**
 * Each call's headers, then its statement. MariaDB writes the time only where the second has changed.
 * https://dev.mysql.com/doc/refman/8.4/en/slow-query-log.html
 */
export function callsOf(lines: readonly string[]): readonly Call[] {
  const headers: Headers = { at: null, user: "", counted: null };
  return lines.flatMap((line): readonly Call[] => {
    if (line.startsWith("#")) {
      readHeader(line, headers);
      return [];
    }
    const { at, user, counted } = headers;
    headers.counted = null;
    if (at === null || counted === null) return [];
    const [seconds = 0, locked = 0, sent = 0, examined = 0] = counted;
    const query = line.replace(/^(?:use \S+; ?)?(?:set timestamp ?= ?\?; ?)?/i, "").replace(/;$/, "");
    return [{ at, user, seconds: Math.max(0, seconds - locked), locked, sent, examined, query }];
  });
}

const counts = /^# Query_time: ([\d.]+) +Lock_time: ([\d.]+) +Rows_sent: (\d+) +Rows_examined: (\d+)/;

function readHeader(line: string, headers: Headers): void {
  if (line.startsWith("# Time: ")) headers.at = secondsOf(line.slice(8));
  const user = /^# User@Host: ([^[\s]{1,80})\[/.exec(line);
  if (user !== null) headers.user = user[1] ?? "";
  const counted = counts.exec(line);
  if (counted !== null) headers.counted = counted.slice(1).map(Number);
}

/** "2026-11-30T02:02:50.044204Z" of MySQL, "261130  2:02:50" of MariaDB. */
function secondsOf(text: string): number | null {
  const [, year, month, day, hour = "", rest] = /^(\d\d)(\d\d)(\d\d) +(\d{1,2}):(\d\d:\d\d)/.exec(text) ?? [];
  const iso =
    year === undefined ? text.trim() : `20${year}-${month}-${day}T${hour.padStart(2, "0")}:${rest}Z`;
  const at = Date.parse(iso);
  return Number.isNaN(at) ? null : at / 1000;
}
