import type { Session } from "../contract/session.ts";
import { duration, plural } from "../text/wording.ts";
import { explainsPressure } from "./capacity.ts";
import { isMany } from "./severity.ts";
import type { View } from "./view.ts";

type RipeningSession = Pick<Session, "state" | "stateSeconds" | "statementSeconds" | "transactionSeconds">;

export interface Ripeness {
  readonly ripe: boolean;
  /** "it has been idle for 4 min", or what it is still too young for. */
  readonly because: string;
}

/**
 * Whether it has gone on for long enough that something may be done about it (SPEC T: 60 s idle, 300 s running), or so
 * many wait, or slots run out, that waiting is no longer an answer. Before that it is told, and looked at again: most
 * of what is seen in its first seconds ends by itself. A request that others queue behind has done its harm for as
 * long as it has queued (`queuedSeconds`, at least), however long its statement worked before.
 */
export function ripenessOf(
  view: View,
  { session }: { readonly session: RipeningSession | null },
  blocked: number,
  allBlocked: number,
  queuedSeconds?: number | null,
): Ripeness {
  if (isMany(blocked, view.server?.maxConnections ?? null)) {
    return { ripe: true, because: `${plural(blocked, "session")} wait` };
  }
  if (explainsPressure(view, blocked, allBlocked).length > 0) {
    return {
      ripe: true,
      because: `${plural(blocked, "waiting session")} of its take the last connection slots`,
    };
  }
  // Nothing runs and nothing idles: a prepared transaction is a person's at any age.
  if (session === null) return { ripe: true, because: "it has no session" };
  const active = session.state === "active";
  const queued = active && queuedSeconds !== undefined;
  const age = (queued ? queuedSeconds : active ? runningSeconds(session) : session.stateSeconds) ?? 0;
  const { idleInTransactionSeconds, killCandidateSeconds } = view.thresholds;
  const bar = active ? killCandidateSeconds : idleInTransactionSeconds;
  const doing = queued ? "queued" : active ? "run" : "been idle";
  return {
    ripe: age >= bar,
    because: `it has ${doing} for ${duration(age)}${age >= bar ? `, at least ${duration(bar)}` : ` only, and the bar is ${duration(bar)}, or many that wait`}`,
  };
}

/** A procedure that commits in chunks lets go at each COMMIT: it holds no lock for longer than its transaction's age. */
function runningSeconds({
  statementSeconds,
  stateSeconds,
  transactionSeconds,
}: RipeningSession): number | null {
  const statement = statementSeconds ?? stateSeconds;
  if (statement === null || transactionSeconds === null) return statement;
  return Math.min(statement, transactionSeconds);
}
