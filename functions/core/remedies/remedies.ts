import { cancelQueryOffer } from "../actions/database/cancel-query.ts";
import { terminateSessionOffer } from "../actions/database/terminate-session.ts";
import type { ActionOffer } from "../actions/define.ts";
import { propose, proposeManual } from "../actions/propose.ts";
import { type SessionTarget, sessionTargetOf } from "../actions/signals/session-target.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { PreparedTransaction } from "../contract/locks.ts";
import type { NeverAloneKind, Proofs } from "../contract/proof.ts";
import type { Session } from "../contract/session.ts";
import type { View } from "../facts/view.ts";
import { neverAloneBecause, neverUnasked } from "../text/never-alone.ts";
import { sqlLiteral } from "../text/sql-literal.ts";
import { isConcurrentBuild, isGradualDetach } from "../text/statement-kind.ts";
import { duration } from "../text/wording.ts";
import { isUnnamed, xaNameText } from "../text/xa-name.ts";
import { costsOf } from "./costs.ts";
import { endsWithItsStatement } from "./ends-with-its-statement.ts";
import { rollbackText } from "./rollback-text.ts";
import { isLeftToPerson, untouchableBecause } from "./untouchable.ts";

export interface Relief {
  /** Sessions that go on when this one alone ends; 0 leaves it to a person. Null when freeing is not what it is for. */
  readonly frees: number | null;
  readonly longestWaitSeconds: number | null;
  /** What else a person has to know before saying yes. */
  readonly also: readonly string[];
  /** The lock is meant to be waited for: only a person knows whether its holder has to go. */
  readonly onPurpose?: boolean;
  /** What the evidence shows of it (SPEC D11). Left out: not shown, so that a person decides. */
  readonly proofs?: Proofs;
  /** What it has not lasted long enough for: told until then, and left to a person. */
  readonly tooYoung?: string;
  readonly neverAlone?: NeverAloneKind;
}

/**
 * Ends the statement, keeps the connection. Nothing when the session must not be touched, or when the server does
 * not name its statement: a cancel could then hit a later one, and the action would refuse.
 */
export function cancelStatement(view: View, session: Session, relief: Relief): readonly ProposedAction[] {
  if (session.statementKey === null || untouchableBecause(session, view.policy) !== null) return [];
  const consequence = sentence([
    "the running statement fails with an error the application sees",
    transactionText(view, session),
    rollbackText(view, session),
    ...leftovers(session),
    ...relief.also,
  ]);
  return [asFarAs(view, session, relief, cancelQueryOffer, consequence)];
}

function transactionText(view: View, session: Session): string {
  if (endsWithItsStatement(view, session))
    return "it is a transaction of its own, so that its locks go with it";
  return view.evidence.target.engine === "postgres"
    ? "its transaction is aborted and gives its locks back, unless a savepoint was set: those from before it then stay"
    : "its transaction stays open and may keep all its locks, those of the cancelled statement too, until the application ends it";
}

/** Ends the session: the only cure for one that runs no statement. Nothing when it must not be touched. */
export function endSession(view: View, session: Session, relief: Relief): readonly ProposedAction[] {
  if (untouchableBecause(session, view.policy) !== null) return [];
  const consequence = sentence([
    "the connection is closed and its open transaction rolls back",
    view.evidence.target.engine === "postgres"
      ? "temporary tables, cursors WITH HOLD, prepared statements and LISTEN registrations of the session, if it has any, go with it"
      : "temporary tables of the session, if it has any, go with it",
    rollbackText(view, session),
    ...leftovers(session),
    "the application sees a broken connection and has to repeat its work",
    ...relief.also,
  ]);
  return [asFarAs(view, session, relief, terminateSessionOffer, consequence)];
}

const administrators =
  "it is signed in as an administrator, a member of rds_superuser, so a person decides (better the application gets a user of its own; policy.actOnAdministrators releases it)";

