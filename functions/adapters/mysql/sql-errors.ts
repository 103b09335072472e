import { messageOf, SqlError, type SqlErrorKind } from "../../core/errors.ts";
import { codeOf, networkLoss } from "../databases/error-codes.ts";

/**
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 * https://mariadb.com/kb/en/mariadb-error-code-reference/
 */
const kinds: Readonly<Record<number, SqlErrorKind>> = {
  // max_execution_time, max_statement_time, lock wait timeout, and KILL QUERY by somebody else.
  3024: "timeout",
  1969: "timeout",
  1205: "timeout",
  1317: "timeout",
  1142: "permission",
  1143: "permission",
  1227: "permission",
  1044: "permission",
  1045: "permission",
  1370: "permission",
  1095: "permission",
  1146: "missing-object",
  1109: "missing-object",
  1305: "missing-object",
  1054: "missing-object",
  1193: "missing-object",
  1049: "missing-object",
  1094: "no-such-session",
  1290: "read-only",
  1792: "read-only",
  1836: "read-only",
  1053: "connection-lost",
  1927: "connection-lost",
  2006: "connection-lost",
  2013: "connection-lost",
  4031: "connection-lost",
};

const lost: ReadonlySet<string> = new Set(["PROTOCOL_CONNECTION_LOST", ...networkLoss]);

/** The server's error number; null for what the driver or the network says. */
export function numberOf(error: unknown): number | null {
  if (!(error instanceof Error) || !("errno" in error)) return null;
  // Node's own errors carry a negative errno.
  return typeof error.errno === "number" && error.errno > 0 ? error.errno : null;
}

/** @param alive false once the connection is known to be gone: whatever is said then follows from that. */
export function toSqlError(error: unknown, alive: boolean): SqlError {
  if (error instanceof SqlError) return error;
  const number = numberOf(error);
  const code = codeOf(error);
  const known = number === null ? undefined : kinds[number];
  const message = messageOf(error);
  const gone =
    !alive || (code !== null && lost.has(code)) || message.includes("connection is in closed state");
  return new SqlError(known ?? (gone ? "connection-lost" : "other"), symbolOf(code, number), message, {
    cause: error,
  });
}

/** The driver knows the symbols of MySQL only and calls MariaDB's own errors by nothing or by another's name. */
function symbolOf(code: string | null, number: number | null): string {
  if (number === 1969) return "ER_STATEMENT_TIMEOUT";
  return code ?? (number === null ? "driver" : `ER_${number}`);
}
