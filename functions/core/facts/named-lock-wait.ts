import { idleText } from "./idle-resources.ts";
import { loadShares } from "./insights.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
import type { View } from "./view.ts";
import { loadAt, type OutsideWait, outsideWait } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";

const asksByName = /\bget_lock\s*\(/i;
/** Schedulers stand by at GET_LOCK every day: fewer than this of all load are theirs. */
const mostPercent = 50;

/**
 * A load that waits for locks that applications take by name, by Performance Insights. MySQL and MariaDB keep them among
 * the metadata locks, so that only the statement tells them from a table's.
 * https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
 */
export function namedLockWait(view: View): OutsideWait | null {
  const advisory = outsideWait(view, waitNames.advisory);
  if (advisory !== null) return advisory;
  const part = partOf(view, (name) => asksByName.test(name));
  return part === null || part.percent < mostPercent ? null : part;
}

/** The same for whole tables: without who waits for a lock by name among them. */
export function tableWait(view: View): OutsideWait | null {
  const wait = partOf(view, (name) => !asksByName.test(name));
  if (wait === null || !wait.waits.every(({ name }) => generalState.test(name))) return wait;
  // Whoever works may be left in that state, as the applier of a replica is.
  return idleText(view, wait.sessions) === null ? null : wait;
}

const generalState = /^system lock$/i;

/** Of the load that waits for metadata locks what such statements wait; null where it is less than the CPUs. */
function partOf(view: View, isSuch: (statement: string) => boolean): OutsideWait | null {
  const wait = outsideWait(view, waitNames.table);
  if (wait === null) return null;
  const shares = loadShares(view, "statement").map(({ name, waits }) => ({
    such: isSuch(name),
    load: loadAt({ waits }, waitNames.table),
  }));
  const seen = shares.reduce((sum, { load }) => sum + load, 0);
  const all = Math.max(seen, wait.sessions);
  const such =
    shares.reduce((sum, share) => sum + (share.such ? share.load : 0), 0) + (isSuch("") ? all - seen : 0);
  // Where no statement was seen, all of it is a table's.
  const share = all > 0 ? such / all : isSuch("") ? 1 : 0;
  const sessions = share * wait.sessions;
  if (sessions < Math.max(2, vcpusOfTarget(view) ?? 2)) return null;
  return { ...wait, sessions, percent: share * wait.percent, statement: statementOf(wait, isSuch) };
}

/** What waits most, where it is one of them. */
function statementOf({ statement }: OutsideWait, isSuch: (statement: string) => boolean): string | null {
  return statement !== null && isSuch(statement) ? statement : null;
}
