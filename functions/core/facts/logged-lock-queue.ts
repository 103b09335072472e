import { compare } from "../text/compare.ts";
import { isSaid, type LogRecord, type LogWords, logRecords } from "./log-lines.ts";
import type { View } from "./view.ts";

/**
 * Once for each wait that lasts longer than deadlock_timeout, with log_lock_waits (on by default from PostgreSQL 18).
 * https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LOCK-WAITS
 */
export const tableLockWait: LogWords = {
  levels: ["LOG"],
  says: /^process (\d{1,10}) still waiting for ((?:Access)?ExclusiveLock|ShareRowExclusiveLock|ShareLock|AccessShareLock|RowShareLock|RowExclusiveLock|ShareUpdateExclusiveLock) on relation /,
};

/** In its way stands whoever reads, or whoever writes, rows: everybody who comes after it has to wait as well. */
const strong = /^(?:(?:Access)?ExclusiveLock|ShareRowExclusiveLock|ShareLock)$/;

const queueDetail = /^Process(?:es)? holding the lock: ([\d, ]+)\. Wait queue: ([\d, ]+)\.$/;

/** A request for a whole table, and who waits behind it, by the log alone. */
export interface LoggedLockQueue {
  readonly process: string;
  readonly user: string | null;
  /** Without values; null where it was not logged. */
  readonly statement: string | null;
  readonly waitedSeconds: number;
  /** Processes that had the lock when it began to wait. */
  readonly holders: readonly string[];
  readonly behind: number;
  /** There may be more of them: of a long log some lines are left out. */
  readonly inPart: boolean;
  /** What those behind want to do, most frequent first. */
  readonly statementsBehind: readonly string[];
}

export interface LoggedWait {
  readonly record: LogRecord;
  /** What the words catch second: the lock's mode, or what is waited for. */
  readonly mode: string;
  readonly holders: readonly string[];
  readonly queue: readonly string[];
}

/** Those behind have come within this: an older queue is the last hour's. */
const recentSeconds = 15 * 60;

/** The request that most wait behind; null where none stands. A process that has said anything since waits no more. */
export function loggedLockQueue({ evidence }: View): LoggedLockQueue | null {
  if (evidence.target.engine !== "postgres") return null;
  const now = Date.parse(evidence.collectedAt) / 1000;
  const waits = loggedWaits(evidence, tableLockWait);
  const recent = waits.filter(({ record: { at } }) => at <= now + 60 && now - at <= recentSeconds);
  const [first] = waits
    .filter(({ mode }) => strong.test(mode))
    .map((pivot) => ({ pivot, behind: recent.filter((wait) => isBehind(wait, pivot)) }))
    .toSorted((a, b) => b.behind.length - a.behind.length || a.pivot.record.at - b.pivot.record.at);
  if (first === undefined || first.behind.length === 0) return null;
  const { pivot, behind } = first;
  return {
    process: pivot.record.process ?? "",
    user: pivot.record.client?.user ?? null,
    statement: statementOf(pivot.record),
    waitedSeconds: Math.max(0, now - pivot.record.at),
    holders: pivot.holders,
    behind: behind.length,
    inPart: isInPart(evidence),
    statementsBehind: mostFrequent(behind.flatMap(({ record }) => statementOf(record) ?? [])),
  };
}

/** Who waits by its own last word: who has said anything since waits no more. */
export function loggedWaits(evidence: View["evidence"], words: LogWords): readonly LoggedWait[] {
  const newest = new Map(logRecords(evidence).map((record) => [record.process, record]));
  return [...newest.values()].flatMap((record) => waitOf(record, words) ?? []);
}

/** Of a long log some lines are left out. */
export function isInPart({ context }: View["evidence"]): boolean {
  return (context?.logs ?? []).some(({ kind, truncated }) => kind === "error" && truncated);
}

function waitOf(record: LogRecord, words: LogWords): LoggedWait | null {
  const [, process, mode] = isSaid(record, words) ? (words.says.exec(record.text) ?? []) : [];
  if (process === undefined || mode === undefined || process !== record.process) return null;
  const detail = record.details.find(({ level }) => level === "DETAIL")?.text ?? "";
  const [, holders = "", queue = ""] = queueDetail.exec(detail) ?? [];
  return { record, mode, holders: numbersIn(holders), queue: numbersIn(queue) };
}

/** Whoever came later finds it in the queue before itself. */
function isBehind({ record, queue }: LoggedWait, { record: { process } }: LoggedWait): boolean {
  const place = queue.indexOf(process ?? "");
  return place !== -1 && record.process !== process && place < queue.indexOf(record.process ?? "");
}

const numbersIn = (text: string): readonly string[] => text.match(/\d+/g) ?? [];

export function statementOf({ details }: LogRecord): string | null {
  return details.find(({ level }) => level === "STATEMENT")?.text ?? null;
}

export function mostFrequent(texts: readonly string[]): readonly string[] {
  return [...Map.groupBy(texts, (text) => text)]
    .toSorted(([a, first], [b, second]) => second.length - first.length || compare(a, b))
    .map(([text]) => text);
}
