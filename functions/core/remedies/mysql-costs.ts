import type { Proof } from "../contract/proof.ts";
import type { Session } from "../contract/session.ts";
import type { View } from "../facts/view.ts";
import { isReadOnlyStatement } from "../text/statement-kind.ts";
import { duration, plural } from "../text/wording.ts";
import { workedSeconds } from "./worked-seconds.ts";

/**
 * What is lost on MySQL and MariaDB. A rollback undoes what InnoDB counts, and nothing else: a procedure or an event has
 * committed its earlier steps and does not come to its later ones, tables of other engines keep what was written, a view
 * may call a function that writes, a request for a lock (DDL, LOCK TABLES, FLUSH) may be one step of many. Known and
 * bearable is therefore an idle transaction with few rows, and nothing that runs.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-autocommit-commit-rollback.html
 * https://dev.mysql.com/doc/refman/8.4/en/nontransactional-tables.html
 */
export function mysqlCosts(view: View, session: Session): Proof | undefined {
  const says = ofTransaction(view, session);
  return says === null ? undefined : { says, source: "mysql-sessions" };
}

function ofTransaction(view: View, session: Session): string | null {
  const { rowsModified, state } = session;
  const { maxRollbackRows, maxLostWorkSeconds } = view.policy;
  if (!state.startsWith("idle-in-transaction") || rowsModified === null) return null;
  const worked = workedSeconds(session);
  if (rowsModified > maxRollbackRows || worked === null || worked > maxLostWorkSeconds) return null;
  return rowsModified === 0
    ? "its open transaction has changed no rows"
    : `${plural(rowsModified, "changed row")} of its open transaction roll back, no more than policy.maxRollbackRows (${duration(worked)} of work)`;
}

/**
 * Whether a running statement may have done much that InnoDB does not count: all but a SELECT can. Who waits for a
 * metadata lock has not begun. https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html
 */
export function isUncounted({ state, query, waitEvent, rowsModified }: Session): boolean {
  if (state !== "active" || rowsModified === null) return false;
  return !/^waiting for .*(lock|flush)/i.test(waitEvent ?? "") && !isReadOnlyStatement(query);
}
