import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { closeAll, createLabUsers, openSession, openSessions, waitUntil } from "../../lab/engines/sql.ts";
import { actorStatements, execute, says } from "./support.ts";

describeEngine("several sessions that are ended on MySQL", await mysqlAvailability(), () =>
  endSuite(() => startMysql()),
);
describeEngine("several sessions that are ended on MariaDB", await mariadbAvailability(), () =>
  endSuite(() => startMariadb()),
);

function endSuite(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  let admin: Connection;
  /** As the server knows the name of these clients. */
  let application: string | null;
  const open: Connection[] = [];

  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    admin = await createConnection({ uri: server.adminUrl });
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
    await admin.query("CREATE TABLE app.orders (id INT PRIMARY KEY, v INT)");
    await admin.query("INSERT INTO app.orders VALUES (1, 0)");
    const probe = await openSession(server, { user: "shop", applicationName: "web" });
    const [rows] = await admin.query(
      "SELECT MAX(c.ATTR_VALUE) AS name FROM performance_schema.session_connect_attrs c JOIN information_schema.PROCESSLIST p ON p.ID = c.PROCESSLIST_ID WHERE p.USER = 'shop' AND c.ATTR_NAME = 'program_name'",
    );
    application = JSON.parse(JSON.stringify(rows))[0].name;
    await probe.end();
  });
  afterEach(async () => {
    await closeAll(open.splice(0));
  });
  afterAll(async () => {
    await closeAll([admin]);
    await server?.stopNow();
  });

  async function opened(count: number, user: "shop" | "admin" = "shop"): Promise<Connection[]> {
    const clients = await openSessions(server, count, { user, applicationName: "web" });
    open.push(...clients);
    for (const client of clients) await client.query("SELECT 1");
    return clients;
  }
  const grown = (count: number): Promise<unknown> =>
    waitUntil(
      async () => {
        const [rows] = await admin.query(
          "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER IN ('shop', 'admin') AND COMMAND = 'Sleep' AND TIME >= 2",
        );
        return JSON.parse(JSON.stringify(rows))[0].n >= count;
      },
      { what: "they have idled for two seconds", everyMs: 150 },
    );
  const end = (more: object = {}, options = {}): Promise<Outcome> =>
    execute(
      server,
      "end-idle-sessions",
      JSON.parse(
        JSON.stringify({ user: "shop", application, state: "idle", overSeconds: 1, most: 10, ...more }),
      ),
      options,
    );

  it("A40 ends no more when two executions of one order meet", async () => {
    await opened(5);
    await grown(5);
    const met: Outcome[] = [];
    const first = await end({ most: 2 }, { beforeActing: async () => void met.push(await end({ most: 2 })) });
    expect(first.killed).toHaveLength(2);
    expect(met).toMatchObject([{ status: "refused", killed: [], refusal: { guard: "order-under-way" } }]);
  });

  it("A3 ends those of one user that idle, and nobody else", async () => {
    const leaked = await opened(3);
    const [namesake] = await opened(1, "admin");
    await grown(4);
    const outcome = await end();
    expect(outcome).toMatchObject({ status: "done", summary: expect.stringContaining("Ended 3 sessions") });
    for (const one of leaked) expect(await says(one.query("SELECT 1"))).not.toBe("ok");
    expect(await says(namesake?.query("SELECT 1") ?? Promise.reject())).toBe("ok");
    expect(await end()).toMatchObject({ status: "already-done" });
  }, 30_000);

  it("A3 ends idle transactions, whose work rolls back, and leaves the merely idle alone", async () => {
    const [writer, merely] = await opened(2);
    await writer?.query("BEGIN");
    await writer?.query("UPDATE app.orders SET v = 9");
    await grown(2);
    const outcome = await end({ state: "idle-in-transaction" });
    expect(outcome).toMatchObject({ status: "done", summary: expect.stringContaining("Ended 1 sessions") });
    await waitUntil(
      async () => {
        const [rows] = await admin.query("SELECT v FROM app.orders");
        return JSON.parse(JSON.stringify(rows))[0].v === 0;
      },
      { what: "it has rolled back" },
    );
    expect(await says(merely?.query("SELECT 1") ?? Promise.reject())).toBe("ok");
  }, 30_000);

  it("A3 leaves alone on MySQL who leases rows; MariaDB does not show it", async () => {
    const [worker, long, plain] = await opened(3);
    for (const one of [worker, long, plain]) await one?.query("BEGIN");
    await worker?.query("SELECT * FROM app.orders FOR UPDATE SKIP LOCKED");
    await long?.query(`SELECT '${"Заказ".repeat(120)}' FROM app.orders FOR UPDATE SKIP LOCKED`);
    await plain?.query("SELECT COUNT(*) FROM app.orders");
    await grown(3);
    const outcome = await end({ state: "idle-in-transaction" });
    expect(outcome.killed).toHaveLength(server.engine === "mysql" ? 1 : 3);
    if (server.engine === "mysql")
      expect(await says(worker?.query("SELECT 1") ?? Promise.reject())).toBe("ok");
  }, 30_000);

  it("A3 leaves alone who has begun to work between the list and the signal", async () => {
    const [one] = await opened(2);
    await grown(2);
    const outcome = await end({}, { beforeActing: async () => void (await one?.query("SELECT 2")) });
    expect(outcome.killed).toHaveLength(1);
    expect(outcome.summary).toContain("Left alone: 1 by");
    expect(await says(one?.query("SELECT 1") ?? Promise.reject())).toBe("ok");
  }, 30_000);

  it("A4 ends nobody by how long he is there, which no server tells", async () => {
    const [newcomer] = await opened(1);
    const outcome = await execute(server, "end-sessions", { overSeconds: 3600, most: 100 });
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "unknown-action" }, killed: [] });
    expect(await says(newcomer?.query("SELECT 1") ?? Promise.reject())).toBe("ok");
  });
}
