import type { Proof } from "../contract/proof.ts";
import type { Session } from "../contract/session.ts";
import type { View } from "../facts/view.ts";
import { isDdlOnly, isSurelyReading } from "../text/statement-kind.ts";
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
  const idleSoFar = waitedSeconds !== null && worked < noWorkSeconds && isDdlOnly(session.query);
  if (session.state === "active" && !idleSoFar && !onlyReads(view, session)) return undefined;
  if (isNameless(session)) return undefined;
  return { says: lostText(session, worked, idleSoFar), source: "postgres-sessions" };
}

function lostText({ state }: Session, worked: number, idleSoFar: boolean): string {
  if (state !== "active")
    return `what it did here in ${duration(worked)} of work is undone; what its client did meanwhile is not seen`;
  return idleSoFar
    ? "it has done nothing yet that could be lost, and nobody else's work"
    : `it only reads: what it has read and computed in ${duration(worked)} is lost`;
}

/** dblink's far end has no name, and what its other end has done meanwhile is lost with it. */
function isNameless({ state, application }: Session): boolean {
  return state !== "active" && !application;
}

/** Less than this between a start and a wait is none. */
const noWorkSeconds = 2;

/**
 * What writes may have triggers, and calls functions of anybody's own: what they did elsewhere (dblink, COPY … TO
 * PROGRAM) no rollback undoes, and no text shows it. Who holds a table whole builds something on it, whatever the text.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
function onlyReads(view: View, session: Session): boolean {
  return isSurelyReading(session.query) && !holdsTable(view, session);
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
