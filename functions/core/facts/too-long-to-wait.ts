import type { Session } from "../contract/session.ts";
import { mysqlSessionsAloneRows } from "../probes/mysql/sessions-alone-rows.ts";
import { mentions } from "../text/table-in.ts";
import { duration } from "../text/wording.ts";
import { isWriting } from "./insights.ts";
import { settingsOf } from "./settings-facts.ts";
import type { View } from "./view.ts";

/** https://dev.mysql.com/doc/refman/8.4/en/innodb-parameters.html#sysvar_innodb_lock_wait_timeout */
const defaultSeconds = 50;
/** Where it could not be read. */
const unknownTimes = 2;
/** An INSERT … SELECT writes another. */
const changes = /^\s*(?:update|delete|replace)\b/i;
const waitsForTable = /metadata lock|table.* lock/i;

/**
 * The process list alone does not tell who waits for a row: a statement that waits and one that works are both
 * "updating". But nobody waits for one row for longer than innodb_lock_wait_timeout, so that the one write of a table
 * that has run for twice as long works, or waits for one after the other. A clause about it; null without one, where
 * there are several, where it waits for the table, or where nobody told the limit and it may be set higher.
 */
export function tooLongToWait(view: View, table: string): string | null {
  if (view.evidence.target.engine === "postgres") return null;
  const seen = settingsOf(view)?.seconds("innodb_lock_wait_timeout") ?? null;
  const limit = seen ?? unknownTimes * defaultSeconds;
  const [one, another] = (view.rows(mysqlSessionsAloneRows) ?? [])
    .filter(({ own, kind, state }) => !own && kind === "client" && state === "active")
    .filter(({ query, waitEvent }) => isWriting(query ?? "") && !waitsForTable.test(waitEvent ?? ""))
    .filter(({ query }) => changes.test(query ?? "") && mentions(query ?? "", table))
    .filter(({ statementSeconds }) => (statementSeconds ?? 0) >= 2 * limit);
  if (one === undefined || another !== undefined) return null;
  const known = seen ?? defaultSeconds;
  return says(
    one,
    `${duration(known)}${seen === null ? ", if it is the default: it could not be read" : ""}`,
  );
}

function says({ id, user, statementSeconds }: Session, limit: string): string {
  return `connection ${id}${user === null ? "" : ` of ${user}`} has run such a statement for ${duration(statementSeconds)} by the process list, longer than anybody waits for one row (${limit}): it keeps what it has changed, or waits for one row after the other`;
}
