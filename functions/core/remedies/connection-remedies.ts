import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import { endMysqlIdleTransactions, freeMysqlIdleConnections } from "./mysql-connection-remedies.ts";
import type { Owner } from "./owner.ts";
import { endPostgresIdleTransactions, freePostgresIdleConnections } from "./postgres-connection-remedies.ts";

/** Ends every session of one owner that is idle in a transaction for too long (A3); a person's to run. */
export function endIdleTransactions(view: View, owner: Owner, count: number): readonly ProposedAction[] {
  return view.evidence.target.engine === "postgres"
    ? endPostgresIdleTransactions(view, owner, count)
    : endMysqlIdleTransactions(view, owner);
}

/**
 * What a person can do about a pool that is full: end what sits idle in the largest idle group. Nothing when no
 * session has been idle for long: those are a pool at work.
 */
export function freeIdleConnections(view: View): readonly ProposedAction[] {
  return view.evidence.target.engine === "postgres"
    ? freePostgresIdleConnections(view)
    : freeMysqlIdleConnections(view);
}
