import type { Proof } from "../contract/proof.ts";
import type { Session } from "../contract/session.ts";
import type { View } from "../facts/view.ts";
import { duration } from "../text/wording.ts";
import { mysqlCosts } from "./mysql-costs.ts";
import { workedSeconds } from "./worked-seconds.ts";

/**
 * What is lost when this idle session's work ends; undefined where that is not known, or is more than may be lost without
 * a person. Of what is at work nothing is known: what it writes may have triggers, what it reads may call functions by
 * views, casts and operators, and what those did elsewhere no rollback undoes. InnoDB undoes row by row, about as long as
 * it took to write them, and counts them. PostgreSQL undoes at once and counts nothing: there the time that its
 * transaction has really worked bounds what has to be done again.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-autocommit-commit-rollback.html
 * https://www.postgresql.org/docs/current/mvcc-intro.html
 */
export function costsOf(view: View, session: Session): Proof | undefined {
  if (session.state === "active") return undefined;
  if (view.evidence.target.engine !== "postgres") return mysqlCosts(view, session);
  const worked = workedSeconds(session);
  // One without a name may be dblink's far end, and what its other end has done meanwhile is lost with it.
  if (worked === null || worked > view.policy.maxLostWorkSeconds || !session.application) return undefined;
  return {
    says: `what it did here in ${duration(worked)} of work is undone; what its client did meanwhile is not seen`,
    source: "postgres-sessions",
  };
}
