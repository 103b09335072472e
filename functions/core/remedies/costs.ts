import type { Proof } from "../contract/proof.ts";
import type { Session } from "../contract/session.ts";
import type { View } from "../facts/view.ts";
import { isBuildStatement, isOpaqueStatement, isReadOnlyStatement } from "../text/statement-kind.ts";
import { duration, plural } from "../text/wording.ts";

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
  const source = view.evidence.target.engine === "postgres" ? "postgres-sessions" : "mysql-sessions";
  const { rowsModified } = session;
  const worked = workedSeconds(session, waitedSeconds);
  const most = view.policy.maxLostWorkSeconds;
  if (isBuilding(view, session, worked, waitedSeconds) || isUncounted(session)) return undefined;
  if (isNameless(view, session)) return undefined;
  if (rowsModified !== null) {
    // What it has read and computed is lost with them.
    if (rowsModified > view.policy.maxRollbackRows || worked === null || worked > most) return undefined;
    const says =
      rowsModified === 0
        ? "its open transaction has changed no rows"
        : `${plural(rowsModified, "changed row")} of its open transaction roll back, no more than policy.maxRollbackRows`;
    return { says, source };
  }
  const countable = view.evidence.target.engine === "postgres" || waitedSeconds !== null;
  if (worked === null || !countable || worked > most) return undefined;
  return { says: lostText(session, worked, waitedSeconds), source };
}

function lostText({ state }: Session, worked: number, waitedSeconds: number | null): string {
  if (state !== "active")
    return `what it did here in ${duration(worked)} of work is undone; what its client did meanwhile is not seen`;
  return `${waitedSeconds !== null && worked < noWorkSeconds ? "it has done nothing yet that could be lost" : `what its transaction did in ${duration(worked)} of work is undone`}, and nobody else's work`;
}

/** dblink's far end has no name, and what its other end has done meanwhile is lost with it. */
function isNameless(view: View, { state, application }: Session): boolean {
  return view.evidence.target.engine === "postgres" && state !== "active" && !application;
}

/** Whole seconds on MySQL: less than this between a start and a wait is none. */
const noWorkSeconds = 2;

/**
 * DDL is done all again, and no row tells of what it has built; nor does a procedure's text, of which MySQL keeps what it
 * has committed. On PostgreSQL the lock tells, whoever asked for it: no statement on rows shuts out others' writes or
 * reads of a table. Only PostgreSQL takes its lock before the work and says since when it is waited for: MySQL queues
 * once more at the end of an online build.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-performance.html
 */
function isBuilding(
  view: View,
  session: Session,
  worked: number | null,
  waitedSeconds: number | null,
): boolean {
  const { state, query } = session;
  if (state !== "active") return false;
  if (!isBuildStatement(query) && !isOpaqueStatement(query) && !holdsTable(view, session)) return false;
  const idleSoFar = waitedSeconds !== null && worked !== null && worked < noWorkSeconds;
  return view.evidence.target.engine !== "postgres" || !idleSoFar;
}

const wholeTable = new Set(["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"]);

function holdsTable({ forests }: View, { id }: Session): boolean {
  const nodes = (forests ?? []).flatMap((forest) =>
    forest.nodes.filter(({ key }) => key === `session:${id}`),
  );
  return nodes.some(({ holds }) =>
    holds.some(({ objectKind, mode }) => objectKind === "table" && wholeTable.has(mode)),
  );
}

/**
 * Whether a running statement of MySQL or MariaDB may have done much that InnoDB does not count: all but a SELECT can.
 * Rows that are counted are this statement's only where the transaction is its own; who waits for a metadata lock has
 * not begun. https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html
 */
export function isUncounted({ state, query, waitEvent, rowsModified, autocommit }: Session): boolean {
  if (state !== "active" || rowsModified === null) return false;
  if (rowsModified > 0 && autocommit === true) return false;
  return !/^waiting for .*(lock|flush)/i.test(waitEvent ?? "") && !isReadOnlyStatement(query);
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
