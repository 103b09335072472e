import type { HeldLock } from "../contract/locks.ts";

/** InnoDB's table locks that cannot stand beside each other. */
const tableConflicts: Readonly<Record<string, readonly string[]>> = {
  IS: ["X"],
  IX: ["S", "X"],
  S: ["IX", "X", "AUTO_INC"],
  X: ["IS", "IX", "S", "X", "AUTO_INC"],
  AUTO_INC: ["S", "X", "AUTO_INC"],
};

/**
 * Whether InnoDB makes `wanted` wait for `held`, both as performance_schema.data_locks spells them: "X",
 * "X,REC_NOT_GAP", "S,GAP", "X,GAP,INSERT_INTENTION". Not symmetric: gap locks keep only inserts waiting.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-locking.html
 */
export function innodbConflicts(kind: HeldLock["objectKind"], held: string, wanted: string): boolean {
  if (kind === "table") return tableConflicts[held]?.includes(wanted) ?? true;
  const holder = recordLock(held);
  const waiter = recordLock(wanted);
  if (holder.shared && waiter.shared) return false;
  // An insert intention keeps nobody out; it only waits.
  if (holder.inserting) return false;
  if (waiter.inserting) return !holder.recordOnly;
  if (waiter.gapOnly) return false;
  return !holder.gapOnly;
}

function recordLock(mode: string) {
  const [strength, ...flags] = mode.split(",");
  return {
    shared: strength === "S",
    gapOnly: flags.includes("GAP"),
    recordOnly: flags.includes("REC_NOT_GAP"),
    inserting: flags.includes("INSERT_INTENTION"),
  };
}
