import { mostFrequent } from "../text/most-frequent.ts";
import { isSaid, type LogRecord, type LogWords, recentLogRecords } from "./log-lines.ts";
import type { View } from "./view.ts";

/** Sessions of which the log tells beginning and end. */
export interface ToldVisits {
  readonly ended: number;
  /** Over all of the log that was read, not over the few lines that are kept. */
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
/** A monitor opens its ten within one second, and none for a minute after it. */
const leastSeconds = 5;

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
  const [most] = mostFrequent(ended.flatMap(({ client }) => client?.user ?? []));
  if (most === undefined || ended.length < few || ended.length < mostGone * begun.length) return null;
  const paces = (evidence.context?.logs ?? []).flatMap(({ read }) =>
    read?.visits === undefined
      ? []
      : [{ ended: read.visits, perSecond: read.visits / Math.max(leastSeconds, read.seconds) }],
  );
  const [fastest] = paces.toSorted((a, b) => b.perSecond - a.perSecond);
  return fastest === undefined ? null : { ...fastest, user: most.text };
}

function isEndOf(end: LogRecord, begin: LogRecord): boolean {
  return end.file === begin.file && end.at >= begin.at && end.at - begin.at <= shortSeconds;
}
