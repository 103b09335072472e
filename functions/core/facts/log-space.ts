import { mysqlSpaceRows } from "../probes/mysql/space/rows.ts";
import { type MetricFact, metricFact } from "./metric-facts.ts";
import { oldestOf } from "./metric-levels.ts";
import { settingsOf } from "./settings-facts.ts";
import { allocatedBytes, spaceOf } from "./storage-space.ts";
import type { View } from "./view.ts";

export interface LogSpace {
  readonly what: "binlogs" | "undo";
  readonly bytes: number;
  /** Of the volume; null where its size is not known. */
  readonly percent: number | null;
  readonly source: string;
  readonly says: string;
}

/**
 * What takes so much of a volume that runs out, so that it fills it: a fifth, as a busy day writes less, or more than
 * what is left, unless that is next to nothing of a volume that is full of something else.
 */
export function fills(bytes: number, percent: number | null, free: number): boolean {
  return percent === null ? bytes >= free : percent >= 20 || (percent >= 5 && bytes >= free);
}

const asEver = 1.1;

/** Less is next to nothing of a volume that is full of something else. */
const leastPercent = 2;

/** The same of binary logs: what they have always taken is no news, and what has just grown by most of what was lost is. */
export function binlogsFill(
  view: View,
  bytes: number,
  percent: number | null,
  free: MetricFact | null,
): boolean {
  if (free === null) return fills(bytes, percent, Number.POSITIVE_INFINITY);
  const metric = metricFact(view, "BinLogDiskUsage");
  if (metric === null || percent === null || percent >= 20) return fills(bytes, percent, free.latest);
  const { day, week } = metric;
  if (day !== null && week !== null && bytes <= asEver * Math.min(day, week)) return false;
  const isMost = grewMost(metric.latest, oldestOf(metric).value, oldestOf(free).value - free.latest);
  if (isMost && percent >= leastPercent && bytes >= free.latest / 2) return true;
  return (isMost || grewMostOfDays(metric, free)) && fills(bytes, percent, free.latest);
}

/** A volume that was grown, or given room, meanwhile tells nothing of it. */
function grewMost(now: number, before: number, lost: number): boolean {
  return lost > 0 && now > before && now - before >= lost / 2;
}

/** Within a day or a week, also where nobody measured it. */
function grewMostOfDays({ latest, day, week }: MetricFact, free: MetricFact): boolean {
  if (day === null || week === null || free.day === null || free.week === null) return true;
  return grewMost(latest, day, free.day - free.latest) || grewMost(latest, week, free.week - free.latest);
}

/**
 * Logs of the engine that take a good part of a volume that runs out, the largest first. Empty where nothing was seen, and where the volume is not known to run out.
 */
export function logsThatFill(view: View): readonly LogSpace[] {
  const { free } = spaceOf(view);
  if (free === null) return [];
  const allocated = free.capacity ?? allocatedBytes(view);
  return [binlogsOf(view), undoOf(view)]
    .filter((log) => log !== null)
    .map((log) => ({ ...log, percent: allocated === null ? null : (100 * log.bytes) / allocated }))
    .filter(({ what, bytes, percent }) =>
      what === "binlogs" ? binlogsFill(view, bytes, percent, free) : fills(bytes, percent, free.latest),
    )
    .toSorted((a, b) => b.bytes - a.bytes);
}

type Seen = Omit<LogSpace, "percent">;

/** CloudWatch counts what lies on the volume; the server what it knows of. */
function binlogsOf(view: View): Seen | null {
  const metric = metricFact(view, "BinLogDiskUsage");
  const binlogs = view.rows(mysqlSpaceRows)?.[0]?.binlogs ?? null;
  if (metric !== null && metric.latest > (binlogs?.bytes ?? 0)) {
    const files = binlogs === null ? "" : `; the server lists ${binlogs.files} binary logs`;
    return { what: "binlogs", bytes: metric.latest, source: metric.id, says: `binary logs take it${files}` };
  }
  if (binlogs === null) return null;
  const { files, bytes } = binlogs;
  return { what: "binlogs", bytes, source: mysqlSpaceRows.id, says: `${files} binary logs are listed` };
}

function undoOf(view: View): Seen | null {
  const bytes = view.rows(mysqlSpaceRows)?.[0]?.undoBytes ?? null;
  if (bytes === null) return null;
  return {
    what: "undo",
    bytes,
    source: mysqlSpaceRows.id,
    says: "undo tablespaces; they keep what purge has not removed",
  };
}

/** Logs that grow unseen in tables of their own: CSV files, whose size no view tells. */
export function logTablesOn(view: View): readonly string[] {
  return view.rows(mysqlSpaceRows)?.[0]?.logTables ?? [];
}

/** "30 days", as the server keeps binary logs itself; null where it has no limit or none could be seen. */
export function binlogsKeptSeconds(view: View): number | null {
  const settings = settingsOf(view);
  const seconds = settings?.seconds("binlog_expire_logs_seconds") ?? null;
  return seconds === null || seconds <= 0 ? null : seconds;
}
