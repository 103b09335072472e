import { messageOf, SqlError, type SqlErrorKind } from "../../core/errors.ts";
import { codeOf, networkLoss } from "../databases/error-codes.ts";

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const kinds: Readonly<Record<string, SqlErrorKind>> = {
  // Statement timeout, or somebody cancelled the statement: either way it ended without an answer.
  "57014": "timeout",
  // lock_timeout, and NOWAIT.
  "55P03": "timeout",
  "42501": "permission",
  "42P01": "missing-object",
  "42883": "missing-object",
  "42703": "missing-object",
  "42704": "missing-object",
  "3F000": "missing-object",
  "25006": "read-only",
  "57P01": "connection-lost",
  "57P02": "connection-lost",
  "57P05": "connection-lost",
  "25P03": "connection-lost",
};

const lost: ReadonlySet<string> = new Set(networkLoss);

export function isSqlState(code: string | null): code is string {
  return code !== null && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);
}

/** @param alive false once the connection is known to be gone: whatever is said then follows from that. */
export function toSqlError(error: unknown, alive: boolean): SqlError {
  if (error instanceof SqlError) return error;
  const code = codeOf(error);
  const message = messageOf(error);
  if (isSqlState(code)) {
    const kind = kinds[code] ?? (code.startsWith("08") ? "connection-lost" : "other");
    return new SqlError(kind, code, message, { cause: error });
  }
  const gone = !alive || (code !== null && lost.has(code)) || message.includes("Connection terminated");
  return new SqlError(gone ? "connection-lost" : "other", code ?? "driver", message, { cause: error });
}
