import type { Session } from "../contract/session.ts";
import { mysqlSessionsAloneRows } from "../probes/mysql/sessions-alone-rows.ts";
import { mentions } from "../text/table-in.ts";
import { duration } from "../text/wording.ts";
import { isWriting } from "./insights.ts";
import { settingsOf } from "./settings-facts.ts";
import type { View } from "./view.ts";

/** https://dev.mysql.com/doc/refman/8.4/en/innodb-parameters.html#sysvar_innodb_lock_wait_timeout */
const defaultSeconds = 50;

/**
 * The process list alone does not tell who waits for a row: a statement that waits and one that works are both
 * "updating". But nobody waits for longer than innodb_lock_wait_timeout, so that the one write of a table that has run
 * for twice as long works, and keeps what it has changed. A clause about it; null without one, or where there are several.
 */
export function tooLongToWait(view: View, table: string): string | null {
  if (view.evidence.target.engine === "postgres") return null;
  const seen = settingsOf(view)?.seconds("innodb_lock_wait_timeout") ?? null;
  const limit = seen ?? defaultSeconds;
  const [one, another] = (view.rows(mysqlSessionsAloneRows) ?? [])
    .filter(({ own, kind, state }) => !own && kind === "client" && state === "active")
    .filter(({ query }) => query !== null && isWriting(query) && mentions(query, table))
    .filter(({ statementSeconds }) => (statementSeconds ?? 0) >= 2 * limit);
  if (one === undefined || another !== undefined) return null;
  return says(one, `${duration(limit)}${seen === null ? " by default" : ""}`);
}

function says({ id, user, statementSeconds }: Session, limit: string): string {
  return `connection ${id}${user === null ? "" : ` of ${user}`} has run such a statement for ${duration(statementSeconds)} by the process list, longer than anybody waits for a row (${limit})`;
}
