import { caughtIn, isSaid, type LogRecord, type LogWords, recentLogRecords } from "./log-lines.ts";
import type { View } from "./view.ts";

/** Sessions of which the log tells beginning and end. */
export interface ToldVisits {
  readonly ended: number;
  /** Over at least a second: the log counts in seconds, and its excerpt may begin within one. */
  readonly perSecond: number;
  /** Whose most of them are. */
  readonly user: string;
}

/**
 * With log_connections and log_disconnections PostgreSQL tells of each.
 * https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-CONNECTIONS
 */
export const visitWords = {
  began: { levels: ["LOG"], says: /^connection authorized: / },
  over: { levels: ["LOG"], says: /^disconnection: session time: / },
} as const satisfies Readonly<Record<string, LogWords>>;

const shortSeconds = 2;
/** Of those that signed in; the last of the excerpt have not ended yet. */
const mostGone = 0.7;
const few = 5;

/** Sessions that ended within a moment, by PostgreSQL's log; null where most stay, or it does not tell. */
export function toldVisits({ evidence }: View): ToldVisits | null {
  if (evidence.target.engine !== "postgres") return null;
  const records = recentLogRecords(evidence);
  const begun = records.filter((record) => isSaid(record, visitWords.began));
  const ends = Map.groupBy(
    records.filter((record) => isSaid(record, visitWords.over)),
    ({ process }) => process,
  );
  const ended = begun.filter((one) => (ends.get(one.process) ?? []).some((end) => isEndOf(end, one)));
  const [first, last] = [begun[0], begun.at(-1)];
  const [most] = caughtIn(ended.flatMap(({ client }) => client?.user ?? []));
  if (first === undefined || last === undefined || most === undefined) return null;
  if (ended.length < few || ended.length < mostGone * begun.length) return null;
  return {
    ended: ended.length,
    perSecond: ended.length / Math.max(1, last.at - first.at),
    user: most.text,
  };
}

function isEndOf(end: LogRecord, begin: LogRecord): boolean {
  return end.file === begin.file && end.at >= begin.at && end.at - begin.at <= shortSeconds;
}
