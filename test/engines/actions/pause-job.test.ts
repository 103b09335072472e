import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { closeAll, createLabUsers, waitUntil } from "../../lab/engines/sql.ts";
import { actorStatements, execute } from "./support.ts";

describeEngine("events of MySQL", await mysqlAvailability(), () => eventSuite(() => startMysql()));
describeEngine("events of MariaDB", await mariadbAvailability(), () => eventSuite(() => startMariadb()));

function eventSuite(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  let admin: Connection;
  const job = { schema: "app", name: "tick", definer: "shop@%", runs: false };

  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    admin = await createConnection({ uri: server.adminUrl });
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
    await admin.query("SET GLOBAL event_scheduler = ON");
    await admin.query("CREATE TABLE app.ticks (id INT PRIMARY KEY AUTO_INCREMENT)");
    await admin.query("GRANT EVENT, INSERT ON app.* TO shop@'%'");
    await admin.query(
      "CREATE DEFINER = shop@'%' EVENT app.tick ON SCHEDULE EVERY 1 SECOND DO INSERT INTO app.ticks VALUES ()",
    );
  });
  afterAll(async () => {
    await closeAll([admin]);
    await server?.stopNow();
  });

  const event = async (): Promise<unknown> => {
    const [rows] = await admin.query(
      "SELECT STATUS AS status, DEFINER AS definer FROM information_schema.EVENTS",
    );
    return JSON.parse(JSON.stringify(rows));
  };
  const ticks = async (): Promise<number> => {
    const [rows] = await admin.query("SELECT COUNT(*) AS n FROM app.ticks");
    return JSON.parse(JSON.stringify(rows))[0].n;
  };

  it("A14 says which right is missing, and takes no event from its definer", async () => {
    expect(await execute(server, "pause-job", job)).toMatchObject({ refusal: { guard: "no-such-object" } });
    await admin.query("GRANT EVENT ON app.* TO actor@'%'");
    expect(await execute(server, "pause-job", job)).toMatchObject({
      status: "refused",
      refusal: { guard: "server-refused" },
    });
    const definer = server.engine === "mariadb" ? "SET USER" : "SET_ANY_DEFINER";
    await admin.query(`GRANT ${definer} ON *.* TO actor@'%'`);
    expect(await event()).toEqual([{ status: "ENABLED", definer: "shop@%" }]);
    const other = await execute(server, "pause-job", { ...job, definer: "admin@%" });
    expect(other).toMatchObject({ refusal: { guard: "changed-since" } });
  });

  it("A14 pauses a job, once, and its undo lets it run again, by the same rights", async () => {
    await waitUntil(async () => (await ticks()) > 0, { what: "it has run" });
    const paused = await execute(server, "pause-job", job);
    expect(paused).toMatchObject({ status: "done", undo: { input: { ...job, runs: true } } });
    expect(await event()).toEqual([{ status: "DISABLED", definer: "shop@%" }]);
    expect(await execute(server, "pause-job", job)).toMatchObject({ status: "already-done" });
    const before = await ticks();
    expect(await execute(server, "pause-job", paused.undo?.input ?? null)).toMatchObject({ status: "done" });
    await waitUntil(async () => (await ticks()) > before, { what: "it runs again" });
    expect(await event()).toEqual([{ status: "ENABLED", definer: "shop@%" }]);
  });

  /** What its body means hangs on these. */
  const made = async (name: string): Promise<unknown> => {
    const [rows] = await admin.query(
      "SELECT CHARACTER_SET_CLIENT, COLLATION_CONNECTION, DATABASE_COLLATION, SQL_MODE, TIME_ZONE FROM information_schema.EVENTS WHERE EVENT_NAME = ?",
      [name],
    );
    return JSON.parse(JSON.stringify(rows))[0];
  };

  it("A14 leaves the job the character set and collation that it was made with, so that it does the same", async () => {
    await admin.query("CREATE TABLE app.said (equal INT)");
    await admin.query("SET SESSION character_set_client = latin1, collation_connection = latin1_bin");
    await admin.query(
      "CREATE DEFINER = shop@'%' EVENT app.says ON SCHEDULE EVERY 1 SECOND DO INSERT INTO app.said VALUES ('a' = 'A')",
    );
    await admin.query("SET NAMES utf8mb4");
    const before = await made("says");
    expect(before).toMatchObject({ CHARACTER_SET_CLIENT: "latin1", COLLATION_CONNECTION: "latin1_bin" });
    const paused = await execute(server, "pause-job", { ...job, name: "says" });
    expect(paused).toMatchObject({ status: "done" });
    expect(await made("says")).toEqual(before);
    await admin.query("DELETE FROM app.said");
    expect(await execute(server, "pause-job", paused.undo?.input ?? null)).toMatchObject({ status: "done" });
    expect(await made("says")).toEqual(before);
    const said = async (): Promise<{ equal: number }[]> => {
      const [rows] = await admin.query("SELECT DISTINCT equal FROM app.said");
      return JSON.parse(JSON.stringify(rows));
    };
    await waitUntil(async () => (await said()).length > 0, { what: "it has run again" });
    expect(await said()).toEqual([{ equal: 0 }]);
    await admin.query("DROP EVENT app.says");
  }, 30_000);

  it("A14 alters no job that it cannot alter without changing what it was made with", async () => {
    const daily = (name: string) =>
      `CREATE DEFINER = shop@'%' EVENT app.${name} ON SCHEDULE EVERY 1 DAY DO INSERT INTO app.ticks VALUES ()`;
    await admin.query(daily("täglich"));
    expect(await execute(server, "pause-job", { ...job, name: "täglich" })).toMatchObject({ status: "done" });
    await admin.query("SET SESSION character_set_client = latin1");
    await admin.query(daily("nächtlich"));
    await admin.query(daily("plain"));
    await admin.query("SET NAMES utf8mb4");
    expect(await execute(server, "pause-job", { ...job, name: "nächtlich" })).toMatchObject({
      refusal: { guard: "cannot-keep" },
    });
    const [rows] = await admin.query(
      "SELECT DEFAULT_COLLATION_NAME AS c FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'app'",
    );
    await admin.query("ALTER DATABASE app COLLATE utf8mb4_bin");
    expect(await execute(server, "pause-job", { ...job, name: "plain" })).toMatchObject({
      status: "refused",
      refusal: { guard: "cannot-keep" },
    });
    await admin.query(`ALTER DATABASE app COLLATE ${JSON.parse(JSON.stringify(rows))[0].c}`);
    expect(await execute(server, "pause-job", { ...job, name: "plain" })).toMatchObject({ status: "done" });
  }, 30_000);

  it("A14 resumes no job whose time has passed, and gives no undo of pausing one that is to run once", async () => {
    for (const zone of ["+05:00", "-08:00", "SYSTEM"]) {
      await admin.query("SET SESSION time_zone = ?", [zone]);
      await admin.query(
        "CREATE DEFINER = shop@'%' EVENT app.once ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 3 SECOND DO INSERT INTO app.ticks VALUES ()",
      );
      await admin.query(
        "CREATE DEFINER = shop@'%' EVENT app.ends ON SCHEDULE EVERY 1 DAY STARTS CURRENT_TIMESTAMP + INTERVAL 1 SECOND ENDS CURRENT_TIMESTAMP + INTERVAL 3 SECOND DO INSERT INTO app.ticks VALUES ()",
      );
      const once = { ...job, name: "once" };
      const paused = await execute(server, "pause-job", once);
      expect(paused).toMatchObject({ status: "done", summary: expect.stringContaining("there is no undo") });
      expect(paused.undo).toBeUndefined();
      expect(await execute(server, "pause-job", { ...job, name: "ends" })).toMatchObject({ status: "done" });
      expect(await execute(server, "pause-job", { ...once, runs: true }, { dryRun: true })).toMatchObject({
        refusal: null,
      });
      for (const name of ["once", "ends"]) {
        const late = async () =>
          (await execute(server, "pause-job", { ...job, name, runs: true }, { dryRun: true })).refusal;
        await waitUntil(async () => (await late()) !== null, { what: `${name} is over`, everyMs: 300 });
        expect(await late()).toMatchObject({ guard: "time-passed" });
        await admin.query(`DROP EVENT app.${name}`);
      }
    }
  }, 60_000);
}
