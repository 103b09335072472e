import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { LockForest, LockNode } from "../../../functions/core/contract/locks.ts";
import { viewOf } from "../../../functions/core/facts/view.ts";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { mysqlMetadataLocks } from "../../../functions/core/probes/mysql/metadata-locks.ts";
import { ddlLockQueue } from "../../../functions/core/rules/locks/ddl-lock-queue.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, openSessions } from "../../lab/engines/sql.ts";
import { someEvidence } from "../../support/evidence-builder.ts";
import {
  connected,
  countOf,
  forestOf,
  killAllBut,
  openAdmin,
  pendingMetadataLocks,
  products,
  rowLocksOf,
  type Server,
  send,
  targetOf,
  waitFor,
  waitingTransactions,
} from "./support.ts";

for (const { engine, availability, start } of products) {
  describeEngine(`metadata locks of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;
    let opened: Connection[] = [];

    beforeAll(async () => {
      server = await start({ maxConnections: 300 });
      admin = await openAdmin(server);
      await admin.query("CREATE TABLE orders (id INT PRIMARY KEY, state INT NOT NULL) ENGINE = InnoDB");
      await admin.query("INSERT INTO orders VALUES (1, 1), (2, 2)");
      session = await connected(targetOf(server));
    });
    afterAll(async () => {
      await session?.close();
      await closeAll(admin ? [admin] : []);
      await server?.stop();
    });
    beforeEach(() => {
      opened = [];
    });
    afterEach(async () => {
      await killAllBut(admin, [session.server.backendId]);
      await closeAll(opened);
    });

    async function open(count: number): Promise<Connection[]> {
      const sessions = await openSessions(server, count);
      opened.push(...sessions);
      return sessions;
    }

    const pending = (count: number): Promise<boolean> =>
      waitFor(
        async () => (await countOf(admin, pendingMetadataLocks)) === count,
        `${count} metadata locks are pending`,
      );

    const seen = (): Promise<LockForest> => forestOf(session, server, mysqlMetadataLocks);

    const nodeOf = (forest: LockForest, connection: Connection | undefined): LockNode | undefined =>
      forest.nodes.find(({ key }) => key === `session:${connection?.threadId}`);

    it("P25 shows the queue behind a schema change: idle reader, ALTER, 30 SELECTs", async () => {
      const [reader, changer, ...readers] = await open(32);
      await reader?.query("BEGIN");
      await reader?.query("SELECT * FROM orders");
      send(changer, "ALTER TABLE orders ADD COLUMN note INT");
      await pending(1);
      for (const each of readers) send(each, "SELECT * FROM orders");
      await pending(31);
      const forest = await seen();
      expect(forest.waiters).toBe(31);
      expect(forest.nodes.filter(({ parent }) => parent === null)).toHaveLength(1);
      expect(nodeOf(forest, reader)).toMatchObject({
        parent: null,
        blocksTotal: 31,
        session: { state: "idle-in-transaction" },
      });
      expect(nodeOf(forest, changer)).toMatchObject({
        parent: `session:${reader?.threadId}`,
        behindQueue: false,
        blocksTotal: 30,
        waitsFor: { object: "app.orders", objectKind: "metadata", mode: "EXCLUSIVE", queuePosition: 1 },
      });
      for (const each of readers) {
        expect(nodeOf(forest, each)).toMatchObject({
          parent: `session:${changer?.threadId}`,
          behindQueue: true,
          blockerCount: 1,
        });
      }
    });

    it("P25 puts the ALTER first even when a writer has waited longer behind LOCK TABLES", async () => {
      const [locker, writer, changer] = await open(3);
      await locker?.query("LOCK TABLES orders READ");
      send(writer, "UPDATE orders SET state = 9 WHERE id = 1");
      await pending(1);
      send(changer, "DROP TABLE orders");
      await pending(2);
      const forest = await seen();
      expect(nodeOf(forest, changer)?.waitsFor?.queuePosition).toBe(1);
      expect(nodeOf(forest, locker)).toMatchObject({ parent: null, blocksTotal: 2 });
      await admin.query(`KILL ${changer?.threadId}`);
      await waitFor(async () => (await countOf(admin, pendingMetadataLocks)) === 1, "the DROP is gone");
    });

    it("P25 shows LOCK TABLES WRITE as an explicit lock of an idle session", async () => {
      const [locker, ...others] = await open(4);
      await locker?.query("LOCK TABLES orders WRITE");
      for (const other of others) send(other, "SELECT * FROM orders");
      await pending(3);
      const forest = await seen();
      expect(nodeOf(forest, locker)).toMatchObject({ parent: null, blocksTotal: 3, blocksDirectly: 3 });
      expect(nodeOf(forest, locker)?.holds).toContainEqual({
        object: "app.orders",
        objectKind: "metadata",
        mode: "SHARED_NO_READ_WRITE",
        explicit: true,
      });
    });

    it("P25 shows FLUSH TABLES WITH READ LOCK as an explicit global lock", async () => {
      const [locker, ...others] = await open(4);
      await locker?.query("FLUSH TABLES WITH READ LOCK");
      for (const other of others) send(other, "UPDATE orders SET state = 3 WHERE id = 2");
      await pending(3);
      const forest = await seen();
      const root = nodeOf(forest, locker);
      expect(root).toMatchObject({ parent: null, blocksTotal: 3, blocksDirectly: 3 });
      expect(root?.holds[0]).toMatchObject({ objectKind: "global", explicit: true });
      expect(nodeOf(forest, others[0])?.waitsFor?.objectKind).toBe("global");
    });

    it("P25 shows GET_LOCK as an explicit named lock", async () => {
      const [locker, ...others] = await open(3);
      await locker?.query("SELECT GET_LOCK('nightly-import', 1)");
      for (const other of others) send(other, "SELECT GET_LOCK('nightly-import', 60)");
      await pending(2);
      const forest = await seen();
      expect(nodeOf(forest, locker)).toMatchObject({ parent: null, blocksTotal: 2 });
      expect(nodeOf(forest, locker)?.holds[0]).toMatchObject({
        object: "named lock 'nightly-import'",
        objectKind: "advisory",
        explicit: true,
      });
    });

    it("P25 shows an XA transaction that was left prepared as what keeps a schema change waiting", async () => {
      const [holder, changer] = await open(2);
      for (const sql of [
        "XA START 'x1'",
        "UPDATE orders SET state = 4 WHERE id = 2",
        "XA END 'x1'",
        "XA PREPARE 'x1'",
      ]) {
        await holder?.query(sql);
      }
      holder?.destroy();
      const left = "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = 0";
      await waitFor(async () => (await countOf(admin, left)) === 1, "the XA transaction is left alone");
      send(changer, "ALTER TABLE orders ADD COLUMN late INT");
      // MariaDB gives the metadata lock back when the session ends; the ALTER then waits inside InnoDB.
      const waits = engine === "mysql" ? pendingMetadataLocks : waitingTransactions;
      await waitFor(async () => (await countOf(admin, waits)) === 1, "the ALTER waits");
      const forest = engine === "mysql" ? await seen() : await forestOf(session, server, rowLocksOf(server));
      await admin.query("XA ROLLBACK 'x1'");
      const root = forest.nodes.find(({ parent }) => parent === null);
      expect(root).toMatchObject({
        session: null,
        blocksTotal: 1,
        key: expect.stringMatching(/^prepared:\d+$/),
      });
      expect(nodeOf(forest, changer)?.waitsFor?.object).toBe("app.orders");
    });

    it("P25 tells no wait of an ALTER that has copied its table and asks for the last lock only", async () => {
      await admin.query("DROP TABLE IF EXISTS digit, copied");
      await admin.query("CREATE TABLE digit (d INT PRIMARY KEY)");
      await admin.query("INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)");
      await admin.query(
        "CREATE TABLE copied (id INT PRIMARY KEY AUTO_INCREMENT, v CHAR(200)) ENGINE = InnoDB",
      );
      // 300,000 rows: long enough to be seen at it.
      await admin.query(
        "INSERT INTO copied (v) SELECT 'a' FROM digit a, digit b, digit c, digit d, digit e, orders f, orders g WHERE f.id * g.id < 3",
      );
      const [changer, reader, late, later] = await open(4);
      send(changer, "ALTER TABLE copied ADD COLUMN note INT, ALGORITHM = COPY, LOCK = SHARED");
      const copying = `SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = ${changer?.threadId} AND STATE LIKE 'copy to tmp%'`;
      await waitFor(async () => (await countOf(admin, copying)) === 1, "the ALTER copies");
      await reader?.query("BEGIN");
      await reader?.query("SELECT * FROM copied LIMIT 1");
      await pending(1);
      send(late, "SELECT * FROM copied LIMIT 1");
      await pending(2);
      send(later, "SELECT * FROM copied LIMIT 1");
      await pending(3);
      const forest = await seen();
      const alter = nodeOf(forest, changer);
      expect(alter?.waitsFor).toMatchObject({ mode: "EXCLUSIVE", waitSeconds: null, queuePosition: 1 });
      expect(alter?.session?.statementSeconds).toBeGreaterThan(0.3);
      const behind = nodeOf(forest, late)?.waitsFor?.waitSeconds ?? null;
      expect(behind).toBeLessThan(alter?.session?.statementSeconds ?? 0);
      expect(nodeOf(forest, reader)?.longestWaitSeconds).toBe(behind);
      const none = { nodes: [], waiters: 0, omittedWaiters: 0, lockRows: 0, cycles: [] };
      const view = viewOf(someEvidence({ engine, forests: [none, forest] }), defaultSettings.thresholds);
      expect(ddlLockQueue.evaluate(view)[0]?.summary ?? "").toMatch(
        /has waited at least \S+ m?s for table app\.copied/,
      );
    });

    it("P25 answers nothing when nobody waits", async () => {
      const [reader] = await open(1);
      await reader?.query("BEGIN");
      await reader?.query("SELECT * FROM orders");
      expect(await seen()).toEqual({ nodes: [], waiters: 0, omittedWaiters: 0, lockRows: 0, cycles: [] });
    });
  });
}
