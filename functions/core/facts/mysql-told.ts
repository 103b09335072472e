import { compare } from "../text/compare.ts";
import { kindOf } from "../text/log-kind.ts";
import { mostFrequent } from "../text/most-frequent.ts";
import { fewerClients } from "./clients-away.ts";
import { isSaid, type LogRecord, type LogWords, logRecords } from "./log-lines.ts";
import { metricFact } from "./metric-facts.ts";
import { engineTold } from "./mysql-told-engine.ts";
import { limitsTold } from "./mysql-told-limits.ts";
import { selfOf } from "./rds-facts.ts";
import { ownReplication } from "./replica-facts.ts";
import { readyAgain } from "./restart-causes.ts";
import type { Told } from "./told.ts";
import type { View } from "./view.ts";

export const toldLevels: readonly string[] = ["ERROR", "WARNING", "NOTE"];

/** Replication goes on, or has connected. */
export const replicatesAgain: LogWords = {
  levels: ["NOTE", "SYSTEM", "WARNING"],
  says: /^(?:Replica|Slave)\b.{0,100}(?:connected to (?:source|master)|SQL thread initialized)/,
};

export interface ToldNow {
  readonly row: Told;
  readonly count: number;
  /** Seconds ago; of those that were not kept, too. */
  readonly since: number;
  readonly newestAgeSeconds: number;
  readonly newest: string;
  /** Null: no name, or one that is not shown. */
  readonly caught: string | null;
}

const program = /^[\w./?-]{0,200}(?:mysqld|mariadbd): /;
const windowSeconds = 15 * 60;

/** What the error log says of itself alone, the worst first; nothing of PostgreSQL. */
export function mysqlToldNow(view: View): readonly ToldNow[] {
  const { collectedAt, target } = view.evidence;
  if (target.engine === "postgres") return [];
  const now = Date.parse(collectedAt) / 1000;
  const records = logRecords(view.evidence);
  const newestOf = (words: LogWords) =>
    Math.max(0, ...records.map((record) => (isSaid(record, words) ? record.at : 0)));
  const started = newestOf(readyAgain.mysql);
  const goesOn = newestOf(replicatesAgain) + 1;
  return [...limitsTold, ...engineTold]
    .flatMap((row) => {
      const { cause, says, atStart = false, stands = false } = row;
      const from = Math.max(
        stands ? 0 : now - windowSeconds,
        atStart ? 0 : started,
        cause === "replication-stopped" ? goesOn : 0,
      );
      const hits = records.filter(
        (record) =>
          record.at >= from &&
          isSaid({ ...record, text: record.text.replace(program, "") }, { levels: toldLevels, says }),
      );
      const told = toldOf(view, row, hits, now);
      return told === null || isOver(view, told) ? [] : [told];
    })
    .toSorted((a, b) => compare(a.row.severity ?? "P2", b.row.severity ?? "P2"));
}

function toldOf({ evidence }: View, row: Told, hits: readonly LogRecord[], now: number): ToldNow | null {
  const [newest] = hits.toSorted((a, b) => b.at - a.at);
  const repeats = (evidence.context?.logs ?? [])
    .flatMap((log) => log.repeats ?? [])
    .filter(({ kind }) => hits.some((hit) => kindOf(hit) === kind));
  const count = Math.max(hits.length, ...repeats.map((each) => each.count));
  if (newest === undefined || count < (row.least ?? 1)) return null;
  const times = [...hits.map(({ at }) => at), ...repeats.map(({ since }) => Date.parse(since) / 1000)];
  const [most] = mostFrequent(
    hits.flatMap(({ text }) => row.says.exec(text.replace(program, ""))?.slice(1).find(Boolean) ?? []),
  );
  return {
    row,
    count,
    since: now - Math.min(...times),
    newestAgeSeconds: Math.max(0, now - newest.at),
    newest: newest.line,
    caught: most?.text ?? null,
  };
}

const lateSeconds = 180;

/** What others see is surer: who follows, that RDS counts its lag, or that clients are in. */
function isOver(view: View, { row: { cause, atStart }, newestAgeSeconds }: ToldNow): boolean {
  const self = selfOf(view);
  // An account that nobody uses is no fault.
  if (cause === "auth-failures" && atStart) return fewerClients(view) === null;
  const isLate = newestAgeSeconds > lateSeconds;
  const latest = (id: string) => metricFact(view, id)?.latest ?? -1;
  if (cause === "database-unreachable")
    return view.evidence.connection.status === "connected" || (latest("DatabaseConnections") > 0 && isLate);
  if (cause === "database-read-only") return self !== null && self.role !== "writer";
  if (cause !== "replication-stopped") return false;
  return ownReplication(view).length > 0 || (latest("ReplicaLag") >= 0 && isLate);
}
