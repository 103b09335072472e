import type { Proof } from "../contract/proof.ts";
import type { Session } from "../contract/session.ts";
import type { View } from "../facts/view.ts";
import { isDdlOnly } from "../text/statement-kind.ts";
import { duration } from "../text/wording.ts";
import { endsWithItsStatement } from "./ends-with-its-statement.ts";
import { mysqlCosts } from "./mysql-costs.ts";

/**
 * What is lost when this session's work ends; undefined where that is not known, or is more than may be lost without
 * a person. InnoDB undoes row by row, about as long as it took to write them, and counts them. PostgreSQL undoes at
 * once and counts nothing: there the time that its transaction has really worked bounds what has to be done again.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-autocommit-commit-rollback.html
 * https://www.postgresql.org/docs/current/mvcc-intro.html
 */
export function costsOf(
  view: View,
  session: Session,
  waitedSeconds: number | null = null,
): Proof | undefined {
  if (view.evidence.target.engine !== "postgres") return mysqlCosts(view, session);
  const worked = workedSeconds(session, waitedSeconds);
  if (worked === null || worked > view.policy.maxLostWorkSeconds) return undefined;
  const says =
    session.state === "active" ? ofRequest(view, session, worked, waitedSeconds) : ofIdle(session, worked);
  return says === null ? undefined : { says, source: "postgres-sessions" };
}

/**
 * Of what runs only a request that has done nothing is known, in a transaction of its own: what writes may have triggers,
 * what reads may call functions by views, casts and operators, and what those did elsewhere no rollback undoes.
 */
function ofRequest(
  view: View,
  session: Session,
  worked: number,
  waitedSeconds: number | null,
): string | null {
  const nothing = waitedSeconds !== null && worked < noWorkSeconds && isDdlOnly(session.query);
  return nothing && endsWithItsStatement(view, session)
    ? "it has done nothing yet that could be lost, and nobody else's work"
    : null;
}

/** Less than this between a start and a wait is none. */
const noWorkSeconds = 2;

/** One without a name may be dblink's far end, and what its other end has done meanwhile is lost with it. */
function ofIdle({ application }: Session, worked: number): string | null {
  return application
    ? `what it did here in ${duration(worked)} of work is undone; what its client did meanwhile is not seen`
    : null;
}

/** How long its transaction or statement has been at work, and not idle or waiting; null when that cannot be told. */
function workedSeconds(session: Session, waitedSeconds: number | null): number | null {
  const { state, stateSeconds, transactionSeconds, statementSeconds } = session;
  const open = transactionSeconds ?? statementSeconds;
  if (state === "active") {
    // A procedure that commits in chunks is older than its transaction, and is run all again.
    return open === null ? null : Math.max(0, Math.max(open, statementSeconds ?? 0) - (waitedSeconds ?? 0));
  }
  return open === null || stateSeconds === null ? null : Math.max(0, open - stateSeconds);
}
