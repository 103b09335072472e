const lookup =
  /^SQL statement "SELECT 1 FROM ONLY ("[^"\n]{1,63}"\."[^"\n]{1,63}") x WHERE (.{1,4000}) FOR KEY SHARE OF x"$/;
const column = /OPERATOR\(pg_catalog\.=\) ("[^"\n]{1,63}")/g;

/** As it is kept. */
export const keptLookup = /^foreign key look-up in "([^"]{1,63})"\."([^"]{1,63})" \(("[^)]{1,300})\)$/;

/**
 * The server's own look-up of who refers to a row, in the CONTEXT of the statement that removes it, by its names alone;
 * null: another text.
 * https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/ri_triggers.c
 */
export function foreignKeyLookup(line: string): string | null {
  if (keptLookup.test(line)) return line;
  const [, table, condition = ""] = lookup.exec(line) ?? [];
  const columns = [...condition.matchAll(column)].flatMap(([, name]) => name ?? []);
  return table === undefined || columns.length === 0
    ? null
    : `foreign key look-up in ${table} (${columns.join(", ")})`;
}
