import type { Connection } from "mysql2/promise";
import { expect } from "vitest";
import type { LockForest } from "../../../functions/core/contract/locks.ts";
import { ask, type Server } from "./support.ts";

/** The parent of each waiter must be among its blockers as the engine itself lists them. */
export async function expectEnginesBlockers(
  forest: LockForest,
  admin: Connection,
  engine: Server["engine"],
): Promise<void> {
  const edges = await ask(admin, engine === "mysql" ? mysqlEdges : mariadbEdges);
  const blockers = Map.groupBy(edges, (edge) => `session:${edge["waiter"]}`);
  const waiting = forest.nodes.filter(({ waitsFor }) => waitsFor !== null);
  expect(waiting.length).toBeGreaterThan(0);
  for (const node of waiting) {
    const known = (blockers.get(node.key) ?? []).map((edge) => `session:${edge["blocker"]}`);
    expect(known).toContain(node.parent);
    expect(node.blockerCount).toBeGreaterThan(0);
  }
}

const mysqlEdges = `SELECT w.PROCESSLIST_ID AS waiter, b.PROCESSLIST_ID AS blocker
  FROM performance_schema.data_lock_waits AS e
  JOIN performance_schema.threads AS w ON w.THREAD_ID = e.REQUESTING_THREAD_ID
  JOIN performance_schema.threads AS b ON b.THREAD_ID = e.BLOCKING_THREAD_ID`;
const mariadbEdges = `SELECT w.trx_mysql_thread_id AS waiter, b.trx_mysql_thread_id AS blocker
  FROM information_schema.INNODB_LOCK_WAITS AS e
  JOIN information_schema.INNODB_TRX AS w ON w.trx_id = e.requesting_trx_id
  JOIN information_schema.INNODB_TRX AS b ON b.trx_id = e.blocking_trx_id`;
