import type { LockForest, LockNode } from "../../../contract/locks.ts";
import { buildForest } from "../../../locks/forest.ts";
import type { PostgresLocks } from "./lock-input.ts";
import { postgresRowName } from "./lock-names.ts";
import { rowSharers } from "./row-sharers.ts";
import { writtenByBoth } from "./written-by-both.ts";

/** Who waits for whom, with the row that a wait for a transaction is about. */
export function forestOfLocks(input: PostgresLocks): LockForest {
  const forest = buildForest(input);
  const rowOf = rowsBehindTransactions(input);
  const sharers = rowSharers(input);
  const tables = writtenByBoth(input);
  const nodes = forest.nodes.map((node) => ({ ...node, session: input.sessionOf(node.key) }));
  return {
    ...forest,
    nodes: nodes
      .map((node) => sayWhichRow(node, rowOf.get(node.key), tables.get(node.key)))
      .map((node) => saySharers(node, sharers.get(node.key))),
  };
}

/** Who waits for a row's last writer waits for its transaction, and holds the tuple lock of that row meanwhile. */
function rowsBehindTransactions({ rows, ownerOf }: PostgresLocks): ReadonlyMap<string, string> {
  const tuples = rows.filter(({ locktype, granted }) => locktype === "tuple" && granted);
  return new Map(tuples.map((row) => [ownerOf(row), postgresRowName(row)]));
}

function sayWhichRow(node: LockNode, row: string | undefined, rowsOf: readonly string[] = []): LockNode {
  if (node.waitsFor?.objectKind !== "transaction") return node;
  if (row !== undefined)
    return { ...node, waitsFor: { ...node.waitsFor, object: `${node.waitsFor.object} (${row})` } };
  return rowsOf.length === 0 ? node : { ...node, waitsFor: { ...node.waitsFor, rowsOf: [...rowsOf] } };
}

function saySharers(node: LockNode, sharers = 0): LockNode {
  if (node.waitsFor?.objectKind !== "transaction" || sharers === 0) return node;
  return { ...node, waitsFor: { ...node.waitsFor, sharers } };
}
