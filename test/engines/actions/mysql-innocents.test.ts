import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createResponderUsers } from "../../lab/demo/database.ts";
import { mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { closeAll, createLabUsers, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { proposedOn } from "./innocents-support.ts";
import { actorStatements, execute, says, targetIn } from "./support.ts";

const asked = { guards: { unasked: true } } as const;

describeEngine("MySQL innocents", await mysqlAvailability(), () => {
  let server: MysqlServer;
  let admin: Connection;
  const open: Connection[] = [];

  beforeAll(async () => {
    server = await startMysql();
    await createLabUsers(server);
    await createResponderUsers(server);
    admin = await createConnection({ uri: server.adminUrl });
    for (const sql of actorStatements("mysql")) await admin.query(sql);
    await admin.query("CREATE TABLE app.account (id INT PRIMARY KEY, number INT UNIQUE, balance INT)");
    await admin.query("INSERT INTO app.account VALUES (1, 1, 0), (2, 2, 0), (3, 3, 0)");
    await admin.query("CREATE ROLE ops, team");
    await admin.query("GRANT CREATE USER ON *.* TO ops");
    await admin.query("GRANT ops TO team");
  });
  afterEach(async () => {
    await closeAll(open.splice(0));
  });
  afterAll(async () => {
    await closeAll(admin ? [admin] : []);
    await server?.stopNow();
  });

  async function app(...statements: readonly string[]): Promise<Connection> {
    const connection = await openSession(server, { user: "shop", applicationName: "checkout" });
    open.push(connection);
    for (const sql of statements) await connection.query(sql);
    return connection;
  }

  /** Waits within a transaction that has done something before. */
  async function waiting(sql: string, ...before: readonly string[]): Promise<void> {
    const connection = await app("BEGIN", ...before);
    void says(connection.query(sql));
  }

  async function look(waiters: number) {
    const sql = "SELECT COUNT(*) AS n FROM performance_schema.data_lock_waits";
    await waitUntil(
      async () => Number((await admin.query<never[]>(sql))[0].map(({ n }) => n)[0]) >= waiters,
      {
        what: "they wait",
      },
    );
    await admin.query("DO SLEEP(1.2)");
    return proposedOn(server);
  }

  const update = "UPDATE app.account SET balance = balance + 1 WHERE id = 1";

  it("D11 a plain idle transaction whose row others update is still ended unasked", async () => {
    await app("BEGIN", update);
    await waiting(update);
    const { unasked } = await look(1);
    expect(unasked.map(({ id }) => id)).toEqual(["terminate-session"]);
  });

  it.each([
    ["INSERT INTO app.account VALUES (10, 10, 0)", "INSERT INTO app.account VALUES (10, 10, 0)"],
    [
      "INSERT INTO app.account VALUES (10, 10, 0)",
      "INSERT INTO app.account VALUES (10, 10, 0) ON DUPLICATE KEY UPDATE balance = 1",
    ],
    ["UPDATE app.account SET number = 77 WHERE id = 1", "UPDATE app.account SET number = 77 WHERE id = 2"],
  ])("D11 its end would have those who want the same key deadlock: %s, and %s", async (held, wanted) => {
    await app("BEGIN", held);
    for (const _ of [1, 2]) await waiting(wanted);
    const { actions, unasked } = await look(2);
    expect(actions.length).toBeGreaterThan(0);
    expect(unasked).toEqual([]);
  });

  it("D11 who waits for a waiter's other row is not freed", async () => {
    await app("BEGIN", update);
    await waiting(update, update.replace("id = 1", "id = 2"));
    await waiting(update.replace("id = 1", "id = 2"));
    const { actions, unasked } = await look(2);
    expect(actions.length).toBeGreaterThan(0);
    expect(unasked).toEqual([]);
  });

  it("A40 the guards see a lease in a comment that is run, a file, a variable, and an administrator by a role of a role", async () => {
    const refusals: unknown[] = [];
    const guardFor = async (...statements: readonly string[]) => {
      const client = await app(...statements);
      const target = await targetIn(server, client.threadId, "idle-in-transaction");
      const outcome = await execute(server, "terminate-session", target, asked);
      refusals.push(outcome.refusal?.guard ?? (outcome.status === "done" ? "done" : outcome.summary));
      await says(client.query("ROLLBACK"));
    };
    await guardFor("BEGIN", "SELECT * FROM app.account WHERE id = 1 FOR UPDATE /*!80001 SKIP LOCKED */");
    await guardFor("SET @total = 7", "BEGIN", update);
    await guardFor("BEGIN", update);
    await admin.query("GRANT team TO shop@'%'");
    await guardFor("BEGIN", update);
    await admin.query("REVOKE team FROM shop@'%'");
    await admin.query("SET GLOBAL mandatory_roles = '`team`@`%`'");
    await guardFor("BEGIN", update);
    await admin.query("SET GLOBAL mandatory_roles = ''");
    expect(refusals).toEqual(["never-alone", "session-data", "done", "administrator", "administrator"]);
  });
});
