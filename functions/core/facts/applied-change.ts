import type { Session } from "../contract/session.ts";
import { mysqlOldestTransactionRows } from "../probes/mysql/oldest-transaction-rows.ts";
import { mysqlReplicationRows } from "../probes/mysql/replication/replication-rows.ts";
import { withoutLeadingComments } from "../text/statement-parts.ts";
import { duration, list, statementText } from "../text/wording.ts";
import { appliersOf } from "./applier.ts";
import { isWriting, loadShares, serverUsers } from "./insights.ts";
import type { View } from "./view.ts";

/** The one change that keeps an applier of MySQL or MariaDB, and all that comes after it. */
export interface AppliedChange {
  /** "DELETE on app.tickets", "ALTER TABLE orders …". */
  readonly what: string;
  readonly source: string;
  readonly says: string;
  /** It builds or rebuilds a table, as long as it took on the source. */
  readonly isDdl: boolean;
  /** Somebody keeps it waiting for a lock. */
  readonly waits: boolean;
}

function isDdl(query: string | null): boolean {
  return /^\s*(alter|create|drop|optimize|rename|truncate|analyze|repair)\b/i.test(
    withoutLeadingComments(query ?? ""),
  );
}

/** By what is seen of its thread; without a look inside, by who writes on a replica, which is nobody else. */
export function appliedChange(view: View, lagSeconds: number): AppliedChange | null {
  if (view.evidence.target.engine === "postgres") return null;
  return bySession(view, lagSeconds) ?? byLoad(view);
}

/** A busy source's many small changes pass in no time. */
const ofLag = 0.5;

function bySession(view: View, lagSeconds: number): AppliedChange | null {
  const least = Math.min(view.thresholds.slowQuerySeconds, ofLag * lagSeconds);
  for (const session of appliersOf(view)) {
    const { query, waitEvent } = session;
    const statementSeconds = Math.max(session.statementSeconds ?? 0, laterSeconds(view, session));
    const text = statementText(query);
    const what = text ?? rowsText(view, waitEvent);
    if (what === null || statementSeconds < least) continue;
    const state = waitEvent === null ? "" : ` (${waitEvent})`;
    const says = `has been at it for ${duration(statementSeconds)}${state}: ${what}`;
    return { what, source: "applier", says, isDdl: isDdl(query), waits: /\block\b/i.test(waitEvent ?? "") };
  }
  return null;
}

/**
 * The list of sessions is read first, when such a change may only just have begun; that of transactions, later, shows
 * whether it lasts. A change of a table is a transaction of its own, so that their ages are one.
 */
function laterSeconds(view: View, { id, query }: Session): number {
  if (!isDdl(query)) return 0;
  const later = (view.rows(mysqlOldestTransactionRows) ?? []).find(({ sessionId }) => sessionId === id);
  return later?.query === query ? later.ageSeconds : 0;
}

/**
 * MySQL: "Applying batch of row changes (delete)"; MariaDB: "Delete_rows_log_event::find_row(-1) on table `orders`".
 * https://dev.mysql.com/doc/refman/8.4/en/replica-sql-thread-states.html
 */
function rowsText(view: View, state: string | null): string | null {
  const [, batch, event, named] =
    /row changes \((write|update|delete)\)|^(write|update|delete)_rows_log_event(?:.*on table `([^`]+)`)?/i.exec(
      state ?? "",
    ) ?? [];
  const kind = (batch ?? event)?.toUpperCase();
  if (kind === undefined) return null;
  const verb = kind === "WRITE" ? "INSERT" : kind;
  const opened = (view.rows(mysqlReplicationRows) ?? []).flatMap(({ applyingTables = [] }) => applyingTables);
  const tables = named === undefined ? opened : [named];
  return tables.length === 0 ? `${verb} of rows` : `${verb} on ${list(tables.slice(0, 3))}`;
}

/** A statement that writes with this part of a replica's load is its applier's. */
const substantialPercent = 20;

function byLoad(view: View): AppliedChange | null {
  const writes = loadShares(view, "statement").find(
    ({ name, percent }) => percent >= substantialPercent && isWriting(name),
  );
  const users = loadShares(view, "user");
  const what = statementText(writes?.name ?? null);
  if (writes === undefined || what === null) return null;
  if (users.length > 0 && !users.some(({ name }) => serverUsers.test(name))) return null;
  const says = `${Math.round(writes.percent)} % of this replica's load: ${what}`;
  return { what, source: "Performance Insights", says, isDdl: isDdl(writes.name), waits: false };
}
