import type { Evidence } from "../contract/evidence.ts";
import { postgresDatabaseRatesRows } from "../probes/postgres/database-rates-rows.ts";
import { type LogKind, logKinds } from "../text/log-kinds.ts";
import { fewerClients } from "./clients-away.ts";
import { isSaid, type LogRecord, logRecords, recentLogRecords } from "./log-lines.ts";
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
/** While a part of the clients is missing. */
const missedPerMinute = 1;
const windowSeconds = 15 * 60;

/** By PostgreSQL's log alone, the surest first. */
export function toldTroubles(view: View): readonly ToldTrouble[] {
  const { evidence, rows } = view;
  const { engine, role } = evidence.target;
  if (engine !== "postgres") return [];
  const whole = logRecords(evidence);
  const recent = recentLogRecords(evidence, whole);
  const now = Date.parse(evidence.collectedAt) / 1000;
  const all = kindsOf(evidence, recent).filter(({ until }) => until >= now - windowSeconds);
  let kinds = all;
  // Counters of transactions tell what part of all work fails.
  // Who stays away makes few errors: those that are left say why.
  const isMissed = fewerClients(view) !== null;
  const isCounted = rows(postgresDatabaseRatesRows) !== null;
  return [...serverTroubles, ...statementTroubles].flatMap((trouble): readonly ToldTrouble[] => {
    const { reader = role === "reader", alone = false, levels, stands = false } = trouble;
    const [records, said] = stands ? [whole, logKinds(whole)] : [recent, kinds];
    if (reader !== (role === "reader") || (alone && isCounted && levels.includes("ERROR"))) return [];
    const own = said.filter((kind) => isOf(kind, trouble, records));
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
      record: saidOf(most, trouble, records).findLast((record) => trouble.when?.(record) ?? true) ?? null,
    };
    const isOver = [...all, ...said].some(
      (kind) => isEnd(kind, trouble) && (stands ? kind.until > until : kind.until >= until),
    );
    if (
      isOver ||
      !isEnough(told, isMissed && mayTellMissing(trouble)) ||
      (trouble.unless?.(view, told) ?? false)
    )
      return [];
    kinds = kinds.filter((kind) => !own.includes(kind));
    return [told];
  });
}

/** Errors that some clients always make are no reason for others to be missing; who is cut off is. */
function mayTellMissing({ alone = false, levels, lasting }: LogTrouble): boolean {
  return !alone || !levels.includes("ERROR") || lasting !== undefined;
}

function isEnough(
  { trouble, kinds, count, forSeconds, agoSeconds }: ToldTrouble,
  isMissed: boolean,
): boolean {
  const { least = 0, sessions = 1, lasting = 0 } = trouble;
  const perMinute = Math.min(trouble.perMinute ?? 0, isMissed ? missedPerMinute : Number.POSITIVE_INFINITY);
  if (forSeconds < lasting && count < manyAtOnce) return false;
  const each = kinds.map((kind) => kind.sessions);
  const seen = isMissed ? each.reduce((sum, one) => sum + one, 0) : Math.max(...each);
  if (seen < sessions) return false;
  if (least > 0) return count >= least && (least === 1 || agoSeconds <= fewLateSeconds);
  const lasts = forSeconds >= leastSeconds || count >= manyAtOnce;
  const late = isMissed ? fewLateSeconds : floodLateSeconds;
  return lasts && count / Math.max(1, forSeconds / 60) >= perMinute && agoSeconds <= late;
}

/** All that was read, as far as the reader of the log has counted it, and what was kept beside. */
function kindsOf({ context }: Evidence, records: readonly LogRecord[]): readonly LogKind[] {
  const counted = (context?.logs ?? []).flatMap(({ read }) => read?.kinds ?? []);
  return [...counted, ...logKinds(records.filter((record) => !counted.some((kind) => isAs(record, kind))))];
}

/** The counted text may have been cut. */
function isAs({ level, text, client }: LogRecord, kind: LogKind): boolean {
  return level === kind.level && (client?.database ?? null) === kind.database && text.startsWith(kind.text);
}

function saidOf(kind: LogKind, trouble: LogTrouble, records: readonly LogRecord[]): readonly LogRecord[] {
  return records.filter((record) => isAs(record, kind) && isSaid(record, trouble));
}

/** By most of those that were kept. */
function isOf(kind: LogKind, trouble: LogTrouble, records: readonly LogRecord[]): boolean {
  const { level, text, database, user } = kind;
  const { levels, ofServer = false, ofClients = false, says, when = () => true } = trouble;
  if (ofClients && user === "rdsadmin") return false;
  if (records.some((record) => isAs(record, kind))) {
    const said = saidOf(kind, trouble, records);
    return 2 * said.filter(when).length > said.length;
  }
  const isPlain = trouble.when === undefined && levels.includes(level);
  return isPlain && (!ofServer || database === null) && says.test(text);
}

function isEnd({ level, database, text }: LogKind, { ends }: LogTrouble): boolean {
  return level === "LOG" && database === null && (ends?.test(text) ?? false);
}
