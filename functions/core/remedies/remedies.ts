import { cancelQuery } from "../actions/database/cancel-query.ts";
import { terminateSession } from "../actions/database/terminate-session.ts";
import { propose, proposeManual } from "../actions/propose.ts";
import { sessionTargetOf } from "../actions/signals/session-target.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { PreparedTransaction } from "../contract/locks.ts";
import type { Session } from "../contract/session.ts";
import type { View } from "../facts/view.ts";
import { sqlLiteral } from "../text/sql-literal.ts";
import { duration, plural } from "../text/wording.ts";
import { untouchableBecause } from "./untouchable.ts";

export interface Relief {
  readonly frees: number | null;
  readonly longestWaitSeconds: number | null;
  /** What else a person has to know before saying yes. */
  readonly also: readonly string[];
}

/**
 * Ends the statement, keeps the connection. Nothing when the session must not be touched, or when the server does
 * not name its statement: a cancel could then hit a later one, and the action would refuse.
 */
export function cancelStatement(view: View, session: Session, relief: Relief): readonly ProposedAction[] {
  if (session.statementKey === null || untouchableBecause(session, view.policy) !== null) return [];
  const { target } = view.evidence;
  // https://dev.mysql.com/doc/refman/8.4/en/kill.html: KILL QUERY rolls back the statement, not the transaction.
  const transaction =
    target.engine === "postgres"
      ? "its transaction is aborted and gives its locks back"
      : "its transaction stays open and keeps what earlier statements of it have locked";
  const consequence = sentence([
    "the running statement fails with an error the application sees",
    transaction,
    rollback(view, session),
    ...relief.also,
  ]);
  return [
    propose(cancelQuery, sessionTargetOf(session, relief.longestWaitSeconds, view.policy), target, {
      consequence,
      frees: relief.frees,
    }),
  ];
}

/** Ends the session: the only cure for one that runs no statement. Nothing when it must not be touched. */
export function endSession(view: View, session: Session, relief: Relief): readonly ProposedAction[] {
  if (untouchableBecause(session, view.policy) !== null) return [];
  const consequence = sentence([
    "the connection is closed and its open transaction rolls back",
    rollback(view, session),
    "the application sees a broken connection and has to repeat its work",
    ...relief.also,
  ]);
  return [
    propose(
      terminateSession,
      sessionTargetOf(session, relief.longestWaitSeconds, view.policy),
      view.evidence.target,
      {
        consequence,
        frees: relief.frees,
      },
    ),
  ];
}

function rollback({ policy }: View, { rowsModified }: Session): string {
  if (rowsModified === null) return "how many changes roll back is not known";
  if (rowsModified === 0) return "it has changed no rows";
  const long = rowsModified > policy.maxRollbackRows ? ", which may take longer than waiting" : "";
  return `${plural(rowsModified, "changed row")} roll back${long}`;
}

function sentence(parts: readonly string[]): string {
  return `${parts.join("; ")}.`.replace(/^./, (first) => first.toUpperCase());
}

/**
 * A prepared transaction has no session: only its owner's decision ends it, and both ways are final.
 * https://www.postgresql.org/docs/current/sql-rollback-prepared.html
 * https://dev.mysql.com/doc/refman/8.4/en/xa-statements.html
 */
export function finishPrepared(view: View, prepared: PreparedTransaction): ProposedAction {
  const postgres = view.evidence.target.engine === "postgres";
  // MySQL shows the name only to XA_RECOVER_ADMIN; without it the probe knows InnoDB's number, which XA does not take.
  const unnamed = prepared.gid.startsWith("InnoDB transaction ");
  const preview = unnamed
    ? `XA RECOVER CONVERT XID; -- then XA ROLLBACK or XA COMMIT of the one that is ${prepared.gid}`
    : postgres
      ? `ROLLBACK PREPARED ${sqlLiteral(prepared.gid, "postgres")}`
      : `XA ROLLBACK ${xid(prepared.gid)}`;
  const where = postgres
    ? ` Run it in database ${prepared.database ?? "(not known)"} as ${prepared.owner ?? "its owner"} or a superuser.`
    : " XA RECOVER lists it with its format id; a branch with one needs all three parts of its name.";
  return proposeManual({
    id: "finish-prepared-transaction",
    spec: ["A5"],
    risk: "irreversible",
    preview,
    describes: `prepared transaction ${prepared.gid}, ${duration(prepared.ageSeconds)} old`,
    consequence: `${
      postgres ? "COMMIT PREPARED" : "XA COMMIT"
    } keeps its changes, this loses them; the transaction manager that prepared it must decide which. No kill helps: there is no session.${where}`,
  });
}

/** A gid that is written as a literal, or as its parts, stays as it is. */
function xid(gid: string): string {
  return /^(x'|0x|')/i.test(gid) ? gid : sqlLiteral(gid, "mysql");
}
