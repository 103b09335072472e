import { loadShares } from "./insights.ts";
import type { View } from "./view.ts";
import { loadAt, type OutsideWait, outsideWait } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";

/** Schedulers stand by at GET_LOCK every day: a table's queue beside them is not theirs. */
const nearlyAll = 0.8;

/**
 * A load that waits for locks that applications take by name, by Performance Insights. MySQL and MariaDB keep them among
 * the metadata locks, so that only the statement tells them from a table's.
 * https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
 */
export function namedLockWait(view: View): OutsideWait | null {
  const advisory = outsideWait(view, waitNames.advisory);
  if (advisory !== null) return advisory;
  const metadata = outsideWait(view, waitNames.table);
  const shares = loadShares(view, "statement");
  const all = shares.reduce((sum, share) => sum + loadAt(share, waitNames.table), 0);
  const named = shares
    .filter(({ name }) => /\bget_lock\s*\(/i.test(name))
    .reduce((sum, share) => sum + loadAt(share, waitNames.table), 0);
  return all > 0 && named >= nearlyAll * all ? metadata : null;
}
