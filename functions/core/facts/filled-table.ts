import type { HeldLock } from "../contract/locks.ts";
import { statementParts } from "../text/statement-parts.ts";
import type { LockMember } from "./lock-graph.ts";

/**
 * The lock of a whole table, taken before, whose rows a running UPDATE writes all: so does a migration that adds a column and
 * fills it in one transaction. PostgreSQL does not say whether ALTER TABLE took it, or LOCK TABLE by its usual mode. Null of
 * an UPDATE that names a value after WHERE, or is cut: it may write a few rows only.
 * https://www.postgresql.org/docs/current/sql-altertable.html
 */
export function filledTable({ holds, session }: LockMember): HeldLock | undefined {
  const [text = ""] = statementParts(session?.query ?? "");
  const [, name] = /^update\s+(?:only\s+)?([^\s(*]+)/i.exec(text) ?? [];
  if (name === undefined || session?.state !== "active" || /…$|\bwhere\b.*[?$]/is.test(text)) return;
  return holds.find(
    ({ explicit, mode, object }) =>
      explicit && mode === "AccessExclusiveLock" && lastOf(object) === lastOf(name.replaceAll('"', "")),
  );
}

function lastOf(name: string): string | undefined {
  return name.toLowerCase().split(".").at(-1);
}
