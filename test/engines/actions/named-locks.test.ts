import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { closeAll, createLabUsers, openSessions } from "../../lab/engines/sql.ts";
import { actorStatements, execute, targetIn } from "./support.ts";

describeEngine("Named locks of a MySQL that cannot record them all", await mysqlAvailability(), () => {
  let server: MysqlServer;
  const open: Connection[] = [];

  beforeAll(async () => {
    server = await startMysql({ settings: { "performance-schema-max-metadata-locks": "12" } });
    await createLabUsers(server);
    const admin = await createConnection({ uri: server.adminUrl });
    open.push(admin);
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
    await admin.query("CREATE TABLE account (id INT PRIMARY KEY, balance INT)");
  });
  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  it("A40 ends nobody unasked once metadata locks were lost: a named one may be among them", async () => {
    const crowd = await openSessions(server, 20, { user: "shop" });
    open.push(...crowd);
    for (const each of crowd) {
      await each.query("BEGIN");
      await each.query("SELECT * FROM account");
    }
    const [leader] = await openSessions(server, 1, { user: "shop" });
    if (leader === undefined) throw new Error("unreachable");
    open.push(leader);
    await leader.query("SELECT GET_LOCK('leader', 1)");
    await leader.query("BEGIN");
    await leader.query("INSERT INTO account VALUES (1, 0)");
    const target = await targetIn(server, leader.threadId, "idle-in-transaction");
    expect(await execute(server, "terminate-session", target, { guards: { unasked: true } })).toMatchObject({
      status: "refused",
      refusal: { guard: "cannot-see" },
      killed: [],
    });
  });
});
