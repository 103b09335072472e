import { type Connection, createConnection } from "mysql2/promise";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer, PostgresServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { inWorld } from "./in-world.ts";
import { actorStatements, execute } from "./support.ts";

const action = "reset-statement-statistics";
const input = { of: "statements" };

describe.each([14, 18] as const)("statement statistics of PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;

  beforeAll(async () => {
    server = await startPostgres({ major, settings: { shared_preload_libraries: "pg_stat_statements" } });
    await createLabUsers(server);
    root = await openSession(server, { user: "rdsadmin" });
    for (const sql of actorStatements("postgres")) await root.query(sql);
  });
  afterAll(async () => {
    await closeAll([root].filter((client) => client !== undefined));
    await server?.stopNow();
  });

  it("A12 says where they are, and whose right is missing", async () => {
    await root.query("drop extension if exists pg_stat_statements");
    expect(await execute(server, action, input)).toMatchObject({ refusal: { guard: "no-such-object" } });
    await root.query("create extension pg_stat_statements");
    const refused = await execute(server, action, input);
    expect(refused).toMatchObject({ refusal: { guard: "grant-missing" } });
    const grant = refused.refusal?.release.replace("the acting user.", "actor") ?? "";
    await root.query(grant);
  });

  it("A12 empties them, and does nothing to what was emptied a moment ago", async () => {
    expect(await execute(server, action, input)).toMatchObject({ status: "done" });
    expect(await execute(server, action, input)).toMatchObject({ status: "already-done" });
    await inWorld(server, async ({ session }) => {
      const [row] = await session.query({ sql: "select count(*)::int as n from public.pg_stat_statements" });
      expect(Number(row?.["n"])).toBeLessThan(20);
    });
  });
});

describeEngine("statement statistics of MySQL", await mysqlAvailability(), () =>
  resetSuite(() => startMysql()),
);
describeEngine("statement statistics of MariaDB", await mariadbAvailability(), () =>
  resetSuite(() => startMariadb()),
);

function resetSuite(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  let admin: Connection;

  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    admin = await createConnection({ uri: server.adminUrl });
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
  });
  afterAll(async () => {
    await closeAll([admin]);
    await server?.stopNow();
  });

  it("A12 may, by its own grants, and does nothing to what is a moment old", async () => {
    await inWorld(server, async ({ session }) => {
      await session.query({ sql: "TRUNCATE TABLE performance_schema.events_statements_summary_by_digest" });
    });
    expect(await execute(server, action, input)).toMatchObject({ status: "already-done" });
  });
}

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
}
