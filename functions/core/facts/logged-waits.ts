import { isSaid, type LogRecord, type LogWords, logRecords } from "./log-lines.ts";
import type { View } from "./view.ts";

/**
 * Said once for each wait that lasts longer than deadlock_timeout, with log_lock_waits (on by default from PostgreSQL 18).
 * https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LOCK-WAITS
 */
export interface LoggedWait {
  readonly record: LogRecord;
  /** What the words catch second: what is waited for. */
  readonly mode: string;
  readonly holders: readonly string[];
}

const queueDetail = /^Process(?:es)? holding the lock: ([\d, ]+)\. Wait queue: /;

/** Who waits by its own last word: who has said anything since waits no more. */
export function loggedWaits(evidence: View["evidence"], words: LogWords): readonly LoggedWait[] {
  const newest = new Map(logRecords(evidence).map((record) => [record.process, record]));
  return [...newest.values()].flatMap((record) => waitOf(record, words) ?? []);
}

function waitOf(record: LogRecord, words: LogWords): LoggedWait | null {
  const [, process, mode] = isSaid(record, words) ? (words.says.exec(record.text) ?? []) : [];
  if (process === undefined || mode === undefined || process !== record.process) return null;
  const detail = record.details.find(({ level }) => level === "DETAIL")?.text ?? "";
  const [, holders = ""] = queueDetail.exec(detail) ?? [];
  return { record, mode, holders: holders.match(/\d+/g) ?? [] };
}

/** Of a long log some lines are left out. */
export function isInPart({ context }: View["evidence"]): boolean {
  return (context?.logs ?? []).some(({ kind, truncated }) => kind === "error" && truncated);
}

export function statementOf({ details }: LogRecord): string | null {
  return details.find(({ level }) => level === "STATEMENT")?.text ?? null;
}