/** What would free nobody, is too young, or ends what is meant to last, or an administrator, is shown and never done unasked. */
function asFarAs(
  view: View,
  session: Session,
  relief: Relief,
  offer: ActionOffer<string, SessionTarget>,
  consequence: string,
): ProposedAction {
  const { evidence, policy } = view;
  const { frees, longestWaitSeconds, onPurpose = false, tooYoung } = relief;
  const byHand = frees === 0 || onPurpose || tooYoung !== undefined;
  const left = isLeftToPerson(session, policy);
  const input = sessionTargetOf(session, longestWaitSeconds, {
    // By hand it is meant although it is an administrator's.
    actOnAdministrators: policy.actOnAdministrators || left,
  });
  const remarks = [
    ...(left ? [`Left to a person: ${administrators}.`] : []),
    ...(tooYoung === undefined ? [] : [`Not yet the responder's to do: ${tooYoung}.`]),
  ];
  const proposal = propose(offer, input, evidence.target, {
    consequence: [consequence, ...remarks].join(" "),
    frees: byHand && tooYoung === undefined ? null : frees,
  });
  const never =
    relief.neverAlone === undefined
      ? neverUnasked({ ...input, keepsSnapshot: session.keepsSnapshot })
      : neverAloneBecause(relief.neverAlone);
  const costs = relief.proofs?.costs ?? costsOf(view, session);
  return {
    ...proposal,
    ...relief.proofs,
    ...(costs === undefined ? {} : { costs }),
    ...(never === null ? {} : { neverAlone: never }),
    automatic: proposal.automatic && !byHand && !left,
  };
}

/** https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY, and REINDEX's page. */
function leftovers({ query }: Session): readonly string[] {
  if (isGradualDetach(query)) {
    return [
      "the partition may stay half detached, which only ALTER TABLE … DETACH PARTITION … FINALIZE ends, and no other of the table is detached so until then",
    ];
  }
  return isConcurrentBuild(query)
    ? ["what it has built stays as an invalid index, which slows every write until somebody drops it"]
    : [];
}

function sentence(parts: readonly string[]): string {
  return `${parts.join("; ")}.`.replace(/^./, (first) => first.toUpperCase());
}

/**
 * A prepared transaction has no session: only its owner's decision ends it, and both ways are final.
 * https://www.postgresql.org/docs/current/sql-rollback-prepared.html
 * https://dev.mysql.com/doc/refman/8.4/en/xa-statements.html
 * https://mariadb.com/docs/server/reference/sql-statements/transactions/xa-transactions
 */
export function finishPrepared(view: View, prepared: PreparedTransaction): ProposedAction {
  const postgres = view.evidence.target.engine === "postgres";
  const where = postgres
    ? ` Run it in database ${prepared.database ?? "(not known)"} as ${prepared.owner ?? "its owner"} or a superuser.`
    : " XA RECOVER lists it with its format id; a branch with one needs all three parts of its name.";
  const name = postgres ? null : xaNameText(prepared.gid);
  return proposeManual({
    id: "finish-prepared-transaction",
    spec: ["A5"],
    risk: "irreversible",
    preview: postgres
      ? `ROLLBACK PREPARED ${sqlLiteral(prepared.gid, "postgres")}`
      : finishXa(view.evidence.target.engine, prepared),
    describes: `prepared transaction ${prepared.gid}${name === null ? "" : ` (${name})`}, ${duration(prepared.ageSeconds)} old`,
    consequence: `${
      postgres ? "COMMIT PREPARED" : "XA COMMIT"
    } keeps its changes, this loses them; the transaction manager that prepared it must decide which. No kill helps: there is no session.${where}`,
  });
}

const mostShown = 5;

/** Candidates stand in comments: pasted whole, it ends none of them. */
function finishXa(engine: string, { gid, candidates = [] }: PreparedTransaction): string {
  if (!isUnnamed({ gid })) return `XA ROLLBACK ${xid(gid)}`;
  const list = engine === "mariadb" ? "XA RECOVER FORMAT='SQL'" : "XA RECOVER CONVERT XID";
  // MySQL shows the name only to XA_RECOVER_ADMIN; without it the probe knows InnoDB's number, which XA does not take.
  const shown = candidates.slice(0, mostShown).map((id) => {
    const name = xaNameText(id);
    return `\n-- XA ROLLBACK ${xid(id)};${name === null ? "" : ` ${name}`}`;
  });
  const more = candidates.length > mostShown ? `\n-- and ${candidates.length - mostShown} more` : "";
  return `${list}; -- then XA ROLLBACK or XA COMMIT of the one that is ${gid}${shown.length === 0 ? "" : "; InnoDB does not say which of these it is:"}${shown.join("")}${more}`;
}

/** A gid that is written as a literal, or as its parts, stays as it is. */
function xid(gid: string): string {
  return /^(x'|0x|')/i.test(gid) ? gid : sqlLiteral(gid, "mysql");
}
