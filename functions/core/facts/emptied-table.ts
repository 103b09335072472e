import { lockObject } from "../text/wording.ts";
import type { LockMember } from "./lock-graph.ts";

/**
 * What a transaction did to a table before its present statement on rows, by the locks that it has kept: PostgreSQL's TRUNCATE
 * leaves ACCESS EXCLUSIVE and SHARE. Null where there is no such pair, or where LOCK TABLE named one.
 */
export function emptiedTableText({ holds, session }: LockMember): string | null {
  if (!/^\s*(?:insert|with|select|update|delete|merge|copy)\b/i.test(session?.query ?? "")) return null;
  const built = new Set(holds.filter(({ mode }) => mode === "ShareLock").map(({ object }) => object));
  const emptied = holds.find(
    ({ mode, object, explicit }) => mode === "AccessExclusiveLock" && !explicit && built.has(object),
  );
  return emptied === undefined
    ? null
    : `by its locks it has emptied or rewritten ${lockObject(emptied)} before (TRUNCATE, as a rule), which nobody can read until it commits: DELETE keeps readers going, and so does to fill another table and to rename it`;
}
