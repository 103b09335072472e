import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import { missingSchema, probeResultSchema } from "../../../functions/core/contract/evidence.ts";
import { findingSchema } from "../../../functions/core/contract/finding.ts";
import { targetSchema } from "../../../functions/core/contract/target.ts";
import { probes } from "../../../functions/core/probes/index.ts";
import { collectProbeReport } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { databasesWithPassword } from "../../../functions/wiring-databases.ts";
import { createResponderUsers, responderPassword, targetOf } from "../../lab/demo/database.ts";
import { mariadbAvailability, mysqlAvailability, postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { LabServer, PostgresServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSessions, waitUntil } from "../../lab/engines/sql.ts";
import { runCli } from "../../support/run-cli.ts";

/** SPEC K. */
const jsonSchema = z.object({
  target: targetSchema,
  signal: z.null(),
  evidence: z.array(probeResultSchema),
  findings: z.array(findingSchema),
  missing: z.array(missingSchema),
  tookMs: z.number(),
});

describeEngine("responder diagnose on PostgreSQL", await postgresAvailability(17), () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres({ major: 17, maxConnections: 40 });
    // Not the master user: an administrator's session is never proposed.
    await createLabUsers(server);
  });
  afterAll(async () => {
    await server?.stop();
  });

  it("K says that a healthy database is healthy, with exit code 0", async () => {
    const { code, out } = await runCli("diagnose", "--url", server.masterUrl);
    expect(out).toContain("Nothing wrong found");
    expect(code).toBe(0);
  });

  it("K prints the JSON of the specification, and exit code 1 for a finding of P0 to P2", async () => {
    const [holder, ...waiters] = await openSessions(server, 6, { user: "shop", applicationName: "checkout" });
    if (holder === undefined) throw new Error("no session");
    await holder.query("CREATE TABLE carts (id int PRIMARY KEY, n int); INSERT INTO carts VALUES (1, 1)");
    await holder.query("BEGIN; UPDATE carts SET n = 2");
    const updates = waiters.map((waiter) => waiter.query("UPDATE carts SET n = 3").catch(() => undefined));
    const waiting = "SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted";
    await waitUntil(async () => Number((await holder.query(waiting)).rows[0].n) === 5, {
      what: "five waiters",
    });

    const { code, out } = await runCli(
      "diagnose",
      "--url",
      server.masterUrl,
      "--format",
      "json",
      "--set",
      "slowQuerySeconds=0.01",
    );
    const answer = jsonSchema.parse(JSON.parse(out));
    expect(answer.findings[0]?.id).toBe("blocked-by-idle-transaction");
    expect(answer.findings[0]?.actions[0]).toMatchObject({ id: "terminate-session", risk: "disruptive" });
    expect(answer.findings[0]?.actions[0]?.preview).toContain("pg_terminate_backend");
    expect(out).not.toContain("admin-lab");
    expect(code).toBe(1);
    await closeAll([holder, ...waiters]);
    await Promise.all(updates);
  });

  it("K replays saved evidence with the settings that it was judged with, and with others when told", async () => {
    const folder = mkdtempSync(join(tmpdir(), "evidence-"));
    const file = join(folder, "evidence.json");
    const tight = ["--set", "connectionsWarnPercent=1", "--set", "connectionsCriticalPercent=2"];
    const url = ["--url", server.masterUrl, "--tier", "immediate"];
    const first = await runCli("diagnose", ...url, ...tight, "--save", file);
    const again = await runCli("replay", file);
    const page = await runCli("report", file, "--format", "markdown", "--out", "-");
    const otherwise = await runCli(
      ...["replay", file, "--set", "connectionsWarnPercent=80", "--set", "connectionsCriticalPercent=90"],
    );
    rmSync(folder, { recursive: true, force: true });
    const [headline = ""] = first.out.split("\n");
    // The quick look that finds nothing is no verdict, however often it is replayed.
    expect([first.code, again.code, page.code, otherwise.code]).toEqual([1, 1, 1, 5]);
    expect(again.out.split("\n")[0]).toBe(headline);
    expect(otherwise.out).toMatch(/Not judged yet: .* does not ask for deadlocks, errors, rates/);
  });

  it("K answers 3 when it cannot sign in, and says what that points to without the password", async () => {
    const { code, out } = await runCli(
      "diagnose",
      "--url",
      server.masterUrl.replace("admin-lab", "wrong-secret"),
    );
    expect(code).toBe(3);
    expect(out).toMatch(/sign in/);
    expect(out).not.toContain("wrong-secret");
  });

  it.each([
    [["diagnose"]],
    [["diagnose", "--url", "nonsense"]],
    [["diagnose", "--url", "redis://h/x"]],
    [["diagnose", "--url", "postgres://h/x", "--set", "slowQuerySeconds=abc"]],
    [["diagnose", "--url", "postgres://h/x", "--format", "yaml"]],
    [["grants"]],
    [["grants", "--engine", "oracle"]],
    [["nothing-like-this"]],
    [["diagnose", "--unknown"]],
  ])("K answers 2 and shows the usage for %j", async (args) => {
    const { code, err } = await runCli(...args);
    expect(code).toBe(2);
    expect(err).toMatch(/responder/);
  });

  it("K prints the catalogue as JSON with the ids of the specification", async () => {
    const { code, out } = await runCli("catalogue", "--format", "json");
    const entry = z.object({ id: z.string(), spec: z.array(z.string()).min(1) });
    const all = z
      .object({ probes: z.array(entry), rules: z.array(entry), actions: z.array(entry) })
      .parse(JSON.parse(out));
    expect(all.probes.length).toBe(probes.length);
    expect(code).toBe(0);
  });
});

/** With the users of the printed script, nothing that a probe needs is missing. */
function grantsSuffice(name: string, start: () => Promise<LabServer>): void {
  describe(`the grants for ${name}`, () => {
    let server: LabServer;
    beforeAll(async () => {
      server = await start();
      await createResponderUsers(server);
    });
    afterAll(async () => {
      await server?.stop();
    });

    it.each([
      { user: "rds_responder", tiers: ["immediate", "performance", "health"] as const },
      { user: "rds_responder_act", tiers: ["immediate"] as const },
    ])("Q4 let every probe of $tiers run as $user", async ({ user, tiers }) => {
      const report = await collectProbeReport(
        databasesWithPassword({ user, password: responderPassword }, { mode: "off" }),
        targetOf(server, "granted"),
        defaultSettings,
        probes,
        tiers,
        createSystemClock(),
      );
      expect(report.connection.status).toBe("connected");
      expect(new Set(report.probes.map((probe) => probe.tier))).toEqual(new Set(tiers));
      // MariaDB keeps statements with their values only where the history or the slow log's table is on; who acts asks
      // nothing of replication.
      const without = ["mariadb-plans", ...(user === "rds_responder_act" ? ["mariadb-replication"] : [])];
      const notOk = report.probes.filter(({ id, status }) => status !== "ok" && !without.includes(id));
      expect(notOk.map(({ id, status, reason }) => `${id} ${status}: ${reason}`)).toEqual([]);
    });
  });
}

for (const major of [14, 15, 16, 17, 18] as const) {
  describeEngine(`PostgreSQL ${major}`, await postgresAvailability(major), () =>
    grantsSuffice(`PostgreSQL ${major}`, () => startPostgres({ major })),
  );
}
describeEngine("MySQL", await mysqlAvailability(), () => grantsSuffice("MySQL", () => startMysql({})));
describeEngine("MariaDB", await mariadbAvailability(), () =>
  grantsSuffice("MariaDB", () => startMariadb({})),
);
