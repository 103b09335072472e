import type { View } from "./view.ts";
import { type OutsideWait, outsideWait } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";

/**
 * A load that waits for locks that applications take by name, by Performance Insights. MySQL and MariaDB keep them among
 * the metadata locks, so that only the statement tells them from a table's.
 * https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
 */
export function namedLockWait(view: View): OutsideWait | null {
  const advisory = outsideWait(view, waitNames.advisory);
  if (advisory !== null) return advisory;
  const metadata = outsideWait(view, waitNames.table);
  return /\bget_lock\s*\(/i.test(metadata?.statement ?? "") ? metadata : null;
}
