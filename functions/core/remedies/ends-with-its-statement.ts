import type { Session } from "../contract/session.ts";
import type { View } from "../facts/view.ts";
import { statementParts } from "../text/statement-parts.ts";

/**
 * DDL, which commits what was open before it begins; what is about temporary tables, or only explains, does not.
 * https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html, https://mariadb.com/kb/en/analyze-statement/
 */
const ownTransaction =
  /^(alter|(create|drop)(?!\s+((or\s+replace\s+)?temporary|prepare)\b)|rename|truncate|optimize|analyze\s+((local|no_write_to_binlog)\s+)?tables?|check|repair|lock\s+tables?|flush)\b/i;

/**
 * Whether the transaction ends with its running statement, so that a cancel gives its locks back. KILL QUERY rolls back
 * the statement alone: an open transaction stays, with the locks of all its statements, the cancelled one included.
 * https://dev.mysql.com/doc/refman/8.4/en/kill.html
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-error-handling.html
 * On PostgreSQL the transaction stays, with all locks from before, where a savepoint was set (Django's atomic, JDBC's
 * autosave, psql's ON_ERROR_ROLLBACK), and nothing shows savepoints: only what began with its statement ends with it.
 * https://www.postgresql.org/docs/current/sql-rollback-to.html
 */
export function endsWithItsStatement({ evidence }: View, session: Session): boolean {
  const { autocommit, query, transactionSeconds, statementSeconds } = session;
  const parts = statementParts(query ?? "");
  if (evidence.target.engine === "postgres") {
    // Of evidence from before it was asked, the ages tell, to the millisecond.
    const began = autocommit ?? (statementSeconds !== null && transactionSeconds === statementSeconds);
    return began && !isUncancelled(session) && parts.length > 0 && !parts.some((part) => opening.test(part));
  }
  return autocommit === true || (parts.length > 0 && parts.every((part) => ownTransaction.test(part)));
}

/**
 * While it reads what its client has to send, a COPY FROM STDIN takes no cancel, only the end of its session.
 * https://github.com/postgres/postgres/blob/master/src/backend/tcop/postgres.c (ProcessClientReadInterrupt)
 */
function isUncancelled({ query, waitEvent }: Session): boolean {
  return (
    /^Client[:/]ClientRead$/.test(waitEvent ?? "") && /^\s*copy\b[\s\S]*\bfrom\s+stdin\b/i.test(query ?? "")
  );
}

/** One text can open a transaction and set a savepoint before what runs. */
const opening = /^(begin|start\s+transaction|savepoint)\b/i;
