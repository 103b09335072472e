import type { Session } from "../contract/session.ts";
import {
  type OldestXminRow,
  postgresOldestXminRows,
  postgresOldestXminSlotsRows,
} from "../probes/postgres/oldest-xmin-rows.ts";
import { compare } from "../text/compare.ts";
import { describeSession, duration } from "../text/wording.ts";
import { connectedDatabase } from "./connected-database.ts";
import type { View } from "./view.ts";

/** Something whose view of the data keeps vacuum from removing dead rows. */
export interface XminHolder {
  /** "session:123", "prepared-transaction:name", "replication-slot:name". */
  readonly key: string;
  readonly row: OldestXminRow;
  /** The session as the other rules know it; null for what is none, or when it has changed meanwhile. */
  readonly session: Session | null;
}

/** The oldest first, of every database; null when it could not be seen. */
export function xminHolders(view: View): readonly XminHolder[] | null {
  const [rows, slots] = [view.rows(postgresOldestXminRows), view.rows(postgresOldestXminSlotsRows)];
  if (rows === null && slots === null) return null;
  return [...(rows ?? []), ...(slots ?? [])]
    .toSorted(
      (a, b) => b.xminAge - a.xminAge || (b.seconds ?? 0) - (a.seconds ?? 0) || compare(a.name, b.name),
    )
    .map((row) => ({ key: `${row.holder}:${row.name}`, row, session: sessionOf(view, row) }));
}

/**
 * Others who keep the same rows, or half of them, whatever their own age: a standby tells none, and a session with an
 * imported snapshot is young and sees what was long ago. A transaction that has only just begun ends as soon.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION
 */
export function holdersAsFarBack(view: View, { key, row: { xminAge } }: XminHolder): readonly XminHolder[] {
  return (xminHolders(view) ?? []).filter(
    (other) =>
      other.key !== key &&
      other.row.xminAge * 2 >= xminAge &&
      !other.row.catalogOnly &&
      holdsHere(view, other) &&
      lasts(view, other),
  );
}

/** A transaction that has only just begun ends as soon. */
export function lasts({ thresholds }: View, { row: { seconds, state } }: XminHolder): boolean {
  return seconds === null || state !== "active" || seconds >= thresholds.slowQuerySeconds;
}

/** Where the look was taken: a slot holds every database, whichever one it decodes; a transaction holds its own. */
export function holdsHere(view: View, { row }: XminHolder): boolean {
  if (row.holder === "replication-slot") return true;
  const here = connectedDatabase(view);
  return row.database === null || here === null || row.database === here;
}

function sessionOf(view: View, { holder, name, sessionKey }: OldestXminRow): Session | null {
  if (holder !== "session") return null;
  const found = view.sessions?.find(({ id }) => String(id) === name) ?? null;
  return found !== null && found.sessionKey === sessionKey ? found : null;
}

/** "1 session idle in transaction for 12 min (app billing, pid 812)". */
export function describeHolder(view: View, { row, session }: XminHolder): string {
  const { holder, name, seconds, state } = row;
  switch (holder) {
    case "session": {
      const who =
        session === null
          ? [row.application && `app ${row.application}`, row.user && `user ${row.user}`, `pid ${name}`]
              .filter((part) => part)
              .join(", ")
          : describeSession(session, view.evidence.target.engine);
      return `1 transaction open for ${duration(seconds)} (${who}, ${session?.state ?? state ?? "state not known"})`;
    }
    case "prepared-transaction":
      return `1 prepared transaction, ${duration(seconds)} old (${name})`;
    case "replication-slot":
      return `1 ${state ?? ""} replication slot (${name})`.replace("  ", " ");
    case "standby":
      return `1 standby with hot_standby_feedback (${row.application ?? row.client ?? name})`;
    default:
      return holder satisfies never;
  }
}
