import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import { largestFirst } from "../facts/connection-groups.ts";
import type { View } from "../facts/view.ts";
import { sqlLiteral } from "../text/sql-literal.ts";
import { duration } from "../text/wording.ts";
import { endPostgresIdleTransactions, freePostgresIdleConnections } from "./postgres-connection-remedies.ts";

/** Whose sessions: on PostgreSQL all three, the user on MySQL and MariaDB, which select by nothing else. */
export interface Owner {
  readonly application: string | null;
  readonly user: string | null;
  readonly client: string | null;
}

/** Ends every session of one owner that is idle in a transaction for too long (A3); a person's to run. */
export function endIdleTransactions(view: View, owner: Owner, count: number): readonly ProposedAction[] {
  const { engine } = view.evidence.target;
  if (engine === "postgres") return endPostgresIdleTransactions(view, owner, count);
  const { user: name } = owner;
  if (name === null) return [];
  const seconds = view.thresholds.idleInTransactionSeconds;
  const preview = `SELECT p.id FROM information_schema.processlist p JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id WHERE p.user = ${sqlLiteral(name, engine)} AND p.command = 'Sleep' AND p.time >= ${seconds}; then end each id`;
  return [
    proposeManual({
      id: "end-idle-transactions",
      spec: ["A3"],
      risk: "disruptive",
      preview,
      describes: `${count} sessions of ${name}, idle in transaction for over ${duration(seconds)}`,
      consequence:
        "What these transactions have changed rolls back, and the application sees broken connections. The cause, transactions that are begun and not finished, stays.",
    }),
  ];
}

/**
 * What a person can do about a pool that is full: end what sits idle in the largest idle group. Nothing when no
 * session has been idle for long: those are a pool at work.
 */
export function freeIdleConnections(view: View): readonly ProposedAction[] {
  const { engine } = view.evidence.target;
  if (engine === "postgres") return freePostgresIdleConnections(view);
  const idle = largestFirst(view.connections ?? []).find(
    ({ state, idleOverLeak }) => state === "idle" && idleOverLeak > 0,
  );
  // The process list of MySQL knows users; the application's name is not something to select sessions by there.
  const name = idle?.user;
  if (idle === undefined || name === undefined || name === null) return [];
  const seconds = view.thresholds.leakIdleSeconds;
  const preview = `SELECT id FROM information_schema.processlist WHERE user = ${sqlLiteral(name, engine)} AND command = 'Sleep' AND time >= ${seconds}; then end each id that is not in a transaction`;
  return [
    proposeManual({
      id: "free-idle-connections",
      spec: ["A3"],
      risk: "disruptive",
      preview,
      describes: `${idle.idleOverLeak} sessions of ${name}, idle for over ${duration(seconds)}`,
      consequence:
        "Pools open new connections when they need them; an application that does not check its connections sees errors. The cause, a pool too large or a leak, stays.",
    }),
  ];
}
