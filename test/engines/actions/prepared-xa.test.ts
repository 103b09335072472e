import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { cancelStatement, endSession } from "../../../functions/core/remedies/remedies.ts";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { closeAll, createLabUsers, openSession } from "../../lab/engines/sql.ts";
import { aView } from "../../support/evidence-builder.ts";
import { actorStatements, execute, says, seen, targetIn } from "./support.ts";

describeEngine("A prepared XA transaction of MySQL", await mysqlAvailability(), () =>
  preparedSuite(() =>
    // As RDS has it by default: with GTIDs a transaction cannot write to both kinds of tables.
    startMysql({ settings: { "gtid-mode": "OFF", "enforce-gtid-consistency": "OFF" } }),
  ),
);
describeEngine("A prepared XA transaction of MariaDB", await mariadbAvailability(), () =>
  preparedSuite(() => startMariadb()),
);

function preparedSuite(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  let admin: Connection;
  const open: Connection[] = [];

  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    admin = await createConnection({ uri: server.adminUrl });
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
    await admin.query("CREATE TABLE account (id INT PRIMARY KEY, balance INT)");
    await admin.query("INSERT INTO account VALUES (1, 0), (2, 0)");
    // Up to 8.0.28, and wherever somebody has set it so.
    if (server.engine === "mysql") await admin.query("SET GLOBAL xa_detach_on_prepare = OFF");
  });
  afterEach(async () => {
    await closeAll(open.splice(0));
  });
  afterAll(async () => {
    await admin?.end();
    await server?.stopNow();
  });

  async function branch(name: string, row: number): Promise<Connection> {
    const client = await openSession(server, { user: "shop", applicationName: "payments" });
    open.push(client);
    await client.query(`XA START '${name}'`);
    await client.query(`UPDATE account SET balance = 1 WHERE id = ${row}`);
    await client.query(`XA END '${name}'`);
    return client;
  }

  it("A40 is not ended with its session, which would free nobody and take it from its transaction manager", async () => {
    const client = await branch("pay-1", 1);
    await client.query("XA PREPARE 'pay-1'");
    const target = await targetIn(server, client.threadId, "idle-in-transaction");
    const outcome = await execute(server, "terminate-session", target);
    expect(outcome).toMatchObject({
      status: "refused",
      refusal: { guard: "prepared-transaction" },
      killed: [],
    });
    expect(await says(client.query("XA ROLLBACK 'pay-1'"))).toBe("ok");
  });

  it("A40 is not ended unasked before it is prepared: it is half of what its client does elsewhere", async () => {
    const client = await branch("pay-0", 1);
    const target = await targetIn(server, client.threadId, "idle-in-transaction");
    const outcome = await execute(server, "terminate-session", target, { guards: { unasked: true } });
    const guard = server.engine === "mysql" ? "never-alone" : "cannot-see";
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard }, killed: [] });
    expect(await says(client.query("XA ROLLBACK 'pay-0'"))).toBe("ok");
  });

  it("A2 ends one that is not prepared, while none is", async () => {
    const client = await branch("pay-2", 2);
    const target = await targetIn(server, client.threadId, "idle-in-transaction");
    expect(await execute(server, "terminate-session", target)).toMatchObject({
      status: "done",
      killed: [client.threadId],
    });
  });

  it("A40 ends no transaction unasked that has written to a table whose rows no rollback takes back", async () => {
    await admin.query("CREATE TABLE tally (id INT, v INT) ENGINE = MyISAM");
    const unasked = { guards: { unasked: true } };
    const inTransaction = async (...statements: readonly string[]): Promise<number> => {
      const client = await openSession(server, { user: "shop", applicationName: "payments" });
      open.push(client);
      for (const sql of ["BEGIN", ...statements]) await client.query(sql);
      return client.threadId;
    };
    const update = (row: number) => `UPDATE account SET balance = 1 WHERE id = ${row}`;
    const both = await inTransaction(update(1), "INSERT INTO tally VALUES (1, 1)");
    const target = await targetIn(server, both, "idle-in-transaction");
    const refused = await execute(server, "terminate-session", target, unasked);
    expect(refused).toMatchObject({
      status: "refused",
      refusal: { guard: server.engine === "mysql" ? "not-undone" : "cannot-see" },
    });
    expect((await execute(server, "terminate-session", target)).status).toBe("done");
    const one = await targetIn(server, await inTransaction(update(2)), "idle-in-transaction");
    const outcome = await execute(server, "terminate-session", one, unasked);
    expect([outcome.status, outcome.refusal?.reason ?? ""]).toEqual(
      server.engine === "mysql" ? ["done", ""] : ["refused", expect.anything()],
    );
  });

  it("A40 ends nobody unasked who may have made a temporary table by a prepared statement", async () => {
    const client = await openSession(server, { user: "shop", applicationName: "payments" });
    open.push(client);
    await client.execute("CREATE TEMPORARY TABLE basket (id INT) ENGINE = MEMORY");
    await client.query("BEGIN");
    await client.query("UPDATE account SET balance = 2 WHERE id = 2");
    const target = await targetIn(server, client.threadId, "idle-in-transaction");
    expect(await execute(server, "terminate-session", target, { guards: { unasked: true } })).toMatchObject({
      status: "refused",
      refusal: { guard: "cannot-see" },
      killed: [],
    });
  });

  it("D8 is proposed to nobody once it has prepared, where the server records it", async () => {
    const client = await branch("pay-3", 1);
    await client.query("XA PREPARE 'pay-3'");
    await targetIn(server, client.threadId, "idle-in-transaction");
    const session = await seen(server, client.threadId);
    if (session === null) throw new Error("the session has gone");
    const relief = { frees: 3, longestWaitSeconds: 90, also: [] };
    const view = aView({ engine: server.engine });
    const recorded = server.engine === "mysql";
    expect(session.prepared).toBe(recorded ? true : undefined);
    expect(endSession(view, session, relief)).toHaveLength(recorded ? 0 : 1);
    expect(cancelStatement(view, session, relief)).toHaveLength(recorded ? 0 : 1);
    expect(await says(client.query("XA ROLLBACK 'pay-3'"))).toBe("ok");
  });
}
