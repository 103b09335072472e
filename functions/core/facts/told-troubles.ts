import type { Evidence } from "../contract/evidence.ts";
import { postgresDatabaseRatesRows } from "../probes/postgres/database-rates-rows.ts";
import { type LogKind, logKinds } from "../text/log-kinds.ts";
import { isSaid, type LogRecord, recentLogRecords } from "./log-lines.ts";
import type { LogTrouble } from "./log-trouble.ts";
import { serverTroubles } from "./server-troubles.ts";
import { statementTroubles } from "./statement-troubles.ts";
import type { View } from "./view.ts";

export interface ToldTrouble {
  readonly trouble: LogTrouble;
  /** Of the kinds that it is told in, the most frequent first. */
  readonly kinds: readonly LogKind[];
  readonly count: number;
  /** From the first to the last of them. */
  readonly forSeconds: number;
  readonly agoSeconds: number;
  /** The newest that was kept whole. */
  readonly record: LogRecord | null;
}

/** What ended longer ago is no flood of now; a log comes late by a minute or two. */
const floodLateSeconds = 150;
/** A moment's burst is no rate, unless the log was read no further. */
const leastSeconds = 30;
const manyAtOnce = 300;
const fewLateSeconds = 6 * 60;
const windowSeconds = 15 * 60;

/** By PostgreSQL's log alone, the surest first. */
export function toldTroubles({ evidence, rows }: View): readonly ToldTrouble[] {
  const { engine, role } = evidence.target;
  if (engine !== "postgres") return [];
  const records = recentLogRecords(evidence);
  const now = Date.parse(evidence.collectedAt) / 1000;
  let kinds = kindsOf(evidence, records).filter(({ until }) => until >= now - windowSeconds);
  // Counters of transactions tell what part of all work fails.
  const isCounted = rows(postgresDatabaseRatesRows) !== null;
  return [...serverTroubles, ...statementTroubles].flatMap((trouble): readonly ToldTrouble[] => {
    const { reader = role === "reader", alone = false, levels } = trouble;
    if (reader !== (role === "reader") || (alone && isCounted && levels.includes("ERROR"))) return [];
    const own = kinds.filter((kind) => isOf(kind, trouble, records));
    const [most] = own;
    if (most === undefined) return [];
    const since = Math.min(...own.map((kind) => kind.since));
    const until = Math.max(...own.map((kind) => kind.until));
    const count = own.reduce((sum, kind) => sum + kind.count, 0);
    const told = {
      trouble,
      kinds: own,
      count,
      forSeconds: until - since,
      agoSeconds: Math.max(0, now - until),
      record: records.findLast((record) => isAs(record, most)) ?? null,
    };
    if (!isEnough(told)) return [];
    kinds = kinds.filter((kind) => !own.includes(kind));
    return [told];
  });
}

function isEnough({ trouble, kinds, count, forSeconds, agoSeconds }: ToldTrouble): boolean {
  const { least = 0, perMinute = 0, sessions = 1 } = trouble;
  if (Math.max(...kinds.map((kind) => kind.sessions)) < sessions) return false;
  if (least > 0) return count >= least && (least === 1 || agoSeconds <= fewLateSeconds);
  const lasts = forSeconds >= leastSeconds || count >= manyAtOnce;
  return lasts && count / Math.max(1, forSeconds / 60) >= perMinute && agoSeconds <= floodLateSeconds;
}

/** All that was read, where the reader of the log has counted it; of older evidence what was kept. */
function kindsOf({ context }: Evidence, records: readonly LogRecord[]): readonly LogKind[] {
  const counted = (context?.logs ?? []).flatMap(({ read }) => read?.kinds ?? []);
  return counted.length > 0 ? counted : logKinds(records);
}

/** The counted text may have been cut. */
function isAs(one: Pick<LogRecord, "level" | "text"> & { readonly database?: string | null }, kind: LogKind) {
  return one.level === kind.level && one.text.startsWith(kind.text);
}

function isOf(kind: LogKind, trouble: LogTrouble, records: readonly LogRecord[]): boolean {
  const record = records.findLast((one) => isAs(one, kind));
  if (record !== undefined) return isSaid(record, trouble) && (trouble.when?.(record) ?? true);
  const { level, text, database } = kind;
  const { levels, ofServer = false, says, when } = trouble;
  return when === undefined && levels.includes(level) && (!ofServer || database === null) && says.test(text);
}
