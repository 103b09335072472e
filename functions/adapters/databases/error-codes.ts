/** Codes of Node that mean: whatever was on its way, this connection is gone. */
export const networkLoss = [
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ECONNABORTED",
  "EHOSTUNREACH",
  "ENETUNREACH",
] as const;

/** The string `code` of whatever was thrown: a SQLSTATE, a symbol (ER_…), or a code of the driver or of Node. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
