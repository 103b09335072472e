import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createIndexSql } from "../../../functions/core/actions/statements/index-definition.ts";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { createLabUsers, waitUntil } from "../../lab/engines/sql.ts";
import { look } from "./persons-index-suite.ts";
import { actorStatements, databasesAs, execute, limits, targetOf } from "./support.ts";

describeEngine("a build whose function died on MySQL", await mysqlAvailability(), () =>
  lostSuite(() => startMysql()),
);
describeEngine("a build whose function died on MariaDB", await mariadbAvailability(), () =>
  lostSuite(() => startMariadb()),
);

const input = { schema: "app", table: "items", name: "items_v", unique: false, definition: "(`v`)" };

function lostSuite(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  let admin: Connection;
  let holder: Connection;
  const own: SqlSession[] = [];
  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    admin = await createConnection({ uri: server.adminUrl });
    holder = await createConnection({ uri: server.adminUrl });
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
    await admin.query("CREATE TABLE app.items (id INT PRIMARY KEY, v INT)");
    await admin.query("INSERT INTO app.items VALUES (1, 1), (2, 2)");
    await admin.query("GRANT SELECT, INDEX, ALTER ON app.items TO actor@'%'");
  });
  afterAll(async () => {
    await Promise.allSettled(own.map((session) => session.close()));
    await Promise.allSettled([admin?.end(), holder?.end()]);
    await server?.stopNow();
  });

  /** As an attempt of ours would, whose function died while the build waits for the holder. */
  async function beginLost(lockSeconds: number): Promise<void> {
    await holder.query("BEGIN");
    await holder.query("SELECT * FROM app.items WHERE id = 1");
    const connected = await databasesAs("actor").connect(targetOf(server), { ...limits, purpose: "act" });
    if (connected.kind !== "connected") throw new Error(JSON.stringify(connected.connection));
    own.push(connected.session);
    await connected.session.query({ sql: `SET SESSION lock_wait_timeout = ${lockSeconds}` });
    expect(await connected.session.begin({ sql: createIndexSql(input, server.engine) }, 200)).toBe("goes-on");
  }
  const ended = (handle: object) =>
    waitUntil(
      async () => {
        const outcome = await look(server, "create-index", input, handle);
        return outcome.status === "running" ? null : outcome;
      },
      { what: "the build to end", everyMs: 120 },
    );

  it("A10 is followed by the repeat while it is at work, and told as failed when it gave up", async () => {
    await beginLost(2);
    const repeat = await execute(server, "create-index", input, { repeated: true });
    expect(repeat).toMatchObject({
      status: "running",
      mayHaveActed: true,
      running: { handle: { found: true } },
    });
    const end = await ended(Object(repeat.running?.handle));
    expect(end).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(end.summary).toContain("Index items_v is not there");
    await holder.query("ROLLBACK");
  }, 30_000);

  it("A10 is followed by the repeat while it is at work, and told with its undo when it is built", async () => {
    await beginLost(60);
    const repeat = await execute(server, "create-index", input, { repeated: true });
    expect(repeat.running?.handle).toMatchObject({ found: true });
    await holder.query("ROLLBACK");
    const end = await ended(Object(repeat.running?.handle));
    expect(end).toMatchObject({
      status: "done",
      undo: { actionId: "hide-index", input: { name: "items_v" } },
    });
  }, 30_000);
}
