import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { Session } from "../contract/session.ts";
import { type OldestXminRow, postgresOldestXmin } from "../probes/postgres-oldest-xmin.ts";
import { compare } from "./lock-graph.ts";
import { endSession, finishPrepared } from "./remedies.ts";
import type { View } from "./view.ts";
import { describeSession, duration } from "./wording.ts";

/** Something whose view of the data keeps vacuum from removing dead rows. */
export interface XminHolder {
  /** "session:123", "prepared-transaction:name", "replication-slot:name". */
  readonly key: string;
  readonly row: OldestXminRow;
  /** The session as the other rules know it; null for what is none, or when it has changed meanwhile. */
  readonly session: Session | null;
}

/** The oldest first, those that hold the tables of the connected database; null when it could not be seen. */
export function xminHolders(view: View): readonly XminHolder[] | null {
  const rows = view.rows(postgresOldestXmin);
  if (rows === null) return null;
  const { database } = view.evidence.target;
  return rows
    .filter(
      (row) => !row.catalogOnly && (row.database === null || database === null || row.database === database),
    )
    .toSorted(
      (a, b) => b.xminAge - a.xminAge || (b.seconds ?? 0) - (a.seconds ?? 0) || compare(a.name, b.name),
    )
    .map((row) => ({ key: `${row.holder}:${row.name}`, row, session: sessionOf(view, row) }));
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

/**
 * What ends it. Automatic for one case only: a transaction that has been idle for longer than the kill threshold,
 * while something suffers. A running statement is work that somebody waits for.
 */
export function endHolder(view: View, holder: XminHolder, suffers: boolean): readonly ProposedAction[] {
  const { row, session } = holder;
  switch (row.holder) {
    case "session":
      return session === null || !suffers || !isForgotten(view, session)
        ? []
        : endSession(view, session, relief);
    case "prepared-transaction": {
      const { name: gid, user: owner, database, seconds: ageSeconds } = row;
      return [finishPrepared(view, { gid, owner, database, ageSeconds })];
    }
    case "replication-slot":
      return row.state === "active" ? [] : [dropSlot(row.name)];
    case "standby":
      return [];
    default:
      return row.holder satisfies never;
  }
}

const relief = {
  frees: null,
  longestWaitSeconds: null,
  also: ["vacuum can remove dead rows again, at the next autovacuum"],
};

/** Idle for so long, not merely in a transaction that began so long ago. */
function isForgotten({ thresholds }: View, { state, stateSeconds, transactionSeconds }: Session): boolean {
  const idle = state === "idle-in-transaction" || state === "idle-in-transaction-aborted";
  const age = Math.min(stateSeconds ?? 0, transactionSeconds ?? 0);
  return idle && age >= thresholds.killCandidateSeconds;
}

function dropSlot(name: string): ProposedAction {
  return proposeManual({
    id: "drop-replication-slot",
    spec: ["A5"],
    risk: "irreversible",
    preview: `SELECT pg_drop_replication_slot('${name.replaceAll("'", "''")}')`,
    describes: `Gives up the replication slot ${name}, which nobody reads`,
    consequence: "Its consumer cannot go on where it stopped and has to be built anew. Ask its owner first.",
  });
}
