/**
 * Modes that no statement on rows takes: who holds one has asked for the whole table, by LOCK TABLE or a schema change.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
export const wholeTable: readonly string[] = [
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];
