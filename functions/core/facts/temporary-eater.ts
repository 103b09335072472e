import type { Session } from "../contract/session.ts";
import { mysqlSpaceRows } from "../probes/mysql/space/rows.ts";
import { describeSession, statementText } from "../text/wording.ts";
import { isWriting, loadShares, othersWriteMost } from "./insights.ts";
import { fills } from "./log-space.ts";
import { type MetricFact, metricFact } from "./metric-facts.ts";
import { oldestOf, type Sample, sampleAt, samplesOf } from "./metric-levels.ts";
import { bytesText } from "./rds-facts.ts";
import { looksLockBound } from "./running.ts";
import { allocatedBytes, spaceOf } from "./storage-space.ts";
import { wordsOnStorage } from "./storage-told.ts";
import type { View } from "./view.ts";

export interface TemporaryEater {
  readonly session: Session;
  /** "88 GiB of the volume", which are the session's temporary tables. */
  readonly share: string;
  readonly says: string;
  /** Another statement writes most meanwhile: which of them fills it nobody knows for sure. */
  readonly beside: boolean;
}

/**
 * MySQL 8: whose temporary tables take a good part of a volume that runs out. "When a session disconnects, its
 * temporary tablespaces are truncated": cancelled, its statement alone gives nothing back.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-temporary-tablespace.html
 */
export function temporaryEater(view: View): TemporaryEater | null {
  const { free } = spaceOf(view);
  const [largest] = (view.rows(mysqlSpaceRows)?.[0]?.temporarySessions ?? []).toSorted(
    (a, b) => b.bytes - a.bytes,
  );
  const session = view.sessions?.find(({ id }) => id === largest?.id);
  if (free === null || largest === undefined || session === undefined) return null;
  const beside = othersWriteMost(view, session.query) || anotherWrites(view, session);
  if (!fillsThem(view, session, { bytes: largest.bytes, free, beside })) return null;
  const allocated = free.capacity ?? allocatedBytes(view);
  if (!fills(largest.bytes, allocated && (100 * largest.bytes) / allocated, free.latest)) return null;
  const statement = statementText(session.query);
  const share = `${bytesText(largest.bytes)} of the volume`;
  const who = describeSession(session, view.evidence.target.engine);
  const runs = statement === null ? "" : `: ${statement}`;
  return { session, share, beside, says: `${share} are temporary tables of ${who}${runs}` };
}

/**
 * A session keeps them at their largest until it ends: of one that idles, waits for a lock or has just begun they are of
 * another day, and so where the volume has not lost half of them since its statement began.
 */
function fillsThem(
  view: View,
  session: Session,
  { bytes, free, beside }: { readonly bytes: number; readonly free: MetricFact; readonly beside: boolean },
): boolean {
  const { state, statementSeconds, waitEvent } = session;
  const isLong = state === "active" && (statementSeconds ?? 0) >= view.thresholds.longRunningSeconds;
  if (!isLong || looksLockBound(session) || waitEvent === "User sleep") return false;
  const lost = lostSince(view, free, statementSeconds ?? 0, beside);
  if (lost !== null) return lost - binlogsSince(view, statementSeconds ?? 0) >= bytes / 2;
  // Beyond what was read, at the pace of what was: a guess, where no other is seen to write.
  const { value, until } = oldestOf(free);
  const pace = (value - free.latest) / Math.max(1, Date.parse(free.at) - until);
  return pace * 1000 * (statementSeconds ?? 0) >= bytes / 2 && !beside;
}

/** Without Performance Insights: another session has long been at a statement that writes. */
function anotherWrites(view: View, { id }: Session): boolean {
  return (
    loadShares(view, "statement").length === 0 &&
    (view.sessions ?? []).some(
      (one) =>
        one.id !== id &&
        one.state === "active" &&
        (one.statementSeconds ?? 0) >= view.thresholds.longRunningSeconds &&
        isWriting(one.query ?? "") &&
        !looksLockBound(one),
    )
  );
}

/** What the binary logs have grown by since: that is not theirs. */
function binlogsSince(view: View, seconds: number): number {
  const binlogs = metricFact(view, "BinLogDiskUsage");
  if (binlogs === null) return 0;
  return Math.max(0, binlogs.latest - sampleAt(binlogs, Date.parse(binlogs.at) - 1000 * seconds).value);
}

/** Of the volume, between two samples: storage was added, by whoever or by itself. */
const grownShare = 0.05;

/** Only where RDS says that it was: what others take and give back rises as much. */
function grownSince(view: View, free: MetricFact, { until }: Sample): number {
  const isTold = wordsOnStorage(view).some(
    ({ effect, at }) => (effect === "grown" || effect === "growing") && Date.parse(at) >= until,
  );
  if (!isTold) return 0;
  const since = samplesOf(free).filter((one) => one.until >= until);
  const rises = since.slice(1).map(({ value }, at) => value - (since[at]?.value ?? value));
  return rises.reduce((sum, rise) => sum + (rise > grownShare * (free.capacity ?? Infinity) ? rise : 0), 0);
}

/** Of the hours before the window. */
const stepMs = 5 * 60_000;

/**
 * Bytes that a volume has lost within the last seconds; null where that was not read. Where `others` write, only what it
 * has lost beyond the fastest pace before: they may have begun with it, or when it had long begun.
 */
function lostSince(view: View, free: MetricFact, seconds: number, others: boolean): number | null {
  const now = Date.parse(free.at);
  const began = now - 1000 * seconds;
  const [start, first] = [sampleAt(free, began), oldestOf(free)];
  if (start.until > began + stepMs || start.until - first.until < stepMs) return null;
  const lost = start.value - free.latest + grownSince(view, free, start);
  if (!others) return lost;
  const half = sampleAt(free, now - 500 * seconds);
  const paceOf = (from: Sample, to: Sample): number =>
    to.until <= from.until ? 0 : (from.value - to.value) / (to.until - from.until);
  const before = paceOf(sampleAt(free, began - 2 * stepMs), start);
  // Of one that eats all the while both halves lose alike; who came later made the second alone.
  const early = paceOf(start, half);
  return Math.max(0, early - Math.max(0, before)) * (now - start.until);
}
