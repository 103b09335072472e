import type { Connection } from "mysql2/promise";
import type { Client } from "pg";
import { expect, it } from "vitest";
import * as z from "zod";
import { mysqlAvailability, postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession, openSessions } from "../../lab/engines/sql.ts";
import { runCli } from "../../support/run-cli.ts";

const healingSchema = z.object({
  before: z.object({ verdict: z.string(), headline: z.string() }),
  steps: z.array(
    z.object({ finding: z.string(), action: z.string(), outcome: z.object({ status: z.string() }) }),
  ),
  after: z.object({ verdict: z.string() }),
  healed: z.boolean(),
});

const soon = ["--set", "idleInTransactionSeconds=1", "--set", "manyWaitingSeconds=1"];

describeEngine("fix on PostgreSQL 17", await postgresAvailability(17), () => {
  it("K2 ends whoever holds others up, waits, looks again and is healed; what it did and why stands in its JSON", async () => {
    const server = await startPostgres({ major: 17 });
    await createLabUsers(server);
    const open: Client[] = [];
    try {
      const admin = await openSession(server, { user: "admin" });
      open.push(admin);
      await admin.query("create table public.orders (id int primary key, n int)");
      await admin.query("insert into public.orders values (1, 0); grant all on public.orders to shop");
      const [holder, ...others] = await openSessions(server, 6, {
        user: "shop",
        applicationName: "checkout",
      });
      open.push(...(holder ? [holder] : []), ...others);
      holder?.on("error", () => undefined);
      await holder?.query("begin; update public.orders set n = 1 where id = 1");
      const answers = others.map((other) => other.query("update public.orders set n = n + 1 where id = 1"));
      await admin.query("select pg_sleep(3)");
      const { code, out, err } = await runCli(
        "fix",
        "--url",
        server.masterUrl,
        "--yes",
        "--format",
        "json",
        ...soon,
      );
      const healing = healingSchema.parse(JSON.parse(out));
      expect(healing.before).toMatchObject({ verdict: "unwell" });
      expect(healing.steps).toMatchObject([{ action: "terminate-session", outcome: { status: "done" } }]);
      expect([healing.healed, healing.after.verdict, code]).toEqual([true, "well", 0]);
      expect(err).toContain("Terminates session");
      await Promise.all(answers);
    } finally {
      await closeAll(open);
      await server.stopNow();
    }
  }, 90_000);
});

describeEngine("fix on MySQL", await mysqlAvailability(), () => {
  it("K2 leaves undone with --yes what is never done without a person, and says so", async () => {
    const server = await startMysql();
    await createLabUsers(server);
    const open: Connection[] = [];
    try {
      const admin = await openSession(server, { user: "rdsadmin" });
      open.push(admin);
      await admin.query("CREATE TABLE app.orders (id INT PRIMARY KEY, n INT)");
      await admin.query("INSERT INTO app.orders VALUES (1, 0)");
      const [holder, ...others] = await openSessions(server, 6, {
        user: "shop",
        applicationName: "checkout",
      });
      open.push(...(holder ? [holder] : []), ...others);
      await holder?.query("LOCK TABLES app.orders WRITE");
      for (const other of others) other.query("SELECT * FROM app.orders").catch(() => undefined);
      await admin.query("DO SLEEP(3)");
      const { code, out, err } = await runCli(
        "fix",
        "--url",
        server.masterUrl,
        "--yes",
        "--format",
        "json",
        ...soon,
      );
      const healing = healingSchema.parse(JSON.parse(out));
      expect([healing.steps, healing.healed, code]).toEqual([[], false, 1]);
      expect(err).toContain("never done without a person");
      await holder?.query("UNLOCK TABLES");
    } finally {
      await closeAll(open);
      await server.stopNow();
    }
  }, 90_000);
});
