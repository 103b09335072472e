import type { Connection } from "mysql2/promise";
import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { mariadbAvailability, mysqlAvailability, postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { LabServer, MariadbServer, MysqlServer, PostgresServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSession, openSessions, waitUntil } from "../../lab/engines/sql.ts";
import { runCli } from "../../support/run-cli.ts";

const blindPassword = "blind-lab";

function blindUrl({ masterUrl }: LabServer): string {
  return masterUrl.replace(/\/\/[^@]*@/, `//blind:${blindPassword}@`);
}

/** Words that only who has looked may say. */
const wellness = /\bhealthy\b|Nothing wrong|: no one\b|no one waits|\bok\b/;

for (const major of [17, 18] as const) {
  describeEngine(`a user without rights on PostgreSQL ${major}`, await postgresAvailability(major), () => {
    let server: PostgresServer;
    let waiting: Client[] = [];

    beforeAll(async () => {
      server = await startPostgres({ major, maxConnections: 120 });
      const admin = await openSession(server, { user: "rdsadmin" });
      await admin.query(`CREATE ROLE blind LOGIN PASSWORD '${blindPassword}'`);
      await admin.query("CREATE TABLE orders (id int PRIMARY KEY, n int)");
      await admin.query("INSERT INTO orders VALUES (1, 1); GRANT ALL ON orders TO PUBLIC");
      waiting = await openSessions(server, 81);
      const [holder, ...others] = waiting;
      await holder?.query("BEGIN; UPDATE orders SET n = 2");
      for (const other of others) other.query("UPDATE orders SET n = 3").catch(() => undefined);
      const blocked = "SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted";
      await waitUntil(async () => Number((await admin.query(blocked)).rows[0].n) === 80, {
        what: "80 blocked sessions",
      });
      await closeAll([admin]);
    });
    afterAll(async () => {
      await closeAll(waiting);
      await server?.stop();
    });

    it("D7 is told that it cannot judge, who sees nothing, the grant that mends it, and what is open to all", async () => {
      const { code, out } = await runCli("diagnose", "--url", blindUrl(server), "--tier", "immediate");
      expect(out).toContain(
        "CANNOT JUDGE: user blind sees no sessions or locks. As an administrator: GRANT pg_monitor TO blind;",
      );
      expect(out).toContain(
        "Second best, by pg_locks alone: 80 sessions wait for a lock on row (0,1) of public.orders",
      );
      expect(out).toMatch(/likely holder: user admin, pid \d+/);
      expect(out).not.toMatch(wellness);
      expect(code).toBe(5);
    });

    it("D7 reads the same in JSON, in a watch that is piped and in a report", async () => {
      const json = await runCli("diagnose", "--url", blindUrl(server), "--format", "json");
      expect(z.object({ verdict: z.string() }).parse(JSON.parse(json.out)).verdict).toBe("unknown");
      const watch = await runCli("watch", "--url", blindUrl(server), "--rounds", "1");
      expect(watch.out).toMatch(/Z unknown .*CANNOT JUDGE/);
      const report = await runCli("report", "--url", blindUrl(server), "--out", "-");
      expect(report.out).toContain("CANNOT JUDGE");
      expect(watch.out).not.toMatch(wellness);
      expect(report.out.replaceAll(/<(details|style)>.*?<\/\1>/gs, "")).not.toMatch(wellness);
      expect([json.code, watch.code, report.code]).toEqual([5, 5, 5]);
    });
  });
}

describeEngine("a user without rights on MySQL", await mysqlAvailability(), () => {
  let server: MysqlServer;
  let sessions: Connection[] = [];

  beforeAll(async () => {
    server = await startMysql({ maxConnections: 60 });
    const admin = await openSession(server, { user: "rdsadmin" });
    await admin.query(`CREATE USER 'blind'@'%' IDENTIFIED BY '${blindPassword}'`);
    await admin.query("GRANT SELECT ON app.* TO 'blind'@'%'");
    await admin.query(`CREATE USER 'half'@'%' IDENTIFIED BY '${blindPassword}'`);
    await admin.query("GRANT PROCESS ON *.* TO 'half'@'%'");
    await admin.query("GRANT SELECT ON app.* TO 'half'@'%'");
    await admin.query("CREATE TABLE orders (id int PRIMARY KEY, n int)");
    await admin.query("INSERT INTO orders VALUES (1, 1)");
    await closeAll([admin]);
  });
  afterEach(async () => {
    await closeAll(sessions);
    sessions = [];
  });
  afterAll(async () => {
    await server?.stop();
  });

  async function block(count: number, applicationName = "lab"): Promise<void> {
    const admin = await openSession(server, { user: "rdsadmin" });
    sessions = [admin, ...(await openSessions(server, count + 1, { applicationName }))];
    const [, holder, ...others] = sessions;
    await holder?.query("BEGIN");
    await holder?.query("UPDATE orders SET n = n + 1");
    for (const other of others) other.query("UPDATE orders SET n = 3").catch(() => undefined);
    const waits = "SELECT COUNT(*) AS n FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'";
    await waitUntil(async () => JSON.stringify(await admin.query(waits)).includes(`"n":${count}`), {
      what: "the waiters",
      // Who polls faster sees the same copy of InnoDB's list for ever.
      everyMs: 130,
    });
  }

  it("D7 is told the grants that are missing, in the account's own spelling", async () => {
    await block(12);
    const { code, out } = await runCli("diagnose", "--url", blindUrl(server), "--tier", "immediate");
    expect(out).toContain("CANNOT JUDGE: user 'blind'@'%' sees no sessions or locks. As an administrator: ");
    expect(out).toContain("GRANT PROCESS ON *.* TO 'blind'@'%';");
    expect(out).toContain("by the server's counters: 12 sessions wait for a lock");
    expect(out).not.toMatch(wellness);
    expect(code).toBe(5);
  });

  it("Q4 shows a connect attribute that would colour the terminal, and obeys nothing in it", async () => {
    await block(4, "\u001b[2K\u001b[32mall healthy\u001b[0m");
    const text = await runCli("diagnose", "--url", server.masterUrl, "--set", "slowQuerySeconds=0.01");
    const json = await runCli("diagnose", "--url", server.masterUrl, "--format", "json");
    expect(text.out).toContain("⟪U+001B⟫[2K⟪U+001B⟫[32mall healthy⟪U+001B⟫[0m");
    expect(text.out + json.out).not.toContain("\u001b");
    expect(text.code).toBe(1);
  });

  it("D7 says what the process list shows when the views beside it are shut", async () => {
    await block(4);
    const url = blindUrl(server).replace("blind:", "half:");
    const { code, out } = await runCli("diagnose", "--url", url, "--tier", "immediate");
    expect(out).not.toMatch(wellness);
    expect(out).toContain("GRANT SELECT ON performance_schema.* TO 'half'@'%';");
    expect(code).toBe(5);
  });
});

describeEngine("MariaDB without performance_schema", await mariadbAvailability(), () => {
  let server: MariadbServer;
  let sessions: Connection[] = [];

  beforeAll(async () => {
    server = await startMariadb({ maxConnections: 60, settings: { "performance-schema": "OFF" } });
  });
  afterAll(async () => {
    await closeAll(sessions);
    await server?.stop();
  });

  it("D7 is well when every session was seen and none of them waits, and says that this is second best", async () => {
    const { code, out } = await runCli("diagnose", "--url", server.masterUrl);
    expect(out).toContain("no one waits for a lock by the states of its sessions (second best)");
    expect(code).toBe(0);
  });

  it("D7 names queue, table, first in line and likely holder of 31 sessions that wait for a table's definition", async () => {
    sessions = await openSessions(server, 33);
    const [admin, holder, migrate, ...readers] = sessions;
    await admin?.query("CREATE TABLE orders (id int PRIMARY KEY, n int)");
    await holder?.query("BEGIN");
    await holder?.query("SELECT * FROM orders");
    migrate?.query("ALTER TABLE orders ADD note text").catch(() => undefined);
    const waits =
      "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for table meta%'";
    const waiters = (count: number) =>
      waitUntil(async () => JSON.stringify(await admin?.query(waits)).includes(`"n":${count}`), {
        what: `${count} waiters`,
      });
    await waiters(1);
    for (const reader of readers) reader.query("SELECT * FROM orders").catch(() => undefined);
    await waiters(31);
    const { code, out } = await runCli(
      ...["diagnose", "--url", server.masterUrl, "--tier", "immediate", "--set", "slowQuerySeconds=0.5"],
    );
    expect(out).toMatch(/31 sessions wait for a lock on orders/);
    expect(out).toMatch(/first in line: ALTER TABLE, /);
    expect(out).toMatch(/likely holder: user admin, connection \d+, idle in transaction/);
    expect(out).toContain("second best");
    expect(out).not.toMatch(wellness);
    expect(code).toBe(1);
  });
});
