/**
 * Work on the database itself, by its first words: a DBA or a scheduler started it, and ended half-way it is done again
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
const detach = /^alter\s+table\b[^;]*?\bdetach\s+partition\b[^;]*\b(concurrently|finalize)\s*;?\s*$/i;

export function isGradualDetach(query: string | null): boolean {
  return query !== null && detach.test(withoutLeadingComments(query));
}

const leading = /^(\s+|--[^\n]*(\n|$)|#[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)+/;

/** The statement without the comments before it; what was cut within one is taken as it is. */
export function withoutLeadingComments(query: string): string {
  return query.replace(leading, "");
}

export function isMaintenanceStatement(query: string | null): boolean {
  return query !== null && (maintenance.test(withoutLeadingComments(query)) || isGradualDetach(query));
}

/** Rewrites a table or builds an index: ended, all of it is to be done again. */
const build =
  /^(alter\s+(online\s+|offline\s+|ignore\s+)*table|create\s+((or\s+replace|online|offline|unique|fulltext|spatial)\s+)*index|optimize\s+(no_write_to_binlog\s+|local\s+)?tables?)\b/i;

export function isBuildStatement(query: string | null): boolean {
  return query !== null && build.test(withoutLeadingComments(query));
}
