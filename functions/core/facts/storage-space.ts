import { databaseKind } from "./database-kind.ts";
import { type MetricFact, metricFact } from "./metric-facts.ts";
import { bytesText, selfOf } from "./rds-facts.ts";
import { storageChangeRefused } from "./storage-changes.ts";
import { storageTold } from "./storage-told.ts";
import type { View } from "./view.ts";

const gib = 1024 ** 3;

export interface Space {
  readonly free: MetricFact | null;
  /** Percent of what is allocated. */
  readonly share: number | null;
  /** Seconds until it is full. */
  readonly left: number | null;
}

export function spaceOf(view: View): Space {
  const free = metricFact(view, "FreeStorageSpace");
  if (free === null) return { free, share: null, left: null };
  const allocated = free.capacity ?? allocatedBytes(view) ?? storageTold(view)?.allocatedBytes ?? null;
  return {
    free,
    share: allocated === null ? null : (100 * free.latest) / allocated,
    left: isRoomy(view, free, allocated) && dipsAsEver(free) ? null : secondsLeft(free),
  };
}

function isRoomy({ thresholds }: View, { latest }: MetricFact, allocated: number | null): boolean {
  return allocated !== null && (100 * latest) / allocated > thresholds.storageFreePercent;
}

/** Time to look again before a dip that is deeper than ever fills it. */
const patientSeconds = 15 * 60;

/**
 * What was taken at this time a day and a week ago, and given back since, as by a report that sorts on disk every night:
 * the window begins above what was free then, and its mean lies no more than half of the fall below. A fall that goes on
 * leaves that within minutes, and one that leaves no time to see so is not called a habit.
 */
export function dipsAsEver(free: MetricFact): boolean {
  const { day, week, points, latest } = free;
  const [first] = points;
  const left = secondsLeft(free);
  if (day === null || week === null || first === undefined || left === null || left < patientSeconds)
    return false;
  const fallen = first.value - latest;
  const mean = points.reduce((sum, { value }) => sum + value, 0) / points.length;
  const cameBack = first.value > Math.max(day, week) + 0.25 * fallen;
  return cameBack && mean >= Math.max(day, week) - 0.5 * fallen;
}

export function allocatedBytes(view: View): number | null {
  const allocated = selfOf(view)?.storage?.allocatedGib ?? null;
  return allocated === null ? null : allocated * gib;
}

/** When it is full if it goes on as in the last minutes; null when it does not fall by a noticeable part. */
export function secondsLeft(free: MetricFact): number | null {
  const pace = fallPerSecond(free);
  return pace === null ? null : free.latest / pace;
}

/** Bytes a second by which it falls: in the window, or in its last minutes when those are worse. */
export function fallPerSecond(free: MetricFact): number | null {
  const [first] = free.points;
  if (first === undefined || free.points.length < 3) return null;
  const whole = fallSince(free, first);
  // Temporary files come and go: less than this says nothing about tomorrow.
  if (whole === null || first.value - free.latest < 0.002 * first.value) return null;
  return Math.max(whole, recentFall(free) ?? 0);
}

function fallSince(free: MetricFact, { at, value }: MetricFact["points"][number]): number | null {
  const seconds = (Date.parse(free.at) - Date.parse(at)) / 1000;
  return seconds <= 0 ? null : (value - free.latest) / seconds;
}

const recentSteps = 5;

/** Only of a fall without a pause: one file that comes and goes is no pace. */
function recentFall(free: MetricFact): number | null {
  const last = free.points.slice(-recentSteps - 1);
  const [first] = last;
  if (first === undefined || last.length <= recentSteps) return null;
  const falls = last.every(({ value }, at) => at === 0 || value < (last[at - 1]?.value ?? value));
  return falls ? fallSince(free, first) : null;
}

/**
 * Seconds from now until RDS stops the database, at the pace of the window; null without one. Points lag by a minute or
 * more, and the last part is kept back: under 200 MiB of a volume below 20,000 MiB, up to 1 GiB from 102,400 MiB on.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.KnownIssuesAndLimitations.html
 */
export function fullIn(view: View, { free, share, left }: Space): number | null {
  if (free === null || left === null) return null;
  const allocated = share === null || share <= 0 ? 0 : (100 * free.latest) / share;
  const keptBack = Math.min(gib, Math.max(0.2 * gib, 0.01 * allocated));
  const since = (Date.parse(view.evidence.collectedAt) - Date.parse(free.at)) / 1000;
  return left * Math.max(0, 1 - keptBack / Math.max(1, free.latest)) - since;
}

export function paceText(free: MetricFact): string {
  const first = free.points[0];
  const change = first === undefined ? 0 : free.latest - first.value;
  const recent = change < 0 ? recentFall(free) : null;
  const now = recent === null ? "" : `, by ${bytesText(60 * recent)} a minute in the last ${recentSteps}`;
  const day = free.day === null ? "" : `; ${bytesText(free.day)} a day ago at this time`;
  const pace = `${change < 0 ? "fell" : "rose"} by ${bytesText(Math.abs(change))}`;
  return change === 0 ? `steady in the window${day}` : `${pace} in the window${now}${day}`;
}

/** It begins at this much free, after five minutes; a volume that fills faster is full before it has ended. */
const autoscalingPercent = 10;
const soonestSeconds = 30 * 60;

/**
 * Whether RDS will grow the volume by itself: "ahead" while there is time for it, "late" where it should have begun
 * or has no time left, "maximum" where its next step (10 GiB or 10 %, whichever is more) would pass the limit that was
 * set for it, "none" where it is off, not seen or withheld.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
 */
export function autoscalingOf(view: View, { share, left }: Space): "ahead" | "late" | "maximum" | "none" {
  const storage = selfOf(view)?.storage ?? null;
  if (storage === null || storage.limitGib === null || storage.allocatedGib === null) return "none";
  const least = storage.allocatedGib + Math.max(10, storage.allocatedGib * 0.1);
  if (databaseKind(view) === "multi-az-cluster") return "none";
  if (storage.limitGib < least) return "maximum";
  if (storageChangeRefused(view) !== null || (storageTold(view)?.stuck ?? null) !== null) return "none";
  const time = left === null || left > soonestSeconds;
  return share !== null && share > autoscalingPercent && time ? "ahead" : "late";
}
