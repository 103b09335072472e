import type { Explanation } from "../contract/explanation.ts";
import { describeSession, duration, statementText } from "../text/wording.ts";
import { loadShares } from "./insights.ts";
import { lagsByTheClock } from "./lag-pace.ts";
import { replaySuspects } from "./replay-wait.ts";
import { ownReplication, type ReplicaFact } from "./replica-facts.ts";
import type { View } from "./view.ts";

/** Whom replay may wait for on a standby whose own word of replay was not had; all of it empty where nobody is. */
export interface OlderThanLag {
  /** "; replay waits: …; as old as the lag here is only …". */
  readonly says: string;
  readonly evidence: readonly { readonly source: string; readonly says: string }[];
  readonly explains: readonly Explanation[];
}

const nobody: OlderThanLag = { says: "", evidence: [], explains: [] };

/**
 * Of the replica of PostgreSQL that was looked at, and that applies next to nothing. What began after replay had stopped is not what it waits for: a
 * transaction as old as the lag may be. It names and offers nothing: where one alone is as old, and it was seen that replay
 * waits for a query, that is likely, and not proved.
 */
export function olderThanLag(view: View, { subject, lagSeconds, doubt }: ReplicaFact): OlderThanLag {
  const { engine, flavour, name } = view.evidence.target;
  if (engine !== "postgres" || flavour === "aurora" || subject !== name || doubt !== undefined) return nobody;
  if (ownReplication(view).length > 0 || lagSeconds === null || !lagsByTheClock(view)) return nobody;
  const older = replaySuspects(view).sessions.filter((one) => (one.transactionSeconds ?? 0) >= lagSeconds);
  const [oldest] = older.toSorted((a, b) => (b.transactionSeconds ?? 0) - (a.transactionSeconds ?? 0));
  const waits = replayWaits(view);
  if (oldest === undefined) return { ...nobody, says: waits };
  const source = "postgres-sessions";
  const who = describeSession(oldest, "postgres");
  const which = older.length === 1 ? "is only" : `are ${older.length} transactions, the oldest of`;
  const statement = statementText(oldest.query) ?? "its statement is not known";
  const because = "replay waits for a query, and no other is as old as the lag";
  const running = { cause: "long-running-query", subject: `session:${oldest.id}`, because } as const;
  return {
    says: `${waits}; as old as the lag here ${which} ${who}, for ${duration(oldest.transactionSeconds)}`,
    evidence: [
      { source, says: `of ${who}: ${statement}` },
      {
        source: "engine",
        says: "if replay waits for it, replay goes on when that transaction ends, or after max_standby_streaming_delay, which cancels it",
      },
    ],
    explains: waits === "" || older.length > 1 ? [] : [running],
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
