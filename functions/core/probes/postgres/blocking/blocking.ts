import { type LockForest, type LockNode, lockForestSchema } from "../../../contract/locks.ts";
import { buildForest } from "../../../locks/forest.ts";
import { defineProbe } from "../../define.ts";
import { postgresSessionRows, postgresSessionsStatement } from "../session-row.ts";
import { pgMonitor } from "../sight.ts";
import { type PostgresLocks, postgresLockInput } from "./lock-input.ts";
import { postgresRowName } from "./lock-names.ts";
import { postgresLocksSql, postgresPreparedSql } from "./lock-rows.ts";

export const postgresBlocking = defineProbe({
  id: "postgres-blocking",
  spec: ["P4"],
  title: "Who waits for whose lock, and who is at the root?",
  engines: ["postgres"],
  tier: "immediate",
  cost: "One copy of the lock table, joined in memory with the sessions that the tier has read; linear in the locks.",
  needs: [pgMonitor],
  row: lockForestSchema,
  maxRows: 1,
  source: "https://www.postgresql.org/docs/current/view-pg-locks.html",
  // The locks first: nobody is then blamed for a transaction that it ended before it took the lock.
  statements: (context) => [
    { sql: postgresLocksSql(context.server.major) },
    postgresSessionsStatement(context),
    { sql: postgresPreparedSql },
  ],
  read: ([locks = [], activity, prepared = []], context): LockForest[] => {
    const input = postgresLockInput(locks, postgresSessionRows(activity), prepared, context);
    const forest = buildForest(input);
    const rowOf = rowsBehindTransactions(input);
    const nodes = forest.nodes.map((node) => ({ ...node, session: input.sessionOf(node.key) }));
    return [{ ...forest, nodes: nodes.map((node) => sayWhichRow(node, rowOf.get(node.key))) }];
  },
});

/** Who waits for a row's last writer waits for its transaction, and holds the tuple lock of that row meanwhile. */
function rowsBehindTransactions({ rows, ownerOf }: PostgresLocks): ReadonlyMap<string, string> {
  const tuples = rows.filter(({ locktype, granted }) => locktype === "tuple" && granted);
  return new Map(tuples.map((row) => [ownerOf(row), postgresRowName(row)]));
}

function sayWhichRow(node: LockNode, row: string | undefined): LockNode {
  if (node.waitsFor?.objectKind !== "transaction" || row === undefined) return node;
  return { ...node, waitsFor: { ...node.waitsFor, object: `${node.waitsFor.object} (${row})` } };
}
