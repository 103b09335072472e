import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { type PostgresMajor, postgresMajors } from "../../lab/engines/postgres-binaries.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession, openSessions, waitUntil } from "../../lab/engines/sql.ts";

for (const major of postgresMajors) {
  const title = `PostgreSQL ${major} as RDS has it`;
  describeEngine(title, await postgresAvailability(major), () => suite(major));
}

function suite(major: PostgresMajor): void {
  let server: PostgresServer;
  let master: Client;

  beforeAll(async () => {
    server = await startPostgres({ major, replicas: 1, maxConnections: 20, settings: { work_mem: "5MB" } });
    await createLabUsers(server);
    master = new Client(server.masterUrl);
    await master.connect();
  });
  afterAll(async () => {
    await master?.end();
    await server?.stop();
  });

  it("is the major that was asked for", async () => {
    const { rows } = await master.query("show server_version");
    expect(rows[0].server_version).toBe(server.version);
    expect(Number.parseInt(server.version, 10)).toBe(major);
  });

  it("runs with the settings that were asked for, on the replica too", async () => {
    const wanted =
      "select current_setting('max_connections') as connections, current_setting('work_mem') as memory";
    const replica = new Client(server.replicas[0]?.masterUrl);
    await replica.connect();
    for (const client of [master, replica]) {
      expect((await client.query(wanted)).rows[0]).toEqual({ connections: "20", memory: "5MB" });
    }
    await replica.end();
  });

  it("makes the master a member of rds_superuser, not a superuser", async () => {
    const { rows } = await master.query(
      "select rolsuper, rolreplication, pg_has_role('rds_superuser', 'member') as member from pg_roles where rolname = current_user",
    );
    expect(rows[0]).toEqual({ rolsuper: false, rolreplication: false, member: true });
  });

  it("refuses the master ALTER SYSTEM", async () => {
    await expect(master.query("alter system set work_mem = '5MB'")).rejects.toMatchObject({ code: "42501" });
  });

  it("refuses the master to terminate a session of rdsadmin", async () => {
    const session = await openSession(server, { user: "rdsadmin" });
    const { rows } = await session.query("select pg_backend_pid() as pid");
    const attempt = master.query("select pg_terminate_backend($1)", [rows[0].pid]);
    await expect(attempt).rejects.toMatchObject({ code: "42501" });
    await closeAll([session]);
  });

  it("lets the master terminate an application's session", async () => {
    const sessions = await openSessions(server, 2, { user: "shop", applicationName: "checkout" });
    const { rowCount } = await master.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'checkout'",
    );
    expect(rowCount).toBe(2);
    await expect(sessions[0]?.query("select 1")).rejects.toThrow();
    await closeAll(sessions);
  });

  it("has pg_stat_statements and pgstattuple in the application's database", async () => {
    await master.query("select 42 as counted");
    const { rows } = await master.query(
      "select count(*)::int as calls from pg_stat_statements where query like '%counted%'",
    );
    expect(rows[0].calls).toBeGreaterThan(0);
    const extensions = await master.query("select extname from pg_extension where extname = 'pgstattuple'");
    expect(extensions.rowCount).toBe(1);
  });

  it("streams a row to its replica, which accepts no writes", async () => {
    const replica = new Client(server.replicas[0]?.masterUrl);
    await replica.connect();
    await master.query("create table streamed (id int)");
    await master.query("insert into streamed values (7)");
    const found = await waitUntil(async () => (await replica.query("select id from streamed")).rows[0], {
      what: "the row is on the replica",
    });
    expect(found).toEqual({ id: 7 });
    await expect(replica.query("insert into streamed values (8)")).rejects.toMatchObject({ code: "25006" });
    await replica.end();
  });
}
