import { type LockForest, type LockNode, lockForestSchema } from "../../../contract/locks.ts";
import { buildForest } from "../../../locks/forest.ts";
import { defineProbe } from "../../define.ts";
import { pgMonitor, requireSight, sightStatement } from "../sight.ts";
import { type PostgresLocks, postgresLockInput } from "./lock-input.ts";
import { postgresRowName } from "./lock-names.ts";
import { postgresLocksSql, postgresPreparedSql } from "./lock-rows.ts";

export const postgresBlocking = defineProbe({
  id: "postgres-blocking",
  spec: ["P4"],
  title: "Who waits for whose lock, and who is at the root?",
  engines: ["postgres"],
  tier: "immediate",
  cost: "One copy of the lock table, joined in memory; linear in the locks.",
  needs: [pgMonitor],
  row: lockForestSchema,
  maxRows: 1,
  source: "https://www.postgresql.org/docs/current/view-pg-locks.html",
  statements: ({ server, settings }) => [
    sightStatement,
    { sql: postgresLocksSql(server.major), params: [settings.policy.optOutComment] },
    { sql: postgresPreparedSql },
  ],
  read: ([sight, locks = [], prepared = []], context): LockForest[] => {
    requireSight(sight);
    const input = postgresLockInput(locks, prepared, context);
    const forest = buildForest(input);
    const rowOf = rowsBehindTransactions(input);
    return [{ ...forest, nodes: forest.nodes.map((node) => sayWhichRow(node, rowOf.get(node.key))) }];
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
