import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession } from "../../lab/engines/sql.ts";
import { runCli } from "../../support/run-cli.ts";

describeEngine("doing it by hand on PostgreSQL 17", await postgresAvailability(17), () => {
  let server: PostgresServer;
  const open: Client[] = [];

  beforeAll(async () => {
    server = await startPostgres({ major: 17 });
    await createLabUsers(server);
    const admin = await openSession(server, { user: "admin" });
    open.push(admin);
    await admin.query("create table public.orders (id int primary key, customer int)");
    await admin.query("insert into public.orders select g, g % 9 from generate_series(1, 1000) g");
  });
  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  const url = () => server.masterUrl;
  const index = JSON.stringify({
    ...{ schema: "public", table: "orders", name: "orders_customer_idx", unique: false },
    definition: "(customer)",
  });

  it("K3 looks whether it could be done, does it, and does it no second time", async () => {
    const act = (...more: string[]) =>
      runCli("act", "create-index", "--url", url(), "--input", index, ...more);
    const tried = await act("--dry-run");
    expect(tried).toMatchObject({ code: 0 });
    expect(tried.out).toContain("CREATE INDEX CONCURRENTLY orders_customer_idx ON public.orders (customer)");
    expect(tried.out).toContain("Nothing was done");
    const done = await act("--yes", "--format", "json");
    expect(done).toMatchObject({ code: 0 });
    expect(JSON.parse(done.out)).toMatchObject({ outcome: { status: "done" } });
    expect((await act("--yes")).out).toContain("Not needed any more: Index orders_customer_idx is there.");
  });

  it("K3 takes back what it has done, and that again, and says when there is nothing to take back", async () => {
    const folder = mkdtempSync(join(tmpdir(), "responder-undo-"));
    const file = join(folder, "done.json");
    const kept = (text: string): void => writeFileSync(file, text);
    const input = JSON.stringify({ of: "role", name: "shop", setting: "lock_timeout", value: "7s" });
    const done = await runCli(
      "act",
      "set-timeout",
      "--url",
      server.adminUrl,
      "--input",
      input,
      "--yes",
      "--format",
      "json",
    );
    expect(done).toMatchObject({ code: 0 });
    kept(done.out);
    const undo = (...more: string[]) => runCli("undo", file, "--url", server.adminUrl, ...more);
    expect((await undo("--dry-run")).out).toContain('ALTER ROLE "shop" RESET lock_timeout');
    const elsewhere = new URL(server.adminUrl);
    elsewhere.pathname = "/template1";
    expect(await runCli("undo", file, "--url", elsewhere.href, "--yes")).toMatchObject({
      code: 4,
      err: expect.stringContaining("--url names 127.0.0.1"),
    });
    const { target, outcome } = JSON.parse(done.out);
    kept(JSON.stringify({ outcome }));
    expect(await undo("--yes")).toMatchObject({ code: 4, err: expect.stringContaining("does not say") });
    kept(JSON.stringify({ target, actions: [{ database: "orders-2", outcome }] }));
    expect(await undo("--yes")).toMatchObject({ code: 4, err: expect.stringContaining("done in orders-2") });
    kept(JSON.stringify({ target, actions: [{ database: target.name, outcome }] }));
    expect(await undo("--dry-run")).toMatchObject({ code: 0 });
    kept(done.out);
    const undone = await undo("--yes", "--format", "json");
    expect(undone).toMatchObject({ code: 0 });
    expect(await undo("--yes")).toMatchObject({
      code: 0,
      out: expect.stringContaining("Not needed any more"),
    });
    kept(undone.out);
    expect(JSON.parse((await undo("--yes", "--format", "json")).out)).toMatchObject({
      outcome: { status: "done" },
    });
    kept(JSON.stringify({ actions: [{ key: "x", outcome: null }] }));
    expect(await undo()).toMatchObject({
      code: 2,
      err: expect.stringContaining("nothing that can be taken back"),
    });
    rmSync(folder, { recursive: true });
  });

  it("K3 does nothing when nobody can be asked", async () => {
    const asked = await runCli("act", "create-index", "--url", url(), "--input", index);
    expect(asked).toMatchObject({ code: 4 });
    expect(asked.out).toContain("--yes");
  });

  it("K3 says which field is wrong", async () => {
    const wrong = await runCli("act", "analyze-table", "--url", url(), "--input", '{"schema":"public"}');
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.err).toContain("name");
    expect(await runCli("act", "fly", "--url", url(), "--input", "{}")).toMatchObject({ code: 2 });
  });

  it("K3 ends the session that is named, and says of one that is gone that there is nothing to do", async () => {
    const victim = await openSession(server, { user: "shop", applicationName: "checkout" });
    victim.on("error", () => undefined);
    await victim.query("begin");
    const { rows } = await victim.query<{ pid: number }>("select pg_backend_pid() as pid");
    const kill = () => runCli("kill", "--url", url(), "--session", String(rows[0]?.pid), "--yes");
    const ended = await kill();
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.out).toMatch(/Done and verified: Sent terminate to session \d+ of shop \(checkout/);
    expect((await kill()).out).toContain("nothing to do");
  });

  it("A40 K3 names the guard that refuses a person, too", async () => {
    const dump = await openSession(server, { user: "shop", applicationName: "pg_dump" });
    open.push(dump);
    const { rows } = await dump.query<{ pid: number }>("select pg_backend_pid() as pid");
    const refused = await runCli("kill", "--url", url(), "--session", String(rows[0]?.pid), "--yes");
    expect(refused).toMatchObject({ code: 4 });
    expect(refused.out).toContain("guard protected-application");
  });
});
