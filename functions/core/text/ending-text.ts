import type { Session } from "../contract/session.ts";
import type { Engine } from "../contract/target.ts";
import { withoutLeadingComments } from "./statement-parts.ts";
import { duration, plural } from "./wording.ts";

/** "is rolling back for 4 s at most, 261050 changed rows left"; null for a session that is not ending. */
export function endingText({ ending, stateSeconds, rowsModified }: Session): string | null {
  switch (ending) {
    case undefined:
      return null;
    case "killed":
      return "was killed before and is ending";
    case "rolling-back": {
      // Since when, neither engine tells: its state is at least as old.
      const since = stateSeconds === null ? "" : ` for ${duration(stateSeconds)} at most`;
      const left = rowsModified === null ? "" : `, ${plural(rowsModified, "changed row")} left`;
      return `is rolling back${since}${left}`;
    }
    default:
      return ending satisfies never;
  }
}

const wholeRollback = /^(?:xa\s+)?rollback\b(?!.*\bto\b)/is;

/**
 * What becomes of the locks of such a session. ROLLBACK TO SAVEPOINT, and a statement that failed or was cancelled in a
 * longer transaction, undo a part and keep all of them; MariaDB calls "Killed" also whose statement alone was.
 * https://dev.mysql.com/doc/refman/8.4/en/savepoint.html, https://dev.mysql.com/doc/refman/8.4/en/innodb-error-handling.html
 */
export function locksAfterEnding({ query, state, autocommit }: Session, engine: Engine): string {
  const connectionEnds = engine === "mysql" && (state !== "active" || autocommit === true);
  return connectionEnds || wholeRollback.test(withoutLeadingComments(query ?? ""))
    ? "its locks go when that is done"
    : "whether its locks go when that is done is not known: it may undo a part of its transaction only, and keep them until its application ends it";
}
