/** Names as statements and people write them. */

/** A name of PostgreSQL in quotes, whether it needs them or not. */
export function postgresIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The same, bare when it is plain: quotes that need not be are only harder to read. */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : postgresIdentifier(name);
}

/** https://www.postgresql.org/docs/current/sql-keywords-appendix.html: the reserved ones. */
const reserved: ReadonlySet<string> = new Set(
  "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right select session_user similar some symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window with".split(
    " ",
  ),
);

/** As people call it: the default schema goes without saying. */
export function shownName(schema: string, name: string): string {
  return schema === "public" ? name : `${schema}.${name}`;
}

/** As a statement of PostgreSQL has to name it. */
export function postgresName(...parts: readonly string[]): string {
  return parts.map(quoteName).join(".");
}

/** The same of "schema.name", in which either may have dots. Older evidence does not tell the schema: then the first dot. */
export function postgresNameIn(schema: string | null, whole: string): string {
  const dot = schema === null ? whole.indexOf(".") : schema.length;
  return postgresName(whole.slice(0, dot), whole.slice(dot + 1));
}

/** As a statement of MySQL or MariaDB has to name it. */
export function mysqlName(...parts: readonly string[]): string {
  return parts.map((part) => `\`${part.replaceAll("`", "``")}\``).join(".");
}

/** The parts of a name as PostgreSQL's format('%I.%I') writes it: in quotes where there is more to one than letters. */
export function namesIn(quoted: string): readonly string[] {
  return [...quoted.matchAll(/"((?:[^"]|"")*)"|[^".]+/g)].map(([bare, inside]) =>
    (inside ?? bare).replaceAll('""', '"'),
  );
}
