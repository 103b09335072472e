import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSessions, waitUntil } from "../../lab/engines/sql.ts";
import { runCli } from "../../support/run-cli.ts";

describeEngine("responder report on PostgreSQL", await postgresAvailability(17), () => {
  let server: PostgresServer;
  let folder: string;

  beforeAll(async () => {
    server = await startPostgres({ major: 17, maxConnections: 40 });
    folder = mkdtempSync(join(tmpdir(), "report-"));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server?.stop();
  });

  it("C5 writes one page with who blocks whom, the remedy and no password, that needs no network", async () => {
    const [holder, ...waiters] = await openSessions(server, 8, { applicationName: "<b>checkout</b>" });
    if (holder === undefined) throw new Error("no session");
    await holder.query("CREATE TABLE carts (id int PRIMARY KEY, n int); INSERT INTO carts VALUES (1, 1)");
    await holder.query("BEGIN; UPDATE carts SET n = 2");
    const updates = waiters.map((waiter) => waiter.query("UPDATE carts SET n = 3").catch(() => undefined));
    const waiting = "SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted";
    await waitUntil(async () => Number((await holder.query(waiting)).rows[0].n) === 7, {
      what: "the waiters",
    });

    const file = join(folder, "page.html");
    const { code, err } = await runCli(
      "report",
      "--url",
      server.masterUrl,
      "--out",
      file,
      "--set",
      "slowQuerySeconds=0.01",
    );
    const page = readFileSync(file, "utf8");
    expect(err).toContain("page.html");
    expect(code).toBe(1);
    expect(page).toContain("Who blocks whom: 7 waiting");
    expect(page).toContain("pg_terminate_backend");
    expect(page).toContain("&lt;b&gt;checkout&lt;/b&gt;");
    expect(page).not.toContain("<b>checkout");
    expect(page).not.toMatch(/<script|<link|<img|\bsrc=|\bhref=|url\(|@import/);
    expect(page).not.toContain("admin-lab");
    await closeAll([holder, ...waiters]);
    await Promise.all(updates);
  });

  it("C5 makes the same report from saved evidence, as Markdown on the terminal", async () => {
    const evidence = join(folder, "evidence.json");
    await runCli("diagnose", "--url", server.masterUrl, "--save", evidence);
    const { code, out } = await runCli("report", evidence, "--format", "markdown", "--out", "-");
    expect(out).toMatch(/^# 127\.0\.0\.1:\d+: /);
    expect(out).toContain("## How it was decided");
    expect(code).toBe(0);
  });

  it.each([
    [["report"]],
    [["report", "no-such-file.json"]],
    [["report", "a.json", "--url", "postgres://h/x"]],
    [["report", "--url", "postgres://h/x", "--format", "pdf"]],
    [["watch"]],
    [["watch", "--url", "postgres://h/x", "--every", "soon"]],
    [["watch", "--url", "postgres://h/x", "--rounds", "0"]],
  ])("K answers 2 and shows the usage for %j", async (args) => {
    const { code, err } = await runCli(...args);
    expect(code).toBe(2);
    expect(err).toMatch(/responder (report|watch)/);
  });
});
