import { statementParts } from "./statement-parts.ts";

/**
 * Work on the database itself, by the first words of any part of the text: a DBA or a scheduler started it, and ended half-way it is done again
 * or, as a build CONCURRENTLY, leaves an invalid index behind.
 * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 * https://dev.mysql.com/doc/refman/8.4/en/table-maintenance-statements.html
 */
const maintenance =
  /^(vacuum|analy[sz]e|reindex|cluster|refresh\s+materialized\s+view\s+concurrently|create\s+(unique\s+)?index\s+concurrently|drop\s+index\s+concurrently|(optimize|analyze|check|repair)\s+(no_write_to_binlog\s+|local\s+)?table)\b/i;

/**
 * Ended in its second half, it leaves the partition half detached, until FINALIZE.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION
 */
const detach = /^alter\s+table\b[^;]*?\bdetach\s+partition\b[^;]*\b(concurrently|finalize)\s*$/i;

export function isGradualDetach(query: string | null): boolean {
  return hasPart(query, detach);
}

export function isMaintenanceStatement(query: string | null): boolean {
  return hasPart(query, maintenance) || isGradualDetach(query);
}

/** Rewrites a table or builds an index: ended, all of it is to be done again. */
const build =
  /^(alter\s+(online\s+|offline\s+|ignore\s+)*table|create\s+((or\s+replace|online|offline|unique|fulltext|spatial)\s+)*index|optimize\s+(no_write_to_binlog\s+|local\s+)?tables?)\b/i;

export function isBuildStatement(query: string | null): boolean {
  return hasPart(query, build);
}

/** Builds whose half is left behind. https://www.postgresql.org/docs/current/sql-reindex.html */
const concurrentBuild = /^(create\s+(unique\s+)?index|reindex\b.*)\s+concurrently\b/i;

export function isConcurrentBuild(query: string | null): boolean {
  return hasPart(query, concurrentBuild);
}

/**
 * Ended, it leaves nothing half done: InnoDB counts its own rows only, so that "none changed" is said of a copy into a
 * table of MyISAM, MEMORY or ARCHIVE too, whose rows stay; SELECT … INTO writes a file.
 * https://dev.mysql.com/doc/refman/8.4/en/nontransactional-tables.html
 */
export function isReadOnlyStatement(query: string | null): boolean {
  const parts = statementParts(query ?? "");
  return parts.length > 0 && parts.every((part) => /^select\b/i.test(part) && !/\binto\b/i.test(part));
}

function hasPart(query: string | null, words: RegExp): boolean {
  return query !== null && statementParts(query).some((part) => words.test(part));
}
