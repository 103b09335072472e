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
 * Whether it has gone on for long enough that something may be done about it (SPEC T: 60 s idle, 300 s running). Where
 * many wait or slots run out, it need be only as old as `manyWaitingSeconds`: a migration that commits, the swap of an
 * online schema change, hold up a crowd for a second or two and end by themselves. Before that it is told, and looked
 * at again. A request that others queue behind has done its harm for as long as it has queued (`queuedSeconds`, at
 * least), however long its statement worked before.
 */
export function ripenessOf(
  view: View,
  { session }: { readonly session: RipeningSession | null },
  blocked: number,
  allBlocked: number,
  queuedSeconds?: number | null,
): Ripeness {
  // Nothing runs and nothing idles: a prepared transaction is a person's at any age.
  if (session === null) return { ripe: true, because: "it has no session" };
  const active = session.state === "active";
  const queued = active && queuedSeconds !== undefined;
  const known = queued ? queuedSeconds : active ? runningSeconds(session) : session.stateSeconds;
  const { idleInTransactionSeconds, killCandidateSeconds, manyWaitingSeconds } = view.thresholds;
  const usual = active ? killCandidateSeconds : idleInTransactionSeconds;
  const crowd = crowdOf(view, blocked, allBlocked);
  const bar = crowd === null ? usual : Math.min(usual, manyWaitingSeconds);
  const did = queued ? "queued" : active ? "run" : "been idle";
  if (known === null) return { ripe: false, because: `for how long it has ${did} is not known` };
  const ripe = known >= bar;
  const doing = `it has ${did} for ${duration(known)}`;
  const said = ripe
    ? `${doing}, at least ${duration(bar)}`
    : `${doing} only, and the bar is ${duration(bar)}`;
  if (crowd !== null) return { ripe, because: `${crowd}, and ${said}` };
  return { ripe, because: ripe ? said : `${said}, or ${duration(manyWaitingSeconds)} where many wait` };
}

function crowdOf(view: View, blocked: number, allBlocked: number): string | null {
  if (isMany(blocked, view.server?.maxConnections ?? null)) return `${plural(blocked, "session")} wait`;
  if (explainsPressure(view, blocked, allBlocked).length === 0) return null;
  return `${plural(blocked, "waiting session")} of its take the last connection slots`;
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
