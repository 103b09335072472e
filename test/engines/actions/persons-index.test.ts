import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mariadbAvailability, mysqlAvailability, postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { createLabUsers, waitUntil } from "../../lab/engines/sql.ts";
import { look, personsIndexSuite, schemaOf } from "./persons-index-suite.ts";
import { actorStatements, execute } from "./support.ts";

const rewritten = {
  ...{ schema: "public", table: "items", name: "items_lower", unique: false },
  definition: "(lower(note)) WHERE kind = 1 AND note <> 'y'",
};
const onKind = {
  ...{ schema: "public", table: "items", name: "items_kind", unique: false, definition: "(kind)" },
  ...{ gainPercent: 30, statement: "SELECT sum(v) FROM public.items WHERE kind = 1" },
};

for (const major of [14, 18] as const) {
  describeEngine(`a person's index on PostgreSQL ${major}`, await postgresAvailability(major), () => {
    let server: PostgresServer;
    let admin: Client;
    let writer: Client;
    beforeAll(async () => {
      server = await startPostgres({ major, settings: { autovacuum: "off" } });
      await createLabUsers(server);
      [admin, writer] = [0, 1].map(() => new Client({ connectionString: server.adminUrl })) as [
        Client,
        Client,
      ];
      for (const client of [admin, writer]) await client.connect();
      for (const sql of actorStatements("postgres")) await admin.query(sql);
      await admin.query("create table items (id int primary key, v int, kind int, note varchar(80))");
      await admin.query("insert into items select g, g, 1, repeat('x', 80) from generate_series(1, 20000) g");
      await admin.query("analyze items");
      await admin.query("grant create on schema public to actor");
      await admin.query("alter table items owner to actor");
    });
    afterAll(async () => {
      await Promise.allSettled([admin?.end(), writer?.end()]);
      await server?.stopNow();
    });
    const definition = async () =>
      JSON.stringify((await admin.query("select indexdef from pg_indexes where tablename = 'items'")).rows);
    const oidOf = async (name: string): Promise<string | undefined> =>
      (await admin.query(`select to_regclass('public.${name}')::oid::text as oid`)).rows[0]?.oid ?? undefined;
    personsIndexSuite({ server: () => server, sql: (text) => admin.query(text), definition });

    it("A10 A40 is told from what was built by the oid that was seen meanwhile, whatever the server writes of it", async () => {
      await writer.query("begin; update items set v = v where id = 1");
      const begun = await execute(server, "create-index", rewritten);
      const halfway = await look(server, "create-index", rewritten, Object(begun.running?.handle));
      expect(halfway.running?.handle).toEqual({
        ...Object(begun.running?.handle),
        made: await oidOf("items_lower"),
      });
      const repeat = await execute(server, "create-index", rewritten, { repeated: true });
      expect(repeat.running?.handle).toMatchObject({ found: true, made: await oidOf("items_lower") });
      await writer.query("commit");
      const seen = Object(halfway.running?.handle);
      const end = await waitUntil(
        async () => {
          const outcome = await look(server, "create-index", rewritten, seen);
          return outcome.status === "running" ? null : outcome;
        },
        { what: "the build to end" },
      );
      expect(end).toMatchObject({ status: "done", undo: { actionId: "drop-index" } });
      const lost = await execute(server, "create-index", rewritten, { repeated: true });
      expect(lost).toMatchObject({ status: "not-verified" });
      expect(lost.summary).toContain(
        "whether an earlier attempt at this order has built it, or somebody else",
      );
      expect(lost).not.toHaveProperty("undo");
      expect((await execute(server, "create-index", rewritten)).refusal?.guard).toBe("name-taken");
      const unseen = await look(server, "create-index", rewritten, {});
      expect(unseen).toMatchObject({ status: "not-verified" });
      expect(unseen).not.toHaveProperty("undo");
      await admin.query(
        `drop index items_lower; create index items_lower on items (lower(note)) where kind = 1 and note <> 'y'`,
      );
      const persons = await look(server, "create-index", rewritten, seen);
      expect(persons).toMatchObject({ status: "not-verified" });
      expect(persons.summary).toContain("it is not the one that was built, and is left as it is");
      expect(persons).not.toHaveProperty("undo");
    }, 60_000);

    it("A10 A40 is not cleared away when it is invalid and another one was built", async () => {
      const made = await oidOf("items_lower");
      await admin.query("update pg_index set indisvalid = false where indexrelid = 'items_lower'::regclass");
      const handle = { made: String(Number(made) - 1) };
      const end = await look(server, "create-index", rewritten, handle);
      expect(end).toMatchObject({ status: "not-verified" });
      expect(await definition()).toContain("items_lower");
      const own = await look(server, "create-index", rewritten, { made });
      expect(own).toMatchObject({ status: "failed" });
      expect(own.summary).toContain("invalid index that it left was dropped");
      expect(await definition()).not.toContain("items_lower");
    });

    it("A32 drops what it has built itself, by its oid, and a person's that is just like it never", async () => {
      await admin.query("create index items_kind on items (kind)");
      const made = await oidOf("items_kind");
      await admin.query("drop index items_kind; create index items_kind on items (kind)");
      const trial = { cost: 400, ms: 5 };
      const persons = await look(server, "try-index", onKind, { made, trial });
      expect(persons).toMatchObject({ status: "not-verified" });
      expect(persons.summary).toContain("it is not the one that was built");
      expect(await definition()).toContain("items_kind");
      const own = await look(server, "try-index", onKind, { made: await oidOf("items_kind"), trial });
      expect(own).toMatchObject({ status: "done", summary: expect.stringContaining("dropped again") });
      expect(await definition()).not.toContain("items_kind");
    });
  });
}

