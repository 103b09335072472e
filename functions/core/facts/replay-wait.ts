import type { Session } from "../contract/session.ts";
import { lasts, xminHolders } from "./old-xmin.ts";
import type { View } from "./view.ts";
import { waitShare } from "./workload.ts";

export interface ReplayWait {
  readonly says: string;
  /** And not for a lock. */
  readonly forRows: boolean;
  /** It was waiting in most of the looks, and not in passing. */
  readonly lasts: boolean;
}

/** The startup process is one: so much of its time. */
const mostly = 0.5;

/** What the startup process was seen waiting for; a lock that it waits for is shown in the forest. */
export function replayWaitsFor(view: View): ReplayWait | null {
  const seen = waitShare(view, ({ name }) => name.includes(":RecoveryConflict"));
  if (seen !== null && seen.percent > 0) {
    const says = "a query still needs rows that were removed on the primary";
    return { says, forRows: true, lasts: seen.averageSessions >= mostly };
  }
  const nodes = (view.forests ?? []).flatMap((forest) => forest.nodes);
  const startup = nodes.find(({ session, waitsFor }) => session?.kind === "system" && waitsFor !== null);
  if (startup?.waitsFor == null) return null;
  const says = `it holds a lock on ${startup.waitsFor.object} that replay must have alone`;
  return { says, forRows: false, lasts: true };
}

export interface Suspects {
  readonly sessions: readonly Session[];
  /** Nobody sees as far back as the first: whoever else is in the way, it is. */
  readonly proved: boolean;
}

/**
 * Rows that the primary removed are in the way of who sees them: whose snapshot is the oldest, however young the
 * transaction, and nobody who has none (an idle READ COMMITTED transaction). Where that is not known, or a lock is
 * waited for, the oldest transaction is the likeliest.
 * https://github.com/postgres/postgres/blob/master/src/backend/storage/ipc/procarray.c (GetConflictingVirtualXIDs)
 */
export function replaySuspects(view: View): Suspects {
  const [first, ...others] = waitsForSnapshot(view) ? (xminHolders(view) ?? []) : [];
  if (first?.session == null || first.session.kind !== "client" || first.session.own)
    return { sessions: oldestOf(view), proved: false };
  const sessions = [first.session, ...oldestOf(view).filter(({ id }) => id !== first.session?.id)];
  // Of which database the rows are is not told, and a snapshot of another is in nobody's way.
  const { xminAge, database } = first.row;
  const proved = others
    .filter((other) => lasts(view, other))
    .every(({ row }) => row.xminAge < xminAge && row.database === database);
  return { sessions, proved };
}

function waitsForSnapshot(view: View): boolean {
  const seen = waitShare(view, ({ name }) => name.endsWith(":RecoveryConflictSnapshot"));
  return seen !== null && seen.percent > 0;
}

function oldestOf(view: View): readonly Session[] {
  return (view.sessions ?? [])
    .filter(({ kind, own, transactionSeconds }) => kind === "client" && !own && transactionSeconds !== null)
    .toSorted((a, b) => (b.transactionSeconds ?? 0) - (a.transactionSeconds ?? 0) || a.id - b.id);
}
