import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type LockForest, lockForestSchema } from "../../../functions/core/contract/locks.ts";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { probes } from "../../../functions/core/probes/index.ts";
import { mysqlConnections } from "../../../functions/core/probes/mysql/connections.ts";
import { mysqlMetadataLocks } from "../../../functions/core/probes/mysql/metadata-locks.ts";
import { mysqlRowLocks } from "../../../functions/core/probes/mysql/row-locks/row-locks.ts";
import { type AnyProbe, runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, openSession } from "../../lab/engines/sql.ts";
import {
  connected,
  countOf,
  killAllBut,
  openAdmin,
  pendingMetadataLocks,
  products,
  type Server,
  send,
  systemClock,
  targetOf,
  waitFor,
  waitingTransactions,
} from "./support.ts";

for (const { engine, availability, start } of products) {
  describeEngine(`locks of ${engine} whose owners came late`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;
    const opened: Connection[] = [];

    beforeAll(async () => {
      server = await start({ maxConnections: 60 });
      admin = await openAdmin(server);
      for (const table of ["orders", "items"]) {
        await admin.query(`CREATE TABLE ${table} (id INT PRIMARY KEY, state INT NOT NULL) ENGINE = InnoDB`);
        await admin.query(`INSERT INTO ${table} VALUES (1, 1), (2, 2)`);
      }
      session = await connected(targetOf(server));
    });
    afterAll(async () => {
      await session?.close();
      await closeAll(admin ? [admin] : []);
      await server?.stop();
    });
    afterEach(async () => {
      await admin.query("XA ROLLBACK 'left'").catch(() => undefined);
      await killAllBut(admin, [session.server.backendId]);
      await closeAll(opened.splice(0));
    });

    async function open(): Promise<Connection> {
      const connection = await openSession(server);
      opened.push(connection);
      return connection;
    }

    /** The answers when `meanwhile` happens just before the first statement that `strikes`. */
    async function look(asked: readonly AnyProbe[], strikes: RegExp, meanwhile: () => Promise<void>) {
      let struck = false;
      const between: SqlSession = {
        server: session.server,
        begin: (statement, waitMs, signal) => session.begin(statement, waitMs, signal),
        limit: (ms) => session.limit(ms),
        close: () => session.close(),
        query: async (statement, signal) => {
          if (!struck && strikes.test(statement.sql)) {
            struck = true;
            await meanwhile();
          }
          return session.query(statement, signal);
        },
      };
      const context = { target: targetOf(server), server: session.server, settings: defaultSettings };
      const results = await runProbes(between, asked, context, systemClock);
      const forest = (id: string): LockForest => {
        const result = results.find((candidate) => candidate.id === id);
        return lockForestSchema.parse(result?.rows[0]);
      };
      return { forest, sent: results.reduce((sum, { statements }) => sum + statements, 0) };
    }

    async function leaveXaTransaction(): Promise<void> {
      const connection = await open();
      for (const sql of ["XA START 'left'", "UPDATE items SET state = 4 WHERE id = 2", "XA END 'left'"])
        await connection.query(sql);
      await connection.query("XA PREPARE 'left'");
      connection.destroy();
      const left = "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = 0";
      await waitFor(async () => (await countOf(admin, left)) === 1, "the XA transaction is left alone");
    }

    async function queueForSchemaChange(): Promise<[Connection, Connection]> {
      const [reader, changer] = [await open(), await open()];
      await reader.query("BEGIN");
      await reader.query("SELECT * FROM orders");
      const listed = `SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = ${reader.threadId}`;
      await waitFor(async () => (await countOf(admin, listed)) === 1, "the reader's transaction is listed");
      send(changer, "ALTER TABLE orders COMMENT = 'changed'");
      await waitFor(async () => (await countOf(admin, pendingMetadataLocks)) === 1, "the ALTER waits");
      return [reader, changer];
    }

    it("P25 finds a queue that came after the sessions were read, and blames no XA transaction for it", async () => {
      await leaveXaTransaction();
      let queue: Connection[] = [];
      const { forest } = await look(
        [mysqlConnections, mysqlMetadataLocks],
        /metadata_locks AS l/,
        async () => {
          queue = await queueForSchemaChange();
        },
      );
      const [reader, changer] = queue.map(({ threadId }) => `session:${threadId}`);
      expect(forest("mysql-metadata-locks").nodes.map(({ key, parent }) => [key, parent])).toEqual([
        [reader, null],
        [changer, reader],
      ]);
      expect(forest("mysql-metadata-locks").nodes[0]).toMatchObject({
        prepared: null,
        session: { state: "other", transactionUnknown: true },
      });
    });

    it("P25 Q2 reads the locks before the sessions that the tier shares, so that their owners are known", async () => {
      const immediate = probes.filter(({ tier }) => tier === "immediate");
      let queue: Connection[] = [];
      const { forest, sent } = await look(immediate, /metadata_locks AS l/, async () => {
        queue = await queueForSchemaChange();
      });
      expect(forest("mysql-metadata-locks").nodes).toMatchObject([
        { key: `session:${queue[0]?.threadId}`, session: { state: "idle-in-transaction" } },
        { key: `session:${queue[1]?.threadId}`, session: { state: "active" } },
      ]);
      expect(sent).toBeLessThanOrEqual(12);
    });

    it.runIf(engine === "mysql")(
      "P24 names those who took the row after the transactions were read",
      async () => {
        const [first, next] = [await open(), await open()];
        await first.query("BEGIN");
        await first.query("UPDATE orders SET state = 3 WHERE id = 1");
        send(next, "UPDATE orders SET state = 4 WHERE id = 1");
        const waits = async (): Promise<boolean> => (await countOf(admin, waitingTransactions)) === 1;
        await waitFor(waits, "somebody waits");
        const late: Connection[] = [];
        const { forest } = await look([mysqlRowLocks], /data_locks AS l/, async () => {
          await first.query("ROLLBACK");
          late.push(await open(), await open());
          await late[0]?.query("BEGIN");
          await late[0]?.query("UPDATE orders SET state = 5 WHERE id = 1");
          send(late[1], "UPDATE orders SET state = 6 WHERE id = 1");
          await waitFor(waits, "the late one waits");
        });
        const [holder, waiter] = late.map(({ threadId }) => `session:${threadId}`);
        expect(forest("mysql-row-locks").nodes.map(({ key, parent }) => [key, parent])).toEqual([
          [holder, null],
          [waiter, holder],
        ]);
      },
    );
  });
}
