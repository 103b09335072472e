import type { Engine } from "../contract/target.ts";
import type { SqlStatement, SqlValue } from "../ports.ts";

/** The statement with its values written in, as a person may paste it into a client. Only ever shown, never sent. */
export function withLiterals({ sql, params = [] }: SqlStatement, engine: Engine): string {
  const value = (index: number): string => sqlLiteral(params[index] ?? null, engine);
  if (engine === "postgres") return sql.replace(/\$(\d+)/g, (_, digits: string) => value(Number(digits) - 1));
  let next = 0;
  return sql.replace(/\?/g, () => value(next++));
}

/**
 * MySQL reads a backslash as an escape unless NO_BACKSLASH_ESCAPES is on; PostgreSQL does so only in E''.
 * https://dev.mysql.com/doc/refman/8.4/en/string-literals.html
 */
function sqlLiteral(value: SqlValue, engine: Engine): string {
  if (value === null) return "NULL";
  if (typeof value !== "string") return String(value);
  const quoted = value.replaceAll("'", "''");
  if (!quoted.includes("\\")) return `'${quoted}'`;
  const escaped = quoted.replaceAll("\\", "\\\\");
  return engine === "postgres" ? `E'${escaped}'` : `'${escaped}'`;
}
