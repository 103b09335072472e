import type { LoggedTemporary, LoggedVacuum } from "../contract/log-excerpt.ts";
import { duration, plural, statementText } from "../text/wording.ts";
import { keepsFilesApart } from "./local-storage.ts";
import { metricFact } from "./metric-facts.ts";
import { bytesText } from "./rds-facts.ts";
import { standingWaits } from "./standing-waits.ts";
import type { View } from "./view.ts";

const windowSeconds = 15 * 60;

function secondsSince({ evidence }: View, at: string): number {
  return (Date.parse(evidence.collectedAt) - Date.parse(at)) / 1000;
}

/** Tables whose last autovacuum of the last 15 min left dead rows, those that left most first. */
export function vacuumsThatLeft(view: View): readonly LoggedVacuum[] {
  const all = standingWaits(view.evidence)?.vacuums ?? [];
  return all.filter(({ until }) => secondsSince(view, until) <= windowSeconds);
}

/** What went through temporary files of late, by the log (log_temp_files): a file is told as it is removed. */
export interface Spilled extends LoggedTemporary {
  /** Of the time from the first to the last file, of a minute at the least. */
  readonly bytesPerSecond: number;
  /** Of what is written to the volume; null where that is not measured, or the files lie elsewhere. */
  readonly percentOfWrites: number | null;
}

/** The metric is a mean of a minute. */
const atMostOfWrites = 1.5;
/** Fewer are a report's. */
const leastFiles = 3;
const lateSeconds = 5 * 60;

export function spilledOfLate(view: View): Spilled | null {
  const logged = standingWaits(view.evidence)?.temporary;
  if (logged === undefined || logged.files < leastFiles) return null;
  if (secondsSince(view, logged.until) > lateSeconds) return null;
  const seconds = (Date.parse(logged.until) - Date.parse(logged.since)) / 1000;
  const bytesPerSecond = logged.bytes / Math.max(60, seconds);
  const written = keepsFilesApart(view) ? null : (metricFact(view, "WriteThroughput")?.latest ?? null);
  // What is removed within a moment was written over longer.
  const isRate = written !== null && written > 0 && bytesPerSecond <= atMostOfWrites * written;
  const percentOfWrites = isRate ? Math.min(100, (100 * bytesPerSecond) / written) : null;
  return { ...logged, bytesPerSecond, percentOfWrites };
}

/** "42 GiB in 38 files in 12 min, most of it by user bi: SELECT …". */
export function spilledText({ bytes, files, since, until, statements: [most] }: Spilled): string {
  const seconds = (Date.parse(until) - Date.parse(since)) / 1000;
  const query = statementText(most?.query ?? null);
  const isMost = most !== undefined && query !== null && 2 * most.bytes >= bytes;
  const who = isMost ? `, most of it by ${most.user === null ? "" : `user ${most.user}: `}${query}` : "";
  return `${bytesText(bytes)} in ${plural(files, "file")} in ${duration(Math.max(60, seconds))}${who}`;
}
