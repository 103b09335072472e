import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { LockForest } from "../../../functions/core/contract/locks.ts";
import type { SqlRow, SqlSession } from "../../../functions/core/ports.ts";
import { mariadbRowLocks } from "../../../functions/core/probes/mysql/row-locks/mariadb-row-locks.ts";
import { mysqlRowLocks } from "../../../functions/core/probes/mysql/row-locks/row-locks.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, openSession, openSessions } from "../../lab/engines/sql.ts";
import { expectEnginesBlockers } from "./engines-blockers.ts";
import {
  connected,
  countOf,
  forestOf,
  killAllBut,
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
  describeEngine(`row locks of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;
    let opened: Connection[] = [];

    beforeAll(async () => {
      server = await start({ maxConnections: 300, settings: { "innodb-lock-wait-timeout": "300" } });
      admin = await openAdmin(server);
      await admin.query(
        "CREATE TABLE orders (id INT PRIMARY KEY, state INT NOT NULL, KEY (state)) ENGINE = InnoDB",
      );
      await admin.query(
        `INSERT INTO orders SELECT id * 10, id FROM (WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 60) SELECT id FROM n) AS numbers`,
      );
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

    /** Sessions in open transactions, each of which owns one row of its own: orders (k + 1) * 10. */
    async function owners(count: number): Promise<Connection[]> {
      const sessions = await openSessions(server, count);
      opened.push(...sessions);
      for (const [index, each] of sessions.entries()) {
        await each.query("BEGIN");
        await each.query(`UPDATE orders SET state = state + 100 WHERE id = ${(index + 1) * 10}`);
      }
      return sessions;
    }

    const waiters = (count: number): Promise<boolean> =>
      waitFor(
        async () => (await countOf(admin, waitingTransactions)) === count,
        `${count} transactions wait`,
      );

    const seen = (): Promise<LockForest> => forestOf(session, server, rowLocksOf(server));

    it("P24 shows a star of 40 waiters under the one idle transaction that holds the row", async () => {
      const [holder] = await owners(1);
      const others = await openSessions(server, 40);
      opened.push(...others);
      for (const other of others) send(other, "UPDATE orders SET state = 1 WHERE id = 10");
      await waiters(40);
      const forest = await seen();
      const roots = forest.nodes.filter(({ parent }) => parent === null);
      expect(roots).toHaveLength(1);
      expect(roots[0]).toMatchObject({
        key: `session:${holder?.threadId}`,
        blocksTotal: 40,
        blocksDirectly: 40,
        session: { state: "idle-in-transaction", rowsModified: 1, user: "admin", application: "lab" },
      });
      expect(roots[0]?.holds[0]?.object).toMatch(/^row \d+ on page \d+ of app\.orders \(PRIMARY\)$/);
      expect(forest.waiters).toBe(40);
      await expectEnginesBlockers(forest, admin, engine);
    });

    it("P24 shows a chain of 20 waiters link by link", async () => {
      const chain = await owners(21);
      for (let link = 1; link <= 20; link += 1) {
        send(chain[link], `UPDATE orders SET state = 2 WHERE id = ${link * 10}`);
        await waiters(link);
      }
      const forest = await seen();
      expect(forest.waiters).toBe(20);
      const parentOf = new Map(forest.nodes.map(({ key, parent }) => [key, parent]));
      for (let link = 1; link <= 20; link += 1) {
        expect(parentOf.get(`session:${chain[link]?.threadId}`)).toBe(`session:${chain[link - 1]?.threadId}`);
      }
      const root = forest.nodes.find(({ parent }) => parent === null);
      expect(root).toMatchObject({
        key: `session:${chain[0]?.threadId}`,
        blocksTotal: 20,
        blocksDirectly: 1,
      });
      await expectEnginesBlockers(forest, admin, engine);
    });

    it("P24 shows a tree: three waiters of the root, each blocking two of its own", async () => {
      const members = await owners(10);
      let waiting = 0;
      for (const [index, row] of [1, 1, 1, 2, 2, 3, 3, 4, 4].entries()) {
        send(members[index + 1], `UPDATE orders SET state = 3 WHERE id = ${row * 10}`);
        waiting += 1;
        await waiters(waiting);
      }
      const forest = await seen();
      const nodeOf = (index: number) =>
        forest.nodes.find(({ key }) => key === `session:${members[index]?.threadId}`);
      expect(nodeOf(0)).toMatchObject({ parent: null, blocksTotal: 9, blocksDirectly: 3 });
      for (const inner of [1, 2, 3])
        expect(nodeOf(inner)).toMatchObject({ blocksTotal: 2, blocksDirectly: 2 });
      await expectEnginesBlockers(forest, admin, engine);
    });

    it("P24 names the holder of a gap as what keeps an insert waiting", async () => {
      const [holder, inserter] = await openSessions(server, 2);
      opened.push(...[holder, inserter].filter((each) => each !== undefined));
      await holder?.query("BEGIN");
      await holder?.query("SELECT * FROM orders WHERE id BETWEEN 101 AND 105 FOR UPDATE");
      send(inserter, "INSERT INTO orders VALUES (103, 1)");
      await waiters(1);
      const forest = await seen();
      const waiter = forest.nodes.find(({ waitsFor }) => waitsFor !== null);
      expect(waiter?.parent).toBe(`session:${holder?.threadId}`);
      expect(waiter?.waitsFor?.mode).toContain("INSERT_INTENTION");
      await expectEnginesBlockers(forest, admin, engine);
    });

    it("P24 shows a prepared XA transaction without a session as the holder", async () => {
      const holder = await openSession(server);
      await holder.query("XA START 'order-7','b'");
      await holder.query("UPDATE orders SET state = 4 WHERE id = 20");
      await holder.query("XA END 'order-7','b'");
      await holder.query("XA PREPARE 'order-7','b'");
      holder.destroy();
      await waitFor(async () => (await countOf(admin, detached)) === 1, "the XA transaction is detached");
      const [waiter] = await openSessions(server, 1);
      if (waiter) opened.push(waiter);
      send(waiter, "UPDATE orders SET state = 5 WHERE id = 20");
      await waiters(1);
      const forest = await seen();
      await admin.query("XA ROLLBACK 'order-7','b'");
      const root = forest.nodes.find(({ parent }) => parent === null);
      expect(root).toMatchObject({ session: null, blocksTotal: 1 });
      expect(root?.key).toMatch(/^prepared:\d+$/);
      expect(root?.prepared?.gid).toBe(engine === "mariadb" ? "'order-7','b'" : "X'6F726465722D37',X'62',1");
      expect(root?.prepared?.ageSeconds).toBeGreaterThanOrEqual(0);
    });

    it.runIf(engine === "mysql")(
      "P24 finds the same parents in the waits alone, as it does beyond 500,000 locks",
      async () => {
        const chain = await owners(4);
        for (let link = 1; link <= 3; link += 1) {
          send(chain[link], `UPDATE orders SET state = 2 WHERE id = ${link * 10}`);
          await waiters(link);
        }
        const context = { target: targetOf(server), server: session.server, settings: defaultSettings };
        const answers = [];
        for (const statement of mysqlRowLocks.statements(context)) {
          const rows = await session.query(statement);
          // As if one of the transactions had locked very many rows.
          answers.push(rows.map((row) => ("rows_locked" in row ? { ...row, rows_locked: 500_000 } : row)));
        }
        const further = mysqlRowLocks.follow?.(answers, context) ?? [];
        expect(further.map(({ sql }) => /\bdata_lock\w+/.exec(sql)?.[0])).toEqual(["data_lock_waits"]);
        for (const statement of further) answers.push(await session.query(statement));
        const [few] = mysqlRowLocks.read(answers, context);
        const whole = await seen();
        const parents = (forest: LockForest | undefined) =>
          forest?.nodes.map(({ key, parent }) => [key, parent]);
        expect(parents(few)).toHaveLength(4);
        expect(parents(few)).toEqual(parents(whole));
      },
    );

    it.runIf(engine === "mariadb")(
      "P24 does not list a queue that would shut InnoDB's lock table for seconds, and says so",
      async () => {
        const [holder] = await owners(1);
        const [waiter] = await openSessions(server, 1);
        if (waiter) opened.push(waiter);
        send(waiter, "UPDATE orders SET state = 1 WHERE id = 10");
        await waiters(1);
        const context = { target: targetOf(server), server: session.server, settings: defaultSettings };
        const look = async (mostWaiters: number) => {
          const answers: (readonly SqlRow[])[] = [];
          for (const { sql } of mariadbRowLocks.statements(context))
            answers.push(await session.query({ sql: sql.replace("<= 1200", `<= ${mostWaiters}`) }));
          return () => mariadbRowLocks.read(answers, context)[0];
        };
        expect(await look(0)).toThrow("transactions wait for locks");
        expect((await look(1))()?.nodes[0]?.key).toBe(`session:${holder?.threadId}`);
      },
    );

    it("P24 answers nothing and costs one look when nobody waits", async () => {
      await owners(2);
      expect(await seen()).toEqual({ nodes: [], waiters: 0, omittedWaiters: 0, lockRows: 0, cycles: [] });
    });
  });
}

const detached = "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = 0";
