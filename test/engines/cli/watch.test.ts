import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mysqlAvailability, postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MysqlServer, PostgresServer } from "../../lab/engines/lab-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSession, openSessions, waitUntil } from "../../lab/engines/sql.ts";
import { runCli } from "../../support/run-cli.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

function startWatch(...args: readonly string[]): { child: ChildProcess; lines: () => string[] } {
  const child = spawn(process.execPath, ["bin/responder.mjs", "watch", ...args], { cwd: root });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  return { child, lines: () => out.split("\n").filter((line) => line !== "") };
}

describeEngine("responder watch on PostgreSQL", await postgresAvailability(17), () => {
  let server: PostgresServer;
  let monitor: Client;

  beforeAll(async () => {
    server = await startPostgres({ major: 17, maxConnections: 40 });
    monitor = await openSession(server, { user: "rdsadmin", applicationName: "monitor" });
  });
  afterAll(async () => {
    await closeAll([monitor]);
    await server?.stop();
  });

  const responders = async (): Promise<number[]> => {
    const sql = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'rds-responder%' ORDER BY pid";
    return (await monitor.query(sql)).rows.map(({ pid }) => Number(pid));
  };

  it("K prints one plain line a round when piped, and ends after --rounds", async () => {
    const { code, out } = await runCli("watch", "--url", server.masterUrl, "--every", "0.2", "--rounds", "3");
    const lines = out.trim().split("\n");
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(line).toMatch(/^\d{4}-.*Z (ok|P3) \d+\/\d+ connections, 0 waiting, \d+ ms: Nothing wrong/);
    expect(out).not.toContain("\u001b");
    expect(code).toBe(0);
  });

  it("P0 keeps one connection over all rounds, opens another when it is lost, and closes it on Ctrl-C", async () => {
    const { child, lines } = startWatch("--url", server.masterUrl, "--every", "0.2");
    await waitUntil(() => lines().length >= 3, { what: "three rounds", timeoutMs: 60_000 });
    const [first, ...others] = await responders();
    expect(others).toEqual([]);
    expect(first).toBeDefined();
    await monitor.query("SELECT pg_terminate_backend($1)", [first]);
    const second = await waitUntil(async () => (await responders()).find((pid) => pid !== first), {
      what: "a new connection",
      timeoutMs: 60_000,
    });
    const seen = lines().length;
    await waitUntil(
      () =>
        lines()
          .slice(seen)
          .some((line) => line.includes("Nothing wrong")),
      {
        what: "it to see again",
        timeoutMs: 60_000,
      },
    );
    expect(await responders()).toEqual([second]);
    const ended = once(child, "exit");
    child.kill("SIGINT");
    expect((await ended)[0]).toBe(0);
    await waitUntil(async () => (await responders()).length === 0, { what: "the connection to close" });
  }, 150_000);

  it("D3 names the root cause while somebody is blocked, with exit code 1", async () => {
    const [holder, ...waiters] = await openSessions(server, 4, { applicationName: "checkout" });
    if (holder === undefined) throw new Error("no session");
    await holder.query("CREATE TABLE seats (id int PRIMARY KEY, n int); INSERT INTO seats VALUES (1, 1)");
    await holder.query("BEGIN; UPDATE seats SET n = 2");
    const updates = waiters.map((waiter) => waiter.query("UPDATE seats SET n = 3").catch(() => undefined));
    const waiting = "SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted";
    await waitUntil(async () => Number((await monitor.query(waiting)).rows[0].n) === 3, {
      what: "the waiters",
    });
    const { code, out } = await runCli(
      ...["watch", "--url", server.masterUrl, "--rounds", "1", "--set", "slowQuerySeconds=0.01"],
    );
    expect(out).toMatch(/P[12] .* 3 waiting, .*idle in transaction .* blocks 3 sessions/);
    expect(code).toBe(1);
    await closeAll([holder, ...waiters]);
    await Promise.all(updates);
  });
});

describeEngine("responder watch on MySQL", await mysqlAvailability(), () => {
  let server: MysqlServer;
  beforeAll(async () => {
    server = await startMysql({ maxConnections: 30 });
  });
  afterAll(async () => {
    await server?.stop();
  });

  it("K watches it as well", async () => {
    const { code, out } = await runCli("watch", "--url", server.masterUrl, "--every", "0.2", "--rounds", "2");
    expect(out.trim().split("\n")).toHaveLength(2);
    expect(out).toContain("Nothing wrong");
    expect(code).toBe(0);
  });
});

describe("responder watch without a database", () => {
  it("K says each round that it cannot connect, and answers 3", async () => {
    const { code, out } = await runCli(
      ...["watch", "--url", "postgres://a:secret-word@127.0.0.1:9/x", "--every", "0.2", "--rounds", "2"],
    );
    expect(out.trim().split("\n")).toHaveLength(2);
    expect(out).not.toContain("secret-word");
    expect(code).toBe(3);
  });
});
