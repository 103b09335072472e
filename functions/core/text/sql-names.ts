/** Names as statements and people write them. */

/** A name of PostgreSQL in quotes, whether it needs them or not. */
export function postgresIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The same, bare when it is plain: quotes that need not be are only harder to read. */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : postgresIdentifier(name);
}

/** https://www.postgresql.org/docs/current/sql-keywords-appendix.html: the reserved ones that people use as names. */
const reserved: ReadonlySet<string> = new Set(
  "all and any array as asc both case cast check collate column constraint create current_date default desc distinct do else end except false fetch for foreign from grant group having in into leading limit not null offset on only or order primary references returning select session_user some table then to trailing true union unique user using when where window with".split(
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
