import type { LogExcerpt } from "../contract/log-excerpt.ts";
import type { View } from "./view.ts";

/** The newest line was written when its file was: else its clock is another. */
const sameClockSeconds = 15 * 60;

/**
 * What PostgreSQL's newest log was read for, who waits by its end among it, however old that is: each end of a wait is a
 * line. What ended an older file's stands in this one.
 */
export function standingWaits({
  target,
  context,
  collectedAt,
}: View["evidence"]): NonNullable<LogExcerpt["read"]> | null {
  if (target.engine !== "postgres") return null;
  const [newest] = (context?.logs ?? [])
    .flatMap(({ kind, read, lastWrittenAt }) =>
      kind === "error" && read?.until ? [{ read, lastWrittenAt, until: Date.parse(read.until) }] : [],
    )
    .toSorted((a, b) => b.until - a.until);
  if (newest === undefined || newest.until > Date.parse(collectedAt) + 60_000) return null;
  const written = Date.parse(newest.lastWrittenAt ?? "");
  return Math.abs(written - newest.until) > 1000 * sameClockSeconds ? null : newest.read;
}
