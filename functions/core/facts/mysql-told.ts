import { compare } from "../text/compare.ts";
import { kindOf } from "../text/log-kind.ts";
import { mostFrequent } from "../text/most-frequent.ts";
import { isSaid, type LogRecord, type LogWords, logRecords } from "./log-lines.ts";
import { engineTold } from "./mysql-told-engine.ts";
import { limitsTold } from "./mysql-told-limits.ts";
import { replicationTold } from "./mysql-told-replication.ts";
import { readyAgain } from "./restart-causes.ts";
import type { Told, ToldNow } from "./told.ts";
import type { View } from "./view.ts";

export const toldLevels: readonly string[] = ["ERROR", "WARNING", "NOTE"];

const program = /^[\w./?-]{0,200}(?:mysqld|mariadbd): /;
const usualSeconds = 15 * 60;
/** Clocks differ; what is later still is of another zone, and its age not known. */
const aheadSeconds = 60;

/** What the error log says of itself alone, the worst first; nothing of PostgreSQL. */
export function mysqlToldNow(view: View): readonly ToldNow[] {
  const { collectedAt, target } = view.evidence;
  if (target.engine === "postgres") return [];
  const now = Date.parse(collectedAt) / 1000;
  const records = logRecords(view.evidence).filter(({ at }) => at <= now + aheadSeconds);
  const newestOf = (words: LogWords) =>
    Math.max(0, ...records.map((record) => (isSaid(record, words) ? record.at : 0)));
  const started = newestOf(readyAgain.mysql);
  return [...limitsTold, ...engineTold, ...replicationTold]
    .flatMap((row) => {
      const { says, levels = toldLevels, windowSeconds = usualSeconds } = row;
      // What a start says stands before its end.
      const ended = Math.max(
        row.atStart ? started - usualSeconds : started,
        row.endedBy === undefined ? 0 : newestOf(row.endedBy) + 1,
      );
      const from = Math.max(row.stands ? 0 : now - windowSeconds, ended);
      const hits = records.filter(
        (record) =>
          record.at >= from &&
          isSaid({ ...record, text: record.text.replace(program, "") }, { levels, says }),
      );
      const told = toldOf(view, row, hits, { now, ended });
      return told === null || row.isOver?.(view, told) === true ? [] : [told];
    })
    .toSorted((a, b) => compare(a.severity, b.severity));
}

function toldOf(
  view: View,
  row: Told,
  hits: readonly LogRecord[],
  { now, ended }: Readonly<Record<"now" | "ended", number>>,
): ToldNow | null {
  const [newest] = hits.toSorted((a, b) => b.at - a.at);
  // Of those that began before the end it is not known how many came since.
  const repeats = (view.evidence.context?.logs ?? [])
    .flatMap((log) => log.repeats ?? [])
    .map(({ kind, count, since }) => ({ kind, count, at: Date.parse(since) / 1000 }))
    .filter(({ kind, at }) => at >= ended && hits.some((hit) => kindOf(hit) === kind));
  const count = Math.max(hits.length, ...repeats.map((each) => each.count));
  const since = now - Math.min(...[...hits, ...repeats].map(({ at }) => at));
  const { least = 1, orSeconds = Number.POSITIVE_INFINITY, severity = "P2" } = row;
  if (newest === undefined || (count < least && since < orSeconds)) return null;
  const [most] = mostFrequent(
    hits.flatMap(({ text }) => row.says.exec(text.replace(program, ""))?.slice(1).find(Boolean) ?? []),
  );
  return {
    row,
    severity: row.isIdle?.(view) === true ? "P3" : row.isGrave?.(view) === true ? "P1" : severity,
    count,
    since,
    newestAgeSeconds: Math.max(0, now - newest.at),
    newest: newest.line,
    caught: most?.text ?? null,
  };
}
