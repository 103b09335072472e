import type { Evidence } from "../contract/evidence.ts";
import { compare } from "../text/compare.ts";
import { belongsToMessage, type LogLine, parseLogLine } from "../text/log-line.ts";
import { mostFrequent } from "../text/most-frequent.ts";
import { isRaisedIn } from "../text/routine-frame.ts";

/** One message of the server, with the lines that belong to it. */
export interface LogRecord extends LogLine {
  /** As it stands in the log. */
  readonly line: string;
  readonly file: string;
  /** PostgreSQL's DETAIL, CONTEXT, STATEMENT … of this message. */
  readonly details: readonly LogLine[];
}

/**
 * What a reader looks for: only in messages of these levels, and in the server's own words, which begin the text. Names,
 * values and statements may stand in every line, and may say anything: `says` has to be anchored.
 */
export interface LogWords {
  readonly levels: readonly string[];
  /** Said by the server's own processes alone: no client has a part in it. */
  readonly ofServer?: boolean;
  /** PostgreSQL: of a client whose names the server does not know yet; no session can say it. */
  readonly beforeSignIn?: boolean;
  /** PostgreSQL: said to a session of this database. */
  readonly database?: string;
  readonly says: RegExp;
}

export interface LogHits {
  readonly count: number;
  /** Between the first and the last of them. */
  readonly spanSeconds: number;
  /** Epoch seconds of each, oldest first. */
  readonly times: readonly number[];
  /** The newest one, as it stands in the log. */
  readonly newest: string;
  readonly newestAgeSeconds: number;
  /** Texts that the pattern's first group caught, most frequent first. */
  readonly caught: readonly { readonly text: string; readonly count: number }[];
}

/** What is older says little about an alarm of now. */
const windowSeconds = 15 * 60;

type LogEvidence = Pick<Evidence, "context" | "target">;

/**
 * Messages of the error logs, oldest first in each. A line that does not begin as the server's do is none, nor one that a
 * client may have written.
 */
export function logRecords(evidence: LogEvidence): readonly LogRecord[] {
  return allRecords(evidence).filter(({ doubted }) => !doubted);
}

/** Those that a client may have written, before its sign-in or in a statement. */
export function doubtedLogRecords(evidence: LogEvidence): readonly LogRecord[] {
  return allRecords(evidence).filter(({ doubted }) => doubted);
}

interface AnyRecord extends LogRecord {
  readonly details: LogLine[];
  /** Or its CONTEXT, which says that it is an application's own. */
  doubted: boolean;
}

function allRecords({ context, target }: LogEvidence): readonly AnyRecord[] {
  return (context?.logs ?? [])
    .filter(({ kind }) => kind === "error")
    .toSorted((a, b) => compare(a.file, b.file))
    .flatMap(({ file, lines, doubted = [] }) => {
      const records: AnyRecord[] = [];
      for (const [at, line] of lines.entries()) {
        const parsed = parseLogLine(line, target.engine);
        if (parsed === null) continue;
        const isDoubted = doubted.includes(at);
        if (!belongsToMessage.test(parsed.level)) {
          records.push({ ...parsed, line, file, details: [], doubted: isDoubted });
          continue;
        }
        const message = records.findLast(({ process }) => process === parsed.process);
        if (!isDoubted) message?.details.push(parsed);
        else if (message !== undefined) message.doubted = true;
      }
      return records;
    });
}

/** Those of the last 15 minutes. */
export function recentLogRecords(
  evidence: Evidence,
  records: readonly LogRecord[] = logRecords(evidence),
): readonly LogRecord[] {
  const now = Date.parse(evidence.collectedAt) / 1000;
  return records.filter(({ at }) => at <= now + 60 && now - at <= windowSeconds);
}

/** Whether the message is what the words say, and said by the server: RAISE of an application may say the same. */
export function isSaid(record: LogRecord, words: LogWords): boolean {
  const { levels, ofServer = false, beforeSignIn = false, database, says } = words;
  return (
    levels.includes(record.level) &&
    (!ofServer || record.client === null) &&
    (!beforeSignIn || record.client === null || record.client.user === "[unknown]") &&
    (database === undefined || record.client?.database === database) &&
    says.test(record.text) &&
    !wasRaised(record)
  );
}

/** In an application's own words: by its CONTEXT, or by its code, of which P0 is the class of PL/pgSQL. */
function wasRaised({ code, details, level }: LogRecord): boolean {
  const context = details.find((detail) => detail.level === "CONTEXT")?.text ?? "";
  return isRaisedIn(context, level) || (code?.startsWith("P0") ?? false);
}

/** Messages of the last 15 minutes that say so. Null when there is none. */
export function recentLogHits(
  evidence: Evidence,
  words: LogWords,
  records: readonly LogRecord[] = logRecords(evidence),
): LogHits | null {
  const now = Date.parse(evidence.collectedAt) / 1000;
  const hits = recentLogRecords(evidence, records)
    .filter((record) => isSaid(record, words))
    .map((record) => ({ ...record, caught: words.says.exec(record.text)?.[1] }))
    .toSorted((a, b) => a.at - b.at || compare(a.line, b.line));
  const [first, newest] = [hits[0], hits.at(-1)];
  if (first === undefined || newest === undefined) return null;
  return {
    count: hits.length,
    times: hits.map(({ at }) => at),
    spanSeconds: newest.at - first.at,
    newest: newest.line,
    newestAgeSeconds: Math.max(0, now - newest.at),
    caught: mostFrequent(hits.flatMap(({ caught }) => (caught === undefined ? [] : [caught]))),
  };
}

/**
 * The most per minute since one of them, over at least one minute: three lines within a second are no rate of 180, and a
 * line of long ago thins no storm of now.
 */
export function perMinute({ times }: LogHits): number {
  const newest = times.at(-1) ?? 0;
  return Math.max(0, ...times.map((at, before) => (times.length - before) / Math.max(1, (newest - at) / 60)));
}
