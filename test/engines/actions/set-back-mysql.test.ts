import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Outcome, WorkOrder } from "../../../functions/core/contract/work-order.ts";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { closeAll, createLabUsers, waitUntil } from "../../lab/engines/sql.ts";
import { actorStatements, execute } from "./support.ts";

describeEngine("what somebody has done meanwhile on MySQL", await mysqlAvailability(), () =>
  setBackSuite(() => startMysql()),
);
describeEngine("what somebody has done meanwhile on MariaDB", await mariadbAvailability(), () =>
  setBackSuite(() => startMariadb()),
);

const index = { schema: "app", table: "items", name: "items_v" };
const was = { unique: false, definition: "(`v`)" };
const dropped = { ...index, keeps: null, scans: null, was };
const job = { schema: "app", name: "tick", definer: "shop@%", runs: false };

function setBackSuite(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  let admin: Connection;

  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    admin = await createConnection({ uri: server.adminUrl });
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
    await admin.query("CREATE TABLE app.items (id INT PRIMARY KEY, v INT, KEY items_v (v))");
    await admin.query("GRANT SELECT, INDEX, ALTER, EVENT ON app.* TO actor@'%'");
    const definer = server.engine === "mariadb" ? "SET USER" : "SET_ANY_DEFINER";
    await admin.query(`GRANT ${definer} ON *.* TO actor@'%'`);
    await admin.query(
      "CREATE DEFINER = shop@'%' EVENT app.tick ON SCHEDULE EVERY 1 DAY DO UPDATE app.items SET v = 1 WHERE id = 1",
    );
  });
  afterAll(async () => {
    await closeAll([admin]);
    await server?.stopNow();
  });

  const count = async (sql: string): Promise<number> => {
    const [rows] = await admin.query(sql);
    return JSON.parse(JSON.stringify(rows)).length;
  };
  const again = (id: string, input: WorkOrder["input"]): Promise<Outcome> =>
    execute(server, id, input, { repeated: true });
  const setBack = { status: "refused", refusal: { guard: "maybe-set-back" } };

  it("A13 hides no index again that somebody has shown again, and drops none that was built again", async () => {
    const [off, on] = server.engine === "mariadb" ? ["IGNORED", "NOT IGNORED"] : ["INVISIBLE", "VISIBLE"];
    const hidden = { ...index, visible: false, was };
    expect(await execute(server, "hide-index", hidden)).toMatchObject({ status: "done" });
    await admin.query(`ALTER TABLE app.items ALTER INDEX items_v ${on}`);
    expect(await again("hide-index", hidden)).toMatchObject(setBack);
    await admin.query(`ALTER TABLE app.items ALTER INDEX items_v ${off}`);
    expect(await execute(server, "drop-index", dropped)).toMatchObject({ status: "done" });
    await admin.query(`ALTER TABLE app.items ADD KEY items_v (v) ${off}`);
    expect(await again("drop-index", dropped)).toMatchObject(setBack);
    expect(await count("SHOW INDEX FROM app.items WHERE Key_name = 'items_v'")).toBe(1);
  });

  it("A14 pauses no event again that somebody has resumed, and one that nobody has altered since the order", async () => {
    // Wherever the server's own time is.
    for (const zone of ["+05:00", "-08:00"]) {
      await admin.query("SET GLOBAL time_zone = ?", [zone]);
      expect(await execute(server, "pause-job", job)).toMatchObject({ status: "done" });
      await admin.query("ALTER DEFINER = shop@'%' EVENT app.tick ENABLE");
      expect(await again("pause-job", job)).toMatchObject(setBack);
      // A first attempt that never ran leaves it as it was.
      const paused = await waitUntil(
        async () => {
          const one = await again("pause-job", job);
          return one.status === "refused" ? null : one;
        },
        { what: "it was altered before the order", everyMs: 300 },
      );
      expect(paused).toMatchObject({ status: "done" });
      await admin.query("ALTER DEFINER = shop@'%' EVENT app.tick ENABLE");
    }
  }, 30_000);
}
