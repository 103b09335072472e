import { vcpusOfTarget } from "./rds-facts.ts";
import type { View } from "./view.ts";

export const slowLog = "slow log";

/** What one statement takes of the slow log's newest calls. */
export interface SlowStatement {
  /** Without its literals. */
  readonly query: string;
  readonly calls: number;
  /** Of all calls that are there. */
  readonly of: number;
  /** Of the time of all of them. */
  readonly percent: number;
  /** Sessions at a time, between the first call's beginning and the last one's end. */
  readonly sessions: number;
  readonly secondsEach: number;
  readonly examinedEach: number;
  readonly sentEach: number;
  readonly user: string | null;
}

interface Call {
  /** Epoch seconds of its end. */
  readonly at: number;
  readonly user: string;
  readonly seconds: number;
  readonly lockSeconds: number;
  readonly sent: number;
  readonly examined: number;
  readonly query: string;
}

const maxAgeSeconds = 15 * 60;
/** Its newest call is no older: what was slow before that is over. */
const freshSeconds = 3 * 60;
/**
 * Of a CPU, for each row that is looked at: who looks at few is slow since it gets no CPU, and takes none. Within a factor
 * of some three, by rows a second of full scans.
 */
const secondsPerRow = 2e-6;
/** Fewer are anybody's. */
const fewestCalls = 3;
/** Sessions for each vCPU: less does not fill them. */
const leastPerCpu = 0.5;

/**
 * The statement that takes most of what the slow log has of the last minutes, where so many calls at a time keep half of
 * the CPUs busy; null where it is off, old, or has a few slow ones now and then, as any day. Who waited for locks did no work.
 * https://dev.mysql.com/doc/refman/8.4/en/slow-query-log.html
 */
export function slowStatement(view: View): SlowStatement | null {
  const vcpus = vcpusOfTarget(view);
  const calls = callsIn(view);
  const [first] = [...Map.groupBy(calls, ({ query }) => query).values()].toSorted(
    (a, b) => timeOf(b) - timeOf(a),
  );
  if (vcpus === null || first === undefined || first.length < fewestCalls) return null;
  const now = Date.parse(view.evidence.collectedAt) / 1000;
  if (now - Math.max(...first.map(({ at }) => at)) > freshSeconds) return null;
  // Of a long log the newest calls are kept: they may all be of some seconds.
  const began = Math.min(...calls.map(({ at, seconds }) => at - seconds));
  const spanSeconds = Math.max(1, Math.max(...calls.map(({ at }) => at)) - began);
  const sessions = timeOf(first) / spanSeconds;
  const rows = first.reduce((sum, { examined }) => sum + examined, 0) / spanSeconds;
  if (Math.min(sessions, rows * secondsPerRow) < leastPerCpu * vcpus) return null;
  const mean = (of: (call: Call) => number): number =>
    first.reduce((sum, one) => sum + of(one), 0) / first.length;
  const users = new Set(first.map(({ user }) => user));
  return {
    query: first[0]?.query ?? "",
    calls: first.length,
    of: calls.length,
    percent: (100 * timeOf(first)) / timeOf(calls),
    sessions,
    secondsEach: mean(({ seconds }) => seconds),
    examinedEach: mean(({ examined }) => examined),
    sentEach: mean(({ sent }) => sent),
    user: users.size === 1 ? (first[0]?.user ?? null) : null,
  };
}

function timeOf(calls: readonly Call[]): number {
  return calls.reduce((sum, { seconds, lockSeconds }) => sum + Math.max(0, seconds - lockSeconds), 0);
}

function callsIn({ evidence: { context, collectedAt } }: View): readonly Call[] {
  const now = Date.parse(collectedAt) / 1000;
  return (context?.logs ?? [])
    .filter(({ kind }) => kind === "slow")
    .flatMap(({ lines }) => callsOf(lines))
    .filter(({ at }) => at <= now + 60 && now - at <= maxAgeSeconds);
}

interface Headers {
  at: number | null;
  user: string;
  counted: readonly number[] | null;
}

/** Each call's headers, then its statement. MariaDB writes the time only where the second has changed. */
function callsOf(lines: readonly string[]): readonly Call[] {
  const headers: Headers = { at: null, user: "", counted: null };
  return lines.flatMap((line): readonly Call[] => {
    if (line.startsWith("#")) {
      readHeader(line, headers);
      return [];
    }
    const { at, user, counted } = headers;
    headers.counted = null;
    if (at === null || counted === null) return [];
    const [seconds = 0, lockSeconds = 0, sent = 0, examined = 0] = counted;
    const query = line.replace(/^(?:use \S+; ?)?(?:set timestamp ?= ?\?; ?)?/i, "").replace(/;$/, "");
    return [{ at, user, seconds, lockSeconds, sent, examined, query }];
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
