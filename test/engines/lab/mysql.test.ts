import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { closeAll, createLabUsers, openSession, waitUntil } from "../../lab/engines/sql.ts";

describeEngine("MySQL as RDS has it", await mysqlAvailability(), () =>
  suite(() => startMysql({ replicas: 1 })),
);
describeEngine("MariaDB as RDS has it", await mariadbAvailability(), () =>
  suite(() => startMariadb({ replicas: 1 })),
);

function suite(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  let master: Connection;

  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    master = await createConnection({ uri: server.masterUrl });
  });
  afterAll(async () => {
    if (master) await closeAll([master]);
    await server?.stop();
  });

  it("refuses the master to kill another user's session itself", async () => {
    const session = await openSession(server, { user: "shop" });
    const attempt = master.query(`KILL ${await connectionId(session)}`);
    await expect(attempt).rejects.toMatchObject({ errno: 1095 });
    await closeAll([session]);
  });

  it("lets the master kill it through mysql.rds_kill", async () => {
    const session = await openSession(server, { user: "shop" });
    const id = await connectionId(session);
    await master.query("CALL mysql.rds_kill(?)", [id]);
    await waitUntil(async () => (await sessionsWithId(id)) === 0, { what: "the session is gone" });
    await closeAll([session]);
  });

  it("ends a running statement and keeps its session with mysql.rds_kill_query", async () => {
    const session = await openSession(server, { user: "shop" });
    const id = await connectionId(session);
    const slow = session.query("SELECT SLEEP(60)").catch(() => "interrupted");
    await waitUntil(async () => (await runningOn(id)).includes("SLEEP"), { what: "the statement runs" });
    await master.query("CALL mysql.rds_kill_query(?)", [id]);
    await slow;
    expect(await connectionId(session)).toBe(id);
    await closeAll([session]);
  });

  it("refuses to kill rdsadmin", async () => {
    const session = await openSession(server, { user: "rdsadmin" });
    const attempt = master.query("CALL mysql.rds_kill(?)", [await connectionId(session)]);
    await expect(attempt).rejects.toMatchObject({ errno: 1644 });
    await closeAll([session]);
  });

  it("refuses the master SET GLOBAL", async () => {
    await expect(master.query("SET GLOBAL max_connections = 10")).rejects.toMatchObject({ errno: 1227 });
  });

  it("keeps the application's user inside its database", async () => {
    const session = await openSession(server, { user: "shop" });
    await session.query("CREATE TABLE inside (id INT PRIMARY KEY)");
    await expect(session.query("SELECT * FROM mysql.user")).rejects.toMatchObject({ errno: 1142 });
    await closeAll([session]);
  });

  it("shows who holds a metadata lock", async () => {
    await master.query("CREATE TABLE held (id INT PRIMARY KEY)");
    const session = await openSession(server, { user: "shop" });
    await session.query("BEGIN");
    await session.query("SELECT * FROM held");
    const [locks] = await master.query<RowDataPacket[]>(
      "SELECT LOCK_STATUS FROM performance_schema.metadata_locks WHERE OBJECT_NAME = 'held'",
    );
    expect(locks).toEqual([{ LOCK_STATUS: "GRANTED" }]);
    await closeAll([session]);
  });

  it("brings a row to its replica, which accepts no writes", async () => {
    const replica = await createConnection({ uri: server.replicas[0]?.masterUrl ?? "" });
    await master.query("CREATE TABLE replicated (id INT PRIMARY KEY)");
    await master.query("INSERT INTO replicated VALUES (7)");
    const found = await waitUntil(
      async () => (await replica.query<RowDataPacket[]>("SELECT id FROM replicated"))[0][0],
      { what: "the row is on the replica" },
    );
    expect(found).toEqual({ id: 7 });
    await expect(replica.query("INSERT INTO replicated VALUES (8)")).rejects.toMatchObject({ errno: 1290 });
    await closeAll([replica]);
  });

  it("tells the master about its replication", async () => {
    const replica = await createConnection({ uri: server.replicas[0]?.masterUrl ?? "" });
    if (server.engine === "mysql") {
      const [rows] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
      expect(rows[0]).toMatchObject({ Replica_IO_Running: "Yes", Replica_SQL_Running: "Yes" });
    } else {
      await expect(replica.query("SHOW REPLICA STATUS")).rejects.toMatchObject({ errno: 1227 });
      const [results] = await replica.query<RowDataPacket[][]>("CALL mysql.rds_replica_status()");
      expect(results[0]?.[0]).toMatchObject({ Slave_IO_Running: "Yes", Slave_SQL_Running: "Yes" });
    }
    await closeAll([replica]);
  });

  async function connectionId(session: Connection): Promise<number> {
    const [rows] = await session.query<RowDataPacket[]>("SELECT CONNECTION_ID() AS id");
    return Number(rows[0]?.["id"]);
  }

  async function sessionsWithId(id: number): Promise<number> {
    const [rows] = await master.query<RowDataPacket[]>(
      "SELECT 1 FROM information_schema.processlist WHERE id = ?",
      [id],
    );
    return rows.length;
  }

  async function runningOn(id: number): Promise<string> {
    const [rows] = await master.query<RowDataPacket[]>(
      "SELECT info FROM information_schema.processlist WHERE id = ?",
      [id],
    );
    return String(rows[0]?.["info"] ?? rows[0]?.["INFO"] ?? "");
  }
}
