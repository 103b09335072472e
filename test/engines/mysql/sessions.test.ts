import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { mysqlConnections } from "../../../functions/core/probes/mysql/connections.ts";
import { mysqlMetadataLocks } from "../../../functions/core/probes/mysql/metadata-locks.ts";
import { mysqlServer } from "../../../functions/core/probes/mysql/server.ts";
import { mysqlSessions } from "../../../functions/core/probes/mysql/sessions.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, openSession, openSessions } from "../../lab/engines/sql.ts";
import {
  connected,
  countOf,
  killAllBut,
  openAdmin,
  probeWith,
  products,
  rowLocksOf,
  rowsOf,
  type Server,
  send,
  targetOf,
  waitFor,
} from "./support.ts";

for (const { engine, availability, start } of products) {
  describeEngine(`sessions of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;

    beforeAll(async () => {
      server = await start({ maxConnections: 80 });
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
    afterEach(() => killAllBut(admin, [session.server.backendId]));

    const runs = (text: string) => () =>
      countOf(
        admin,
        `SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE '%${text}%' AND ID <> CONNECTION_ID()`,
      ).then((count) => count > 0);

    it("P21 says that the server is writable, and why when it is not", async () => {
      const [row] = await rowsOf(session, server, mysqlServer);
      expect(row).toMatchObject({ writable: true, readOnlyBecause: null, maxConnections: 80 });
      expect(row?.version).toContain(engine === "mysql" ? "9." : "MariaDB");
      await admin.query("SET GLOBAL read_only = 1");
      const [locked] = await rowsOf(session, server, mysqlServer);
      await admin.query("SET GLOBAL read_only = 0");
      expect(locked).toMatchObject({ writable: false });
      expect(locked?.readOnlyBecause).toMatch(/^read_only is on/);
    });

    it("P22 groups connections by what they do and who they are", async () => {
      const idle = await openSessions(server, 7, { applicationName: "checkout" });
      const [open] = await openSessions(server, 1, { applicationName: "checkout" });
      await open?.query("BEGIN");
      await open?.query("SELECT * FROM orders FOR UPDATE");
      send(idle[0], "UPDATE orders SET state = 3 WHERE id = 1");
      await waitFor(runs("UPDATE orders"), "the update waits");
      await waitFor(async () => {
        const groups = await rowsOf(session, server, mysqlConnections);
        return groups.some(({ waitingOnLock }) => waitingOnLock === 1);
      }, "a waiter is counted");
      const groups = await rowsOf(session, server, mysqlConnections);
      const mine = groups.filter(({ application }) => application === "checkout");
      const person = { application: "checkout", user: "admin", client: "localhost", database: "app" };
      expect(mine).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ ...person, state: "idle", count: 6, waitingOnLock: 0 }),
          expect.objectContaining({ ...person, state: "idle-in-transaction", count: 1, waitingOnLock: 0 }),
          expect.objectContaining({ ...person, state: "active", count: 1, waitingOnLock: 1 }),
        ]),
      );
      expect(mine).toHaveLength(3);
      expect(groups.some(({ user }) => user === "event_scheduler" || user === "system user")).toBe(false);
      await closeAll([...idle, ...(open ? [open] : [])]);
    });

    it("P23 tells a running statement from a sleeping transaction, by keys that do not repeat", async () => {
      const [open, busy] = await openSessions(server, 2, { applicationName: "worker" });
      await open?.query("BEGIN");
      await open?.query("UPDATE orders SET state = 5");
      send(busy, "SELECT SLEEP(20), 'a secret' /* rds-responder:never */");
      await waitFor(runs("SLEEP(20)"), "the statement runs");
      const look = () => rowsOf(session, server, mysqlSessions);
      const byId = async (connection: Connection | undefined) =>
        (await look()).find(({ id }) => id === connection?.threadId);
      const running = await byId(busy);
      expect(running).toMatchObject({
        state: "active",
        kind: "client",
        own: false,
        user: "admin",
        application: "worker",
      });
      expect(running?.sessionKey).toMatch(/^admin@localhost:\d+$/);
      expect(running?.query).toBe("SELECT SLEEP(?), ? /* rds-responder:never */");
      expect(running?.statementKey).not.toBeNull();
      expect((await byId(busy))?.statementKey).toBe(running?.statementKey);
      await waitFor(async () => (await byId(open)) !== undefined, "the transaction is seen");
      const sleeping = await byId(open);
      expect(sleeping).toMatchObject({
        state: "idle-in-transaction",
        rowsModified: 2,
        statementSeconds: null,
      });
      // InnoDB's times are in another time zone than the session's: hours off when taken for the same.
      expect(sleeping?.transactionSeconds).toBeLessThan(600);
      await open?.query("UPDATE orders SET state = 6");
      const again = await byId(open);
      expect(again?.statementKey).toBeTruthy();
      expect(again?.statementKey).not.toBe(sleeping?.statementKey);
      const own = (await look()).find(({ id }) => id === session.server.backendId);
      expect(own).toMatchObject({ own: true, application: "rds-responder" });
      const raw = settingsSchema.parse({ probing: { queryText: "raw" } });
      const shown = (await rowsOf(session, server, mysqlSessions, raw)).find(
        ({ id }) => id === busy?.threadId,
      );
      expect(shown?.query).toContain("'a secret'");
      await closeAll([open, busy].filter((each) => each !== undefined));
    });

    it("P0 needs exactly PROCESS and SELECT on performance_schema, and says so without them", async () => {
      await admin.query("CREATE USER IF NOT EXISTS rds_responder@'%' IDENTIFIED BY 'probe-lab'");
      await admin.query("GRANT USAGE ON *.* TO rds_responder@'%'");
      const login = { user: "rds_responder", password: "probe-lab", iam: false };
      const target = targetOf(server, { database: null });
      const probes = [mysqlServer, mysqlConnections, mysqlSessions, rowLocksOf(server), mysqlMetadataLocks];
      const statuses = async () => {
        const probe = await connected(target, {}, { credentials: async () => login });
        const results = [];
        for (const each of probes) results.push(await probeWith(probe, server, each));
        await probe.close();
        return results;
      };
      const without = await statuses();
      expect(without.map(({ id, status }) => `${id} ${status}`)).toEqual([
        "mysql-server ok",
        "mysql-connections skipped",
        "mysql-sessions skipped",
        `${rowLocksOf(server).id} skipped`,
        "mysql-metadata-locks skipped",
      ]);
      expect(without[1]?.howToSee).toBe(
        "GRANT PROCESS ON *.* TO {user}; GRANT SELECT ON performance_schema.* TO {user}",
      );
      await admin.query("GRANT PROCESS ON *.* TO rds_responder@'%'");
      await admin.query("GRANT SELECT ON performance_schema.* TO rds_responder@'%'");
      const other = await openSession(server);
      const withThem = await statuses();
      expect(withThem.map(({ status, reason }) => [status, reason])).toEqual(probes.map(() => ["ok", null]));
      await closeAll([other]);
    });
  });
}

for (const { engine, availability, start } of products) {
  describeEngine(`${engine} without performance_schema`, availability, () => {
    it("P0 answers what it can see and says what would show the rest", async () => {
      const server = await start({ settings: { "performance-schema": "OFF" } });
      try {
        const session = await connected(targetOf(server));
        const [own] = await rowsOf(session, server, mysqlSessions);
        expect(own).toMatchObject({ own: true, state: "active", user: "admin" });
        expect(await rowsOf(session, server, mysqlConnections)).not.toHaveLength(0);
        const metadata = await probeWith(session, server, mysqlMetadataLocks);
        expect(metadata).toMatchObject({ status: "skipped", reason: "performance_schema is OFF" });
        expect(metadata.howToSee).toContain("performance_schema = ON");
        // INNODB_LOCKS needs no performance_schema, data_locks does.
        const row = await probeWith(session, server, rowLocksOf(server));
        expect(row.status).toBe(engine === "mysql" ? "skipped" : "ok");
        await session.close();
      } finally {
        await server.stop();
      }
    });
  });
}
