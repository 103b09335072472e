import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { LockForest } from "../../../functions/core/contract/locks.ts";
import { viewOf } from "../../../functions/core/facts/view.ts";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { blockedByIdleTransaction } from "../../../functions/core/rules/locks/blocked-by-idle-transaction.ts";
import { blockedByRunningQuery } from "../../../functions/core/rules/locks/blocked-by-running-query.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, openSessions } from "../../lab/engines/sql.ts";
import { someEvidence } from "../../support/evidence-builder.ts";
import {
  connected,
  countOf,
  forestOf,
  openAdmin,
  products,
  rowLocksOf,
  type Server,
  send,
  targetOf,
  waitFor,
  waitingTransactions,
} from "./support.ts";

for (const { engine, availability, start } of products) {
  describeEngine(`a rollback of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;
    let opened: Connection[] = [];

    beforeAll(async () => {
      server = await start({});
      admin = await openAdmin(server);
      await admin.query("CREATE TABLE digit (d INT PRIMARY KEY)");
      await admin.query("INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)");
      await admin.query(
        "CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, v CHAR(100)) ENGINE = InnoDB",
      );
      // 600,000 rows: long enough to be seen at it.
      await admin.query(
        "INSERT INTO orders (v) SELECT 'a' FROM digit a, digit b, digit c, digit d, digit e, digit f WHERE f.d < 6",
      );
      session = await connected(targetOf(server));
      opened = await openSessions(server, 3);
    });
    afterAll(async () => {
      await session?.close();
      await closeAll([...opened, ...(admin ? [admin] : [])]);
      await server?.stop();
    });

    it("D8 is told with what is left of it, and nobody is proposed to be ended once more", async () => {
      const [killed, ...others] = opened;
      await killed?.query("BEGIN");
      await killed?.query("UPDATE orders SET v = 'b'");
      for (const other of others) send(other, "UPDATE orders SET v = 'c' WHERE id = 1");
      await waitFor(async () => (await countOf(admin, waitingTransactions)) === 2, "two transactions wait");
      await admin.query(`KILL ${killed?.threadId}`);
      let forest: LockForest | null = null;
      await waitFor(async () => {
        forest = await forestOf(session, server, rowLocksOf(server));
        return forest.nodes.some((node) => node.session?.ending === "rolling-back");
      }, "the rollback is seen");
      if (forest === null) throw new Error("unreachable");
      const { thresholds } = defaultSettings;
      const view = viewOf(someEvidence({ engine, forests: [forest] }), thresholds);
      const found = [...blockedByIdleTransaction.evaluate(view), ...blockedByRunningQuery.evaluate(view)];
      expect(found).toHaveLength(1);
      expect(found[0]?.actions).toEqual([]);
      const { summary } = found[0] ?? { summary: "" };
      expect(summary).toMatch(/^1 session that is rolling back for \S+ m?s at most, \d+ changed rows left/);
      expect(Number(/(\d+) changed rows/.exec(summary)?.[1])).toBeLessThan(600_000);
    });
  });
}
