import { mysqlOldestTransactionRows } from "../probes/mysql/oldest-transaction-rows.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { mostFrequent } from "../text/most-frequent.ts";
import { statementText } from "../text/wording.ts";
import { sessionsRunning } from "./sessions-running.ts";
import { type Statement, statementsOf } from "./statements.ts";
import type { View } from "./view.ts";
import { onCpu, waitShare } from "./workload.ts";

/**
 * A stored procedure's statements are told at the call as time alone: no rows, no index, no digest of their own.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-tables.html
 */
export function isCall(query: string | null): boolean {
  return /^\s*call\b/i.test(query ?? "");
}

const mostPercent = 50;

/**
 * What sessions wait for in a call is not told at the call: only where most sessions are seen at work it is work.
 * PostgreSQL counts what runs inside as statements of their own.
 */
export function callWorks(view: View): boolean {
  return view.evidence.target.engine !== "postgres" && (waitShare(view, onCpu)?.percent ?? 0) >= mostPercent;
}

export interface InnerStatement {
  readonly query: string;
  /** Sessions that were in such a call, and ran it there. */
  readonly sessions: number;
}

/** Less of a call's time is not why it takes long. */
export const mostOfCall = 50;

/**
 * What clients send whose time goes for the most part into this statement of a function: the only one of its user that
 * it fits into. PostgreSQL counts both, and not which sends which.
 */
export function bearerOf(view: View, { nested, user, now }: Statement): Statement | null {
  if (nested !== true) return null;
  const fit = (statementsOf(view) ?? []).filter(
    (one) =>
      one.nested !== true &&
      one.user === user &&
      (now.averageSessions * 100) / Math.max(1e-9, one.now.averageSessions) >= mostOfCall &&
      now.averageSessions <= one.now.averageSessions * 1.1,
  );
  return fit.length === 1 ? (fit[0] ?? null) : null;
}

/** Whose time it must be that sessions spend in stored programs; null: there is none, or one of several. */
export function onlyCall(view: View): Statement | null {
  const calls = (statementsOf(view) ?? []).filter(
    ({ query, now }) => isCall(query) && now.percentOfTime >= noticeablePercent,
  );
  return calls.length === 1 && callWorks(view) ? (calls[0] ?? null) : null;
}

const noticeablePercent = 5;
const most = 2;

/** What InnoDB saw the sessions run that were in this call; empty where it has none of them. Most first. */
export function innerStatements(view: View, { query }: Statement): readonly InnerStatement[] {
  if (!isCall(query)) return [];
  const inCall = new Set(sessionsRunning(view, query).map(({ id }) => id));
  const texts = (view.rows(mysqlOldestTransactionRows) ?? []).flatMap((row) => {
    const text = statementText(row.query);
    const inside = row.sessionId !== null && inCall.has(row.sessionId);
    return inside && text !== null && fingerprint(row.query) !== fingerprint(query) ? [text] : [];
  });
  return mostFrequent(texts)
    .slice(0, most)
    .map(({ text, count }) => ({ query: text, sessions: count }));
}
