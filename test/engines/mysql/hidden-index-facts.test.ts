import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mysqlIndexIn } from "../../../functions/core/actions/statements/index-in-statement.ts";
import type { SqlRow } from "../../../functions/core/ports.ts";
import { askFacts, keyOf, knownTables } from "../../../functions/core/probes/mysql/plans/known-tables.ts";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { createLabUsers } from "../../lab/engines/sql.ts";
import { actorStatements, databasesAs, execute, limits, targetOf } from "../actions/support.ts";

describeEngine("a hidden index that a plan wants on MySQL", await mysqlAvailability(), () =>
  hiddenSuite(() => startMysql()),
);
describeEngine("a hidden index that a plan wants on MariaDB", await mariadbAvailability(), () =>
  hiddenSuite(() => startMariadb()),
);

function hiddenSuite(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  const wanted = new Map([
    ["by_v", "v"],
    ["by_note", "v DESC, note(10)"],
    ["once", "v, id"],
  ]);
  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    if (server.engine === "mysql") wanted.set("by_sum", "v, (id + 1) DESC");
    const off = server.engine === "mariadb" ? "IGNORED" : "INVISIBLE";
    const admin = await createConnection({ uri: server.adminUrl });
    await admin.query("CREATE TABLE app.items (id INT PRIMARY KEY, v INT, note VARCHAR(80))");
    for (const [name, keys] of wanted) {
      const kind = name === "once" ? "UNIQUE KEY" : "KEY";
      await admin.query(`ALTER TABLE app.items ADD ${kind} ${name} (${keys}) ${off}`);
    }
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
    await admin.query("GRANT SELECT, INDEX, ALTER ON app.items TO actor@'%'");
    await admin.end();
  });
  afterAll(() => server?.stopNow());

  it("A13 P33 is read as it is compared before it is shown: keys, prefix, order, unique or not", async () => {
    const hidden = (await factsOf(server))?.hidden ?? [];
    expect(hidden.map(({ index }) => index).toSorted()).toEqual([...wanted.keys()].toSorted());
    expect(hidden.find(({ index }) => index === "by_note")?.columns).toEqual(["v"]);
    for (const { index: name, definition } of hidden) {
      const found = mysqlIndexIn(definition);
      expect(found, definition).toMatchObject({ name, unique: name === "once" });
      const was = { unique: name === "once", definition: found?.definition ?? "" };
      const shown = { schema: "app", table: "items", name, visible: true, was };
      expect(await execute(server, "hide-index", shown), definition).toMatchObject({ status: "done" });
    }
  });
}

async function factsOf(server: MysqlServer | MariadbServer) {
  const connected = await databasesAs("rdsadmin").connect(targetOf(server), limits);
  if (connected.kind !== "connected") throw new Error(JSON.stringify(connected.connection));
  const { session } = connected;
  try {
    const one = { alias: "i", schema: "app", table: "items" };
    const answers: (readonly SqlRow[])[] = [];
    for (const { sql, params } of askFacts([{ tables: [one] }], session.server))
      answers.push(await session.query({ sql, ...(params ? { params } : {}) }));
    return knownTables([{ tables: [one] }], answers, session.server).get(keyOf(one))?.facts;
  } finally {
    await session.close();
  }
}
