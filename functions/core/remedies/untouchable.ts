import type { Session } from "../contract/session.ts";
import { protectedName } from "../facts/protected.ts";
import type { Policy } from "../settings.ts";
import { endingText } from "../text/ending-text.ts";
import { neverAloneBecause, neverAloneTarget } from "../text/never-alone.ts";
import { withoutLeadingComments } from "../text/statement-parts.ts";
import { waitKindOf } from "../text/wait-kind.ts";

const becauseOfKind = {
  client: null,
  "parallel-worker": "it is a parallel worker; only its leader can be cancelled",
  replication: "it is a replication session",
  event:
    "it is a job of the event scheduler, whose earlier steps, if it has any, are committed: who owns it ends it (KILL, and ALTER EVENT … DISABLE so that it does not come again)",
  autovacuum: "it is an autovacuum worker, which gives way by itself when it blocks a lock request",
  system: "it belongs to the database server",
} as const satisfies Record<Session["kind"], string | null>;

/**
 * Why a session must not even be proposed for a kill (SPEC A40); null when nothing speaks against it.
 * The action asks again just before it acts: this only keeps a wrong idea from reaching a person.
 */
export function untouchableBecause(session: Session, policy: Policy): string | null {
  if (session.own) return "it is the responder's own session";
  const ending = endingText(session);
  if (ending !== null) return `it ${ending}, which nothing makes faster`;
  if (session.wraparound) return "it is an anti-wraparound autovacuum: cancelled, it starts again at once";
  if (session.state === "active" && waitKindOf(session.waitEvent) === "commit-awaits-replica")
    return neverAloneBecause("commit-awaits-replica").says;
  if (
    session.prepared ||
    (session.state !== "active" && preparing.test(withoutLeadingComments(session.query ?? "")))
  )
    return "its XA transaction is prepared, and stays so without its session: XA COMMIT or XA ROLLBACK finishes it, and no kill";
  if (session.transactionUnknown) return "whether it has a transaction open could not be seen";
  return (
    becauseOfKind[session.kind] ??
    (session.superuser ? "it is a superuser's session" : null) ??
    protectedName("user", session.user, policy.protectedUsers) ??
    protectedName("application", session.application, policy.protectedApplications) ??
    protectedStatement(session.query, policy)
  );
}

/** Of MySQL before 8.0.29, of MariaDB, and with xa_detach_on_prepare off: later the session lets go of it at once. */
const preparing = /^xa\s+prepare\b/i;

export function protectedStatement(query: string | null, policy: Policy): string | null {
  if (query === null) return null;
  if (query.toLowerCase().includes(policy.optOutComment.toLowerCase()))
    return `its statement carries ${policy.optOutComment}`;
  const pattern = policy.protectedQueries.find((source) => matches(source, query));
  return pattern === undefined ? null : `its statement matches the protected pattern ${pattern}`;
}

/** A pattern that is not a regular expression protects everything: what it was to protect is not known. */
function matches(source: string, query: string): boolean {
  try {
    return new RegExp(source, "i").test(query);
  } catch {
    return true;
  }
}

/**
 * Whether only a person may end it: administrators, and applications that sign in as one, as far as the look can tell
 * them. The statement is shown, since in the night it may be the one that is needed.
 */
export function isLeftToPerson({ administrator }: Session, policy: Policy): boolean {
  return administrator === true && !policy.actOnAdministrators;
}

/** Why what it runs or waits for is none of the responder's business (text/never-alone); null when it may be. */
export function leftAloneBecause(session: Session): string | null {
  return neverAloneTarget(session)?.says ?? null;
}
