import { onTestFinished } from "vitest";
import type { PostgresServer } from "../lab/engines/lab-server.ts";
import { type BankLabOptions, bankLab, blockAccount } from "./support.ts";

/**
 * Both end with the test that asked for them, however it ends. A failed test once left its locks behind: each of the
 * twenty tests after it waited for them for its whole minute, and the responder of the failed one kept looking on.
 */
export async function faultOnAccount(server: PostgresServer, waiters: number) {
  const fault = await blockAccount(server, waiters);
  onTestFinished(fault.close);
  return fault;
}

export function responderFor(server: PostgresServer, definition: object, options: BankLabOptions) {
  const lab = bankLab(server, definition, options);
  onTestFinished(lab.stop);
  return lab;
}
