import { endIdleSessionsOffer } from "../actions/database/end-idle-sessions.ts";
import { propose } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { Target } from "../contract/target.ts";
import type { View } from "../facts/view.ts";
import type { Owner } from "./owner.ts";

interface IdleGroup {
  readonly owner: Owner;
  readonly state: "idle" | "idle-in-transaction";
  readonly overSeconds: number;
  readonly count: number;
}

const effects = {
  idle: "Pools open new connections when they need them; an application that does not check its connections sees errors.",
  "idle-in-transaction":
    "What these transactions have changed rolls back, and the application sees broken connections.",
} as const;

function stays({ engine }: Target, state: IdleGroup["state"]): string {
  const seen = {
    postgres: ", and from PostgreSQL 16 on who has temporary tables",
    mysql: " where metadata locks are recorded",
    mariadb: " where metadata locks are recorded, which on MariaDB they mostly are not",
  } as const;
  const kept =
    engine === "postgres"
      ? "an advisory lock or a whole table, or listens, stays"
      : "GET_LOCK or LOCK TABLES stays";
  const leases = {
    postgres:
      " Whose last statement says SKIP LOCKED, NOWAIT, LOCK, DECLARE or FETCH, or is not seen whole, stays; a lease by a function, a view or EXECUTE is not seen, and its job would run twice.",
    mysql:
      " Whose last statement says SKIP LOCKED or NOWAIT, or is not recorded whole, stays; a lease by CALL or EXECUTE is not seen, and its job would run twice.",
    mariadb: " Whether one leases rows (SKIP LOCKED) is not seen: jobs of such workers would run twice.",
  } as const;
  return `Each is judged by the guards first; who holds ${kept}${seen[engine]}.${state === "idle" ? "" : leases[engine]} The cause stays, too.`;
}

/** No order ends more. */
const mostEnded = 100;

/**
 * A3 as an action, each session by the guards of terminate-session; asked about. Only where policy lets one order hit
 * several: by default it does not, and the statement is a person's.
 */
export function endIdleGroup(
  { evidence: { target }, policy }: View,
  { owner: { user, application, client }, state, overSeconds, count }: IdleGroup,
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
  return [
    propose(endIdleSessionsOffer, input, target, {
      frees: null,
      consequence: `${effects[state]} ${stays(target, state)}`,
    }),
  ];
}
