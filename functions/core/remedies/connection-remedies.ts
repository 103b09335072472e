import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import { endMysqlIdleTransactions, freeMysqlIdleConnections } from "./mysql-connection-remedies.ts";
import type { Owner } from "./owner.ts";
import { endPostgresIdleTransactions, freePostgresIdleConnections } from "./postgres-connection-remedies.ts";
import { askApplication } from "./webhook-remedies.ts";

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
  const freed =
    view.evidence.target.engine === "postgres"
      ? freePostgresIdleConnections(view)
      : freeMysqlIdleConnections(view);
  return freed.length === 0 ? [] : [...askApplication(view, "reset-pool", poolReset), ...freed];
}

const poolReset = {
  because: "most of its connections sit idle, and the database runs out of them",
  consequence:
    "The application closes its pooled connections itself, at a moment that suits it, and opens new ones as it needs them. A leak comes back.",
};

/** The application gives way itself, before anything is ended. */
export function turnAwayLoad(view: View): readonly ProposedAction[] {
  return askApplication(view, "shed-load", {
    because: "it opens connections faster than the database can take them",
    consequence: "Part of its users are turned away until it is told to take all work again.",
  });
}
