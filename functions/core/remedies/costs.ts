import type { Proof } from "../contract/proof.ts";
import type { Session } from "../contract/session.ts";
import type { View } from "../facts/view.ts";
import { isBuildStatement } from "../text/statement-kind.ts";
import { duration } from "../text/wording.ts";
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
  if (view.evidence.target.engine !== "postgres") return mysqlCosts(view, session, waitedSeconds);
  const worked = workedSeconds(session, waitedSeconds);
  if (worked === null || worked > view.policy.maxLostWorkSeconds) return undefined;
  const idleSoFar = waitedSeconds !== null && worked < noWorkSeconds;
  // Only what takes its lock before the work has done none.
  if (session.state === "active" && isBuildStatement(session.query) && !idleSoFar) return undefined;
  return {
    says: `${idleSoFar ? "it has done nothing yet that could be lost" : `what its transaction did in ${duration(worked)} of work is undone`}, and nobody else's work`,
    source: "postgres-sessions",
  };
}

/** Less than this between a start and a wait is none. */
const noWorkSeconds = 2;

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
