import type { Session } from "../contract/session.ts";
import { mysqlSpaceRows } from "../probes/mysql/space/rows.ts";
import { withoutLeadingComments } from "../text/statement-parts.ts";
import { describeSession, statementText } from "../text/wording.ts";
import { fills } from "./log-space.ts";
import { bytesText } from "./rds-facts.ts";
import { looksLockBound } from "./running.ts";
import { allocatedBytes, spaceOf } from "./storage-space.ts";
import type { View } from "./view.ts";

export interface TemporaryEater {
  readonly session: Session;
  /** "88 GiB of the volume", which are the session's temporary tables. */
  readonly share: string;
  readonly says: string;
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
  if (free === null || largest === undefined || session === undefined || !fillsThem(view, session))
    return null;
  const allocated = free.capacity ?? allocatedBytes(view);
  if (!fills(largest.bytes, allocated && (100 * largest.bytes) / allocated, free.latest)) return null;
  const statement = statementText(session.query);
  const share = `${bytesText(largest.bytes)} of the volume`;
  const who = describeSession(session, view.evidence.target.engine);
  const runs = statement === null ? "" : `: ${statement}`;
  return { session, share, says: `${share} are temporary tables of ${who}${runs}` };
}

/** What reads much into them. */
const makesThem = /^\s*(?:\(|select\b|with\b|create\b|call\b|(?:insert|replace)\b[^;]{1,2000}\bselect\b)/i;

/**
 * A session keeps them at their largest until it ends: of one that idles, waits for a lock, changes some rows or has just
 * begun, they are of another day.
 */
function fillsThem(view: View, session: Session): boolean {
  const { state, statementSeconds, query } = session;
  const isLong = state === "active" && (statementSeconds ?? 0) >= view.thresholds.longRunningSeconds;
  return isLong && !looksLockBound(session) && makesThem.test(withoutLeadingComments(query ?? ""));
}
