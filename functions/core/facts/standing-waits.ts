import type { LogExcerpt } from "../contract/context.ts";
import type { View } from "./view.ts";

/** The log was written within this: whatever ends a wait that was logged would stand there. */
const recentSeconds = 15 * 60;

/**
 * What PostgreSQL's newest log was read for, who waits by its end among it: what ended an older file's stands in this one.
 * Null where it is too old for that.
 */
export function standingWaits({
  target,
  context,
  collectedAt,
}: View["evidence"]): NonNullable<LogExcerpt["read"]> | null {
  if (target.engine !== "postgres") return null;
  const [newest] = (context?.logs ?? [])
    .flatMap(({ kind, read }) =>
      kind === "error" && read?.until ? [{ read, until: Date.parse(read.until) }] : [],
    )
    .toSorted((a, b) => b.until - a.until);
  const age = newest === undefined ? Number.NaN : (Date.parse(collectedAt) - newest.until) / 1000;
  return age >= -60 && age <= recentSeconds ? (newest?.read ?? null) : null;
}
