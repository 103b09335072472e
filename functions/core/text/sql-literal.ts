import type { Engine } from "../contract/target.ts";

/**
 * A value as a statement of that engine writes it. MySQL reads a backslash as an escape unless NO_BACKSLASH_ESCAPES
 * is on; PostgreSQL does so only in E''.
 * https://dev.mysql.com/doc/refman/8.4/en/string-literals.html
 */
export function sqlLiteral(value: string | number | boolean | null, engine: Engine): string {
  if (value === null) return "NULL";
  if (typeof value !== "string") return String(value);
  const quoted = value.replaceAll("'", "''");
  if (!quoted.includes("\\")) return `'${quoted}'`;
  const escaped = quoted.replaceAll("\\", "\\\\");
  return engine === "postgres" ? `E'${escaped}'` : `'${escaped}'`;
}
