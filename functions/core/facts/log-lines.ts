import type { Evidence } from "../contract/evidence.ts";
import { compare } from "../text/compare.ts";

export interface LogHits {
  readonly count: number;
  /** Between the first and the last of them. */
  readonly spanSeconds: number;
  /** The newest one, as it stands in the log. */
  readonly newest: string;
  readonly newestAgeSeconds: number;
  /** Texts that the pattern's first group caught, most frequent first. */
  readonly caught: readonly { readonly text: string; readonly count: number }[];
}

/** What is older says little about an alarm of now. */
const windowSeconds = 15 * 60;

/**
 * Lines of the error logs of the last 15 minutes that match. A line without a time is left out: what cannot be dated
 * must not make an incident of something long past. Null when there is none.
 */
export function recentLogHits({ context, collectedAt }: Evidence, pattern: RegExp): LogHits | null {
  const now = Date.parse(collectedAt) / 1000;
  const hits = (context?.logs ?? [])
    .filter(({ kind }) => kind === "error")
    .flatMap(({ lines }) => lines)
    .map((line) => ({ line, at: secondsOf(line), match: pattern.exec(line) }))
    .flatMap(({ line, at, match }) => (match === null || at === null ? [] : [{ line, at, text: match[1] }]))
    .filter(({ at }) => at <= now + 60 && now - at <= windowSeconds)
    .toSorted((a, b) => a.at - b.at || compare(a.line, b.line));
  const [first, newest] = [hits[0], hits.at(-1)];
  if (first === undefined || newest === undefined) return null;
  return {
    count: hits.length,
    spanSeconds: newest.at - first.at,
    newest: newest.line,
    newestAgeSeconds: Math.max(0, now - newest.at),
    caught: caughtIn(hits.flatMap(({ text }) => (text === undefined ? [] : [text]))),
  };
}

function caughtIn(texts: readonly string[]): LogHits["caught"] {
  return [...Map.groupBy(texts, (text) => text)]
    .map(([text, all]) => ({ text, count: all.length }))
    .toSorted((a, b) => b.count - a.count || compare(a.text, b.text));
}

/**
 * Epoch seconds of a line's start. RDS logs in UTC unless log_timezone or time_zone was changed: PostgreSQL
 * `2026-11-21 09:58:01 UTC:…`, MySQL `2026-11-21T09:58:01.123456Z …`, MariaDB `2026-11-21  9:58:01 …`.
 */
function secondsOf(line: string): number | null {
  const [, day, hour, rest] = /^(\d{4}-\d\d-\d\d)[ T]+(\d{1,2})(:\d\d:\d\d)/.exec(line) ?? [];
  if (day === undefined || hour === undefined || rest === undefined) return null;
  const at = Date.parse(`${day}T${hour.padStart(2, "0")}${rest}Z`);
  return Number.isNaN(at) ? null : at / 1000;
}

/** Per minute, over at least one minute: three lines within a second are no rate of 180. */
export function perMinute({ count, spanSeconds }: LogHits): number {
  return count / Math.max(1, spanSeconds / 60);
}
