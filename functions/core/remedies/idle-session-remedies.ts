import { endIdleSessionsOffer } from "../actions/database/end-idle-sessions.ts";
import { propose } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import type { Owner } from "./owner.ts";

interface IdleGroup {
  readonly owner: Owner;
  readonly state: "idle" | "idle-in-transaction";
  readonly overSeconds: number;
  readonly count: number;
  readonly consequence: string;
}

/** No order ends more. */
const mostEnded = 100;

/**
 * A3 as an action, each session by the guards of terminate-session; asked about. Only where policy lets one order hit
 * several: by default it does not, and the statement is a person's.
 */
export function endIdleGroup(
  { evidence: { target }, policy }: View,
  { owner: { user, application, client }, state, overSeconds, count, consequence }: IdleGroup,
): readonly ProposedAction[] {
  const most = Math.min(count, policy.maxSessionsPerAction, mostEnded);
  if (most < 2 || user === null) return [];
  // On MySQL and MariaDB no client means any; on PostgreSQL the local socket.
  const from = client === null && target.engine !== "postgres" ? {} : { client };
  const input = {
    user,
    application,
    ...from,
    state,
    overSeconds: Math.max(1, Math.round(overSeconds)),
    most,
  };
  return [propose(endIdleSessionsOffer, input, target, { frees: null, consequence })];
}
