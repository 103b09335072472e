import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { mysqlAvailability, postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession } from "../../lab/engines/sql.ts";
import { runCli } from "../../support/run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "responder-policy-"));
afterAll(() => rmSync(folder, { recursive: true }));

const judgedSchema = z.array(
  z.object({ id: z.number(), application: z.string().nullable(), verdict: z.string(), because: z.string() }),
);

async function tested(text: string, ...more: readonly string[]) {
  const file = join(folder, "list.txt");
  writeFileSync(file, text);
  const { code, out, err } = await runCli(
    "policy",
    "test",
    "--processlist",
    file,
    "--format",
    "json",
    ...more,
  );
  expect([code, err]).toEqual([0, ""]);
  return judgedSchema.parse(JSON.parse(out));
}

describeEngine("a saved list of PostgreSQL", await postgresAvailability(17), () => {
  it("K6 is judged line by line, with the guard", async () => {
    const server = await startPostgres({ major: 17 });
    await createLabUsers(server);
    const names = ["checkout", "pg_dump", "postgres_fdw", "worker"];
    const sessions = await Promise.all(
      names.map((applicationName) => openSession(server, { user: "shop", applicationName })),
    );
    const admin = await openSession(server, { user: "rdsadmin" });
    try {
      await sessions[3]?.query("begin; select 1 as job for update skip locked");
      const { rows } = await admin.query(
        "select to_jsonb(a) as row from pg_stat_activity a where pid <> pg_backend_pid()",
      );
      const judged = await tested(JSON.stringify(rows.map(({ row }) => row)));
      const of = (name: string) => judged.find(({ application }) => application === name);
      expect(of("checkout")).toMatchObject({ verdict: "may" });
      expect(of("pg_dump")).toMatchObject({ verdict: "never", because: expect.stringContaining("pg_dump") });
      expect(of("postgres_fdw")).toMatchObject({ verdict: "asked" });
      expect(of("worker")).toMatchObject({
        verdict: "asked",
        because: expect.stringContaining("SKIP LOCKED"),
      });
      expect(
        judged.filter(({ application }) => application === "").map(({ verdict }) => verdict),
      ).not.toContain("may");
    } finally {
      await closeAll([...sessions, admin]);
      await server.stopNow();
    }
  });
});

describeEngine("a saved list of MySQL", await mysqlAvailability(), () => {
  it("K6 is judged line by line, from the columns of mysql --batch and from its boxes", async () => {
    const server = await startMysql();
    await createLabUsers(server);
    const shop = await openSession(server, { user: "shop" });
    const admin = await openSession(server, { user: "rdsadmin" });
    try {
      shop.query("SELECT /* rds-responder:never */ SLEEP(20)").catch(() => undefined);
      await admin.query("DO SLEEP(0.5)");
      const [rows] = await admin.query("SHOW FULL PROCESSLIST");
      const list = (Array.isArray(rows) ? rows : []).map((row) => Object.entries(row));
      const lines = (between: string) =>
        [
          list[0]?.map(([name]) => name) ?? [],
          ...list.map((row) => row.map(([, value]) => String(value ?? "NULL"))),
        ]
          .map((cells) => cells.join(between))
          .join("\n");
      const boxes = `+----+\n| ${lines(" | ").replaceAll("\n", " |\n| ")} |\n+----+`;
      for (const text of [lines("\t"), boxes]) {
        const judged = await tested(text);
        expect(judged.find(({ id }) => id === shop.threadId)).toMatchObject({
          verdict: "never",
          because: expect.stringContaining("rds-responder:never"),
        });
        expect(judged.find(({ id }) => id === admin.threadId)).toMatchObject({ verdict: "never" });
      }
    } finally {
      await closeAll([shop, admin]);
      await server.stopNow();
    }
  });
});

describe("a saved list", () => {
  it("K6 obeys the settings that are given, and names what is wrong with them", async () => {
    const list =
      "Id\tUser\tHost\tdb\tCommand\tTime\tState\tInfo\n7\tetl\t10.0.0.4:999\tshop\tQuery\t90\texecuting\tDELETE FROM t";
    const file = join(folder, "settings.json");
    writeFileSync(file, JSON.stringify({ policy: { protectedUsers: ["etl*"] } }));
    expect(await tested(list)).toMatchObject([{ id: 7, verdict: "may" }]);
    expect(await tested(list, "--settings", file)).toMatchObject([{ id: 7, verdict: "never" }]);
    writeFileSync(file, JSON.stringify({ policy: { protectedUser: ["etl"] } }));
    const saved = join(folder, "list.txt");
    const wrong = await runCli("policy", "test", "--processlist", saved, "--settings", file);
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.err).toContain("protectedUsers");
  });

  it("K6 says what it cannot read", async () => {
    const file = join(folder, "none.txt");
    for (const text of ["", "hello", "a|b\n1|2", '{"pid": "x"}', "[1]", "{"]) {
      writeFileSync(file, text);
      expect(await runCli("policy", "test", "--processlist", file)).toMatchObject({ code: 2 });
    }
    expect(await runCli("policy", "try")).toMatchObject({ code: 2 });
  });
});
