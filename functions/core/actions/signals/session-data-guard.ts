import type { GuardSettings } from "../../contract/work-order.ts";
import type { Check } from "../steps.ts";
import type { SessionVerb } from "./moved-on.ts";
import { refuse } from "./refuse.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Victim } from "./victim.ts";

/**
 * Temporary tables may be hours of work that no transaction undoes and no row count tells of: they end with the session.
 * https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-TEMPORARY
 * https://dev.mysql.com/doc/refman/8.4/en/create-temporary-table.html
 */
export function sessionDataCheck(
  { holdsTemporary, usesViews }: Victim,
  { sessionId }: SessionTarget,
  { unasked }: GuardSettings,
  verb: SessionVerb,
): Check | null {
  if (unasked !== true || verb !== "terminate") return null;
  if (usesViews === true) {
    return refuse(
      "never-alone",
      `Session ${sessionId} has used a view or a foreign table in its transaction: through a view it may have leased rows (SKIP LOCKED), and what it wrote elsewhere may stand.`,
      "A person decides: an approver approves the request, or carries out the statement that is shown.",
    );
  }
  if (holdsTemporary === false) return null;
  const release = "A person decides: they know what those tables are worth, and who can fill them again.";
  if (holdsTemporary === null) {
    return refuse(
      "cannot-see",
      `Whether session ${sessionId} has temporary tables, which would go with it, cannot be seen: it is in another database, or its server does not tell.`,
      release,
    );
  }
  return refuse(
    "session-data",
    `Session ${sessionId} has temporary tables or user variables, or had some, and they would go with it.`,
    release,
  );
}