describeEngine("a person's index on MySQL", await mysqlAvailability(), () => onMysql(() => startMysql()));
describeEngine("a person's index on MariaDB", await mariadbAvailability(), () =>
  onMysql(() => startMariadb()),
);

function onMysql(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  let admin: Awaited<ReturnType<typeof createConnection>>;
  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    admin = await createConnection({ uri: server.adminUrl });
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
    await admin.query("USE app");
    await admin.query("CREATE TABLE items (id INT PRIMARY KEY, v INT, kind INT, note VARCHAR(80))");
    await admin.query(
      "INSERT INTO items WITH RECURSIVE n AS (SELECT 1 AS g UNION ALL SELECT g + 1 FROM n WHERE g < 1000) SELECT a.g + 1000 * (b.g - 1), a.g + 1000 * (b.g - 1), 1, REPEAT('x', 80) FROM n a JOIN n b ON b.g <= 20",
    );
    await admin.query("ANALYZE TABLE items");
    await admin.query("GRANT SELECT, INDEX, ALTER ON app.items TO actor@'%'");
  });
  afterAll(async () => {
    await admin?.end();
    await server?.stopNow();
  });
  const definition = async () => JSON.stringify((await admin.query("SHOW CREATE TABLE items"))[0]);
  personsIndexSuite({ server: () => server, sql: (text) => admin.query(text), definition });

  it("A32 drops what it has built itself, which nobody sees yet, and a person's that all see never", async () => {
    const hidden = server.engine === "mysql" ? "INVISIBLE" : "IGNORED";
    await admin.query(`CREATE INDEX items_kind ON items (kind) ${hidden}`);
    const input = {
      ...onKind,
      schema: schemaOf(server),
      statement: "SELECT sum(v) FROM app.items WHERE kind = 1",
    };
    const end = await look(server, "try-index", input, { trial: { cost: 400, ms: 5 } });
    expect(end).toMatchObject({ status: "done", summary: expect.stringContaining("dropped again") });
    expect(await definition()).not.toContain("items_kind");
  });
}
