import { mysqlInnodbRatesRows } from "../probes/mysql/innodb-rates-rows.ts";
import { loadProfile } from "./load-profile.ts";
import { percentText } from "./rds-facts.ts";
import { statementsOf } from "./statements.ts";
import type { View } from "./view.ts";
import { waitShare } from "./workload.ts";

/** A counter that has gone up, and what it says. */
export interface Strain {
  readonly perSecond: number;
  readonly source: string;
  readonly says: string;
}

const source = mysqlInnodbRatesRows.id;
/** Once in a while each of them happens on a server that is well. */
const noticeable = 1;
const rounded = (value: number): number => Math.round(value * 10) / 10;

/** Null while pages are written early enough, on PostgreSQL, and where nobody counted. */
export function freePageWaits(view: View): Strain | null {
  const pool = view.rows(mysqlInnodbRatesRows)?.[0]?.bufferPool;
  const perSecond = pool?.waitsForFreePagePerSecond ?? 0;
  if (pool === undefined || perSecond < noticeable) return null;
  const dirty = pool.dirtyPercent === null ? "" : `; ${percentText(pool.dirtyPercent)} of the pool are dirty`;
  const says = `${rounded(perSecond)} times a second a page had to be written before another could be read${dirty}`;
  return { perSecond, source, says };
}

export function freePageEvidence(view: View): readonly { readonly source: string; readonly says: string }[] {
  const strain = freePageWaits(view);
  return strain === null ? [] : [{ source: strain.source, says: strain.says }];
}

/** https://dev.mysql.com/doc/refman/8.4/en/server-status-variables.html#statvar_Innodb_log_waits */
export function logBufferWaits(view: View): Strain | null {
  const perSecond = view.rows(mysqlInnodbRatesRows)?.[0]?.logWaitsPerSecond ?? 0;
  if (perSecond < noticeable) return null;
  const says = `${rounded(perSecond)} times a second the log buffer was full and had to be written first`;
  return { perSecond, source, says };
}

/**
 * Whether who waits for the log or for a page could be read at all: not read is not seen to be none. The states of threads
 * tell nobody who waits for room in the log from one who works; that all who write are quick tells that none waits.
 */
export function waitsWereSeen(view: View): boolean {
  const pool = view.rows(mysqlInnodbRatesRows)?.[0]?.bufferPool;
  if (typeof pool?.waitsForFreePagePerSecond !== "number") return false;
  return loadProfile(view)?.blur === null || writesAreQuick(view);
}

/** Of a digest or a text, which begins with its verb. */
export const writes = /^\s*(insert|update|delete|replace|load)\b/i;
/** Who waits for pages to be flushed waits longer. */
const quickSeconds = 0.1;

/** All that were counted just now; false where none were. */
export function writesAreQuick(view: View): boolean {
  const { sessions } = view;
  const counted = (statementsOf(view) ?? [])
    .filter(({ query, now }) => writes.test(query ?? "") && now.callsPerSecond > 0)
    .map(({ now }) => now.meanSeconds ?? Number.POSITIVE_INFINITY);
  const slow = (sessions ?? []).some(
    ({ own, state, query, statementSeconds }) =>
      !own && state === "active" && writes.test(query ?? "") && (statementSeconds ?? 0) >= noticeable,
  );
  return sessions !== null && !slow && counted.length > 0 && Math.max(...counted) < quickSeconds;
}

export interface LogStall {
  readonly source: string;
  readonly averageSessions: number;
  /** How long the statements had run when they were seen: about half of what a commit takes. */
  readonly meanSeconds: number;
}

/** A commit of a tenth of a second is seen half-way on average; storage that is well takes milliseconds. */
const halfway = 0.05;
const stalledPercent = 30;
const stalledSessions = 2;

/** Commits that wait for the log, and long. Null also where a replica holds them, which others then wait behind. */
export function logStall(view: View): LogStall | null {
  const share = waitShare(view, ({ kind }) => kind === "log");
  const profile = loadProfile(view);
  if (share === null || profile === null) return null;
  if (share.percent < stalledPercent || share.averageSessions < stalledSessions) return null;
  const waits = profile.waits.filter(({ kind }) => kind === "log");
  if (profile.waits.some(({ kind }) => kind === "replica")) return null;
  const timed = waits.filter(({ meanSeconds }) => meanSeconds !== null);
  const seen = timed.reduce((sum, { observations }) => sum + observations, 0);
  const seconds = timed.reduce((sum, wait) => sum + (wait.meanSeconds ?? 0) * wait.observations, 0);
  if (seen === 0 || seconds / seen < halfway) return null;
  const { source: from } = profile;
  return { source: from, averageSessions: share.averageSessions, meanSeconds: seconds / seen };
}
