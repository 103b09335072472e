import { mostFrequent } from "../text/most-frequent.ts";
import { duration, list, plural } from "../text/wording.ts";
import { capacityOf } from "./capacity.ts";
import { outsideCapacity } from "./connection-limit.ts";
import {
  doubtedLogRecords,
  isSaid,
  type LogRecord,
  type LogWords,
  logRecords,
  recentLogHits,
  recentLogRecords,
} from "./log-lines.ts";
import { beginOf, metricFact, usualHigh } from "./metric-facts.ts";
import { stoodAt } from "./metric-levels.ts";
import { areMore } from "./more-connections.ts";
import type { View } from "./view.ts";

/**
 * What the servers write of a client for which there is no slot. What one role, database or account may have is
 * another limit, and has other words.
 * https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-RESERVED-CONNECTIONS
 * https://dev.mysql.com/doc/refman/8.4/en/too-many-connections.html
 */
export const slotRefusal: Readonly<Record<"postgres" | "mysql", LogWords>> = {
  // An ERROR may be an application's own.
  postgres: {
    levels: ["FATAL"],
    says: /^(?:remaining connection slots are reserved|sorry, too many clients already)/,
  },
  mysql: { levels: ["ERROR", "WARNING", "NOTE"], says: /^Too many connections\s*$/ },
};

/** One that comes too late tells of a slot that is free again by now. */
const stillSeconds = 3 * 60;
const justNowSeconds = 60;
const least = 3;

export interface SlotRefusals {
  readonly says: string;
  /** The last came just now: there is no slot still. */
  readonly goesOn: boolean;
  /** A client may have written them all, and the count of connections does not say so either. */
  readonly doubted: boolean;
}

/** What one role or database may have; the server has room. An ERROR may be an application's own. */
export const ownLimitRefusal: LogWords = {
  levels: ["FATAL"],
  says: /^too many connections for ((?:role|database) ".{1,130}")$/,
};

/** "role "etl"", of whom clients are refused just now though the server has room, most refused first. */
export function ownLimitRefusals(view: View): readonly (SlotRefusals & { readonly whose: string })[] {
  const { evidence } = view;
  if (evidence.target.engine !== "postgres") return [];
  const records = [...logRecords(evidence), ...doubtedLogRecords(evidence)];
  const all = recentLogHits(evidence, ownLimitRefusal, records)?.caught ?? [];
  return all.flatMap(({ text: whose }) => {
    const refusals = refusalsOf(view, ownLimitRefusal, ({ text }) => text.endsWith(whose));
    return refusals === null ? [] : [{ whose, ...refusals }];
  });
}

/**
 * "12 refusals in the log within 4 min, the last 20 s ago": clients that were refused for want of a slot just now. Null
 * where none were, or a look inside finds room.
 */
export function slotRefusals(view: View): SlotRefusals | null {
  const family = view.evidence.target.engine === "postgres" ? "postgres" : "mysql";
  const refusals = refusalsOf(view, slotRefusal[family]);
  return capacityOf(view)?.level === "ok" ? null : refusals;
}

/** One that nobody doubts proves the others. */
function refusalsOf(
  view: View,
  words: LogWords,
  isMeant: (record: LogRecord) => boolean = () => true,
): SlotRefusals | null {
  const { evidence } = view;
  const of = (records: readonly LogRecord[]) => recentLogHits(evidence, words, records.filter(isMeant));
  const sure = logRecords(evidence);
  const hits = of([...sure, ...doubtedLogRecords(evidence)]);
  if (hits === null || hits.count < least || hits.newestAgeSeconds > stillSeconds) return null;
  const span = duration(Math.max(60, hits.spanSeconds));
  const says = `${plural(hits.count, "refusal")} in the log within ${span}${whoseText(evidence, words, isMeant)}, the last ${duration(hits.newestAgeSeconds)} ago`;
  const doubted = of(sure) === null && !looksFull(view);
  return { says, goesOn: hits.newestAgeSeconds <= justNowSeconds, doubted };
}

/** " (api 38, jobs 4)": as whom they came, which is theirs to choose; empty where the log has no names. */
function whoseText(
  evidence: View["evidence"],
  words: LogWords,
  isMeant: (record: LogRecord) => boolean,
): string {
  const users = recentLogRecords(evidence, [...logRecords(evidence), ...doubtedLogRecords(evidence)])
    .filter((record) => isMeant(record) && isSaid(record, words))
    .flatMap(({ client }) => (client === null || client.user === "[unknown]" ? [] : [client.user]));
  const most = mostFrequent(users)
    .slice(0, 3)
    .map(({ text, count }) => `${text} ${count}`);
  return most.length === 0 ? "" : ` (${list(most)})`;
}

/** A limit holds what comes at one level: so little apart for some minutes, at the highest, and climbed to from below. */
const hasClimbed = 1.3;
const levelMinutes = 4;
/** A ramp of a morning takes longer. */
const climbMinutes = 75;
const levelShare = 0.03;
const fewApart = 2;

/** By CloudWatch's count: near the limit, or at a level that it has climbed to, and more than as a rule. */
function looksFull(view: View): boolean {
  const fact = metricFact(view, "DatabaseConnections");
  const { used = 0, limit = null } = outsideCapacity(view) ?? {};
  const isNear = limit !== null && (100 * used) / limit >= view.thresholds.connectionsWarnPercent;
  if (isNear || fact === null) return isNear;
  const last = fact.points.slice(-levelMinutes).map(({ value }) => value);
  const lowest = last.length < levelMinutes ? 0 : Math.min(...last);
  const isLevel = lowest >= fact.peak - Math.max(fewApart, levelShare * fact.peak);
  const since = beginOf(fact, (value) => value >= lowest).at;
  const minutes = climbMinutes + (Date.parse(fact.at) - since) / 60_000;
  const from = Math.min(stoodAt(fact, minutes), usualHigh(fact) ?? 0);
  return isLevel && areMore(view) && lowest >= hasClimbed * from;
}
