import { describeSession, duration, statementText } from "../text/wording.ts";
import { loadShares } from "./insights.ts";
import { lagsByTheClock } from "./lag-pace.ts";
import { replaySuspects } from "./replay-wait.ts";
import { ownReplication, type ReplicaFact } from "./replica-facts.ts";
import type { View } from "./view.ts";

/** Whom replay waits for on a standby whose own word of replay was not had; empty where that it waits was not seen. */
export interface OlderThanLag {
  /** "; replay waits: …; as old as the lag here is only …". */
  readonly says: string;
  readonly evidence: readonly { readonly source: string; readonly says: string }[];
}

const nobody: OlderThanLag = { says: "", evidence: [] };

/**
 * Of the replica of PostgreSQL that was looked at, applies next to nothing, and whose replay was seen to wait for a query.
 * It waits for who sees rows that are gone on the primary: a statement as old as the lag, or younger ones one after the
 * other. It names and offers nothing, and explains nothing: whose rows they are was not seen.
 */
export function olderThanLag(view: View, { subject, lagSeconds, doubt }: ReplicaFact): OlderThanLag {
  const { engine, flavour, name } = view.evidence.target;
  if (engine !== "postgres" || flavour === "aurora" || subject !== name || doubt !== undefined) return nobody;
  if (ownReplication(view).length > 0 || lagSeconds === null || !lagsByTheClock(view)) return nobody;
  const waits = replayWaits(view);
  if (waits === "") return nobody;
  const older = replaySuspects(view)
    .sessions.filter(({ state, keepsSnapshot }) => state === "active" || keepsSnapshot === true)
    .filter((one) => (one.transactionSeconds ?? 0) >= lagSeconds);
  const [oldest] = older.toSorted((a, b) => (b.transactionSeconds ?? 0) - (a.transactionSeconds ?? 0));
  if (oldest === undefined) return { ...nobody, says: waits };
  const source = "postgres-sessions";
  const who = describeSession(oldest, "postgres");
  const which = older.length === 1 ? "is only" : `are ${older.length} statements, the oldest of`;
  const statement = statementText(oldest.query) ?? "its statement is not known";
  return {
    says: `${waits}; as old as the lag here ${which} ${who}, for ${duration(oldest.transactionSeconds)}`,
    evidence: [
      { source, says: `of ${who}: ${statement}` },
      {
        source: "engine",
        says: "replay goes on when the query that it waits for ends, or after max_standby_streaming_delay, which cancels it; that may be this one, if its database is that of the rows, or younger ones that came one after the other",
      },
    ],
  };
}

/** The startup process is one: so much of its time. */
const mostly = 0.5;

function replayWaits(view: View): string {
  const seen = loadShares(view, "wait-event").find(({ name }) => name === "IPC:RecoveryConflictSnapshot");
  return seen === undefined || seen.load < mostly
    ? ""
    : "; replay waits: a query on it still needs rows that were removed on the primary (IPC:RecoveryConflictSnapshot)";
}
