import type { Session } from "../contract/session.ts";
import { mysqlSpaceRows } from "../probes/mysql/space/rows.ts";
import { describeSession, statementText } from "../text/wording.ts";
import { othersWriteMost } from "./insights.ts";
import { fills } from "./log-space.ts";
import { sampleAt } from "./metric-levels.ts";
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
  if (
    free === null ||
    largest === undefined ||
    session === undefined ||
    !fillsThem(view, session, largest.bytes)
  )
    return null;
  const allocated = free.capacity ?? allocatedBytes(view);
  if (!fills(largest.bytes, allocated && (100 * largest.bytes) / allocated, free.latest)) return null;
  const statement = statementText(session.query);
  const share = `${bytesText(largest.bytes)} of the volume`;
  const who = describeSession(session, view.evidence.target.engine);
  const runs = statement === null ? "" : `: ${statement}`;
  return { session, share, says: `${share} are temporary tables of ${who}${runs}` };
}

/**
 * A session keeps them at their largest until it ends: of one that idles, waits for a lock or has just begun they are of
 * another day, and so where the volume has not lost half of them since its statement began.
 */
function fillsThem(view: View, session: Session, bytes: number): boolean {
  const { state, statementSeconds, query, waitEvent } = session;
  const isLong = state === "active" && (statementSeconds ?? 0) >= view.thresholds.longRunningSeconds;
  const { free } = spaceOf(view);
  if (free === null || !isLong || looksLockBound(session) || waitEvent === "User sleep") return false;
  const began = Date.parse(free.at) - 1000 * (statementSeconds ?? 0);
  const { value, until } = sampleAt(free, began);
  const lost = value - free.latest;
  if (until <= began + stepMs || lost >= bytes / 2) return lost >= bytes / 2;
  // Beyond what was read, at the pace of what was: a guess, where no other is seen to write.
  const pace = lost / Math.max(1, Date.parse(free.at) - until);
  return pace * (Date.parse(free.at) - began) >= bytes / 2 && !othersWriteMost(view, query);
}

/** Of the hours before the window. */
const stepMs = 5 * 60_000;
