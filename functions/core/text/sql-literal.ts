import type { Engine } from "../contract/target.ts";
import { hidesSomething } from "./visible.ts";

/**
 * A value as a statement of that engine writes it: on one line and with everything in it seen, so that no channel has
 * to change it. MySQL reads a backslash as an escape unless NO_BACKSLASH_ESCAPES is on; PostgreSQL does so only in E''.
 * https://dev.mysql.com/doc/refman/8.4/en/string-literals.html
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE
 */
export function sqlLiteral(value: string | number | boolean | null, engine: Engine): string {
  if (value === null) return "NULL";
  if (typeof value !== "string") return String(value);
  const hidden = hidesSomething(value);
  if (hidden && engine !== "postgres") return `_utf8mb4 0x${utf8Hex(value)}`;
  const quoted = value.replaceAll("'", "''");
  if (!hidden && !quoted.includes("\\")) return `'${quoted}'`;
  const escaped = quoted.replaceAll("\\", "\\\\");
  return engine === "postgres" ? `E'${[...escaped].map(seen).join("")}'` : `'${escaped}'`;
}

function seen(character: string): string {
  if (!hidesSomething(character)) return character;
  return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`;
}

function utf8Hex(value: string): string {
  return [...new TextEncoder().encode(value)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
