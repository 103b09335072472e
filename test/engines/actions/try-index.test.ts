import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mariadbAvailability, mysqlAvailability, postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { createLabUsers } from "../../lab/engines/sql.ts";
import { actorStatements, execute } from "./support.ts";
import { trialSuite } from "./trial-suite.ts";

const long = `own_${"x".repeat(59)}`;
for (const major of [14, 18] as const) {
  describeEngine(`trials of an index on PostgreSQL ${major}`, await postgresAvailability(major), () => {
    let server: PostgresServer;
    let admin: Client;
    beforeAll(async () => {
      server = await startPostgres({ major });
      await createLabUsers(server);
      admin = new Client({ connectionString: server.adminUrl });
      await admin.connect();
      for (const sql of actorStatements("postgres")) await admin.query(sql);
      await admin.query("create table items (id int primary key, v int, kind int, note text)");
      await admin.query("insert into items select g, g, 1, repeat('x', 80) from generate_series(1, 20000) g");
      await admin.query("analyze items");
      await admin.query("grant create on schema public to actor");
      await admin.query("alter table items owner to actor");
    });
    afterAll(async () => {
      await admin?.end();
      await server?.stopNow();
    });
    trialSuite({
      server: () => server,
      sql: async (text) => JSON.stringify((await admin.query(text)).rows),
      definition: async () =>
        JSON.stringify((await admin.query("select indexdef from pg_indexes where tablename = 'items'")).rows),
    });

    it("A32 keeps a GIN index that documents are found by, and drops it where what is asked for is in most of them", async () => {
      await admin.query(`create table docs (id int primary key, facts jsonb);
        insert into docs select g, jsonb_build_object('n', g, 'kind', 'k') from generate_series(1, 30000) g;
        analyze docs; alter table docs owner to actor`);
      const definition = "USING gin (facts jsonb_path_ops)";
      const tried = (name: string, member: string) =>
        execute(server, "try-index", {
          ...{ schema: "public", table: "docs", name, unique: false, definition, gainPercent: 30 },
          statement: `select id from public.docs where facts @> '${member}'`,
        });
      const wide = await tried("docs_wide", '{"kind": "k"}');
      expect(wide.summary).toContain("it was dropped again");
      const narrow = await tried("docs_narrow", '{"n": 4711}');
      expect(narrow.summary).toContain("It pays");
      const { rows } = await admin.query(
        "select indexname from pg_indexes where tablename = 'docs' order by 1",
      );
      expect(rows).toEqual([{ indexname: "docs_narrow" }, { indexname: "docs_pkey" }]);
    });

    it("A40 tries nothing that does more than read, or runs what is somebody's own", async () => {
      await admin.query(`create role stranger; grant create on schema public to stranger; set role stranger;
        create function public.evil() returns int language sql stable as 'select 1';
        create view public.trap as select public.evil() as v;
        create domain public.nasty as int check (public.evil() = value);
        ${["GRÖSSE", "only€", "nb\u00a0", long].map((name) => `create function public.${name}(int) returns int language sql immutable as 'select 1';`).join(" ")}
        create view public.v€ as select public.evil() as v;
        grant select on public.trap, public.v€ to public; reset role;
        create function public.dba(int) returns int language sql stable as 'select v from public.trap';
        create extension tablefunc schema public; create extension pg_trgm schema public`);
      const reads = [
        ["select pg_stat_reset()", "pg_stat_reset"],
        ['select pg_catalog . "pg_reload_conf" ()', "pg_reload_conf"],
        ["select pg_drop_replication_slot('a')", "pg_drop_replication_slot"],
        ["select public.evil()", "public.evil is not the server's own"],
        ["select v from public.trap", "public.trap is a view"],
        ["select 1::public.nasty", "public.nasty is a domain"],
        ["select public.GRÖSSE(1)", "is not the server's own"],
        ["select public.only€(1)", "it holds a name that is read otherwise"],
        ["select public.nb\u00a0(1)", "it holds a name that is read otherwise"],
        ["select v from public.v€", "it holds a name that is read otherwise"],
        [`select public.${long}_and_more(1)`, `public.${long} is not the server's own`],
        ["select public.dba(1)", "public.dba is not the server's own"],
        ["select table_to_xml('public.trap', true, false, '')", "pg_catalog.table_to_xml runs or reads"],
        [
          "select * from public.crosstab('select 1, 2, public.evil()') as c(a int, b int)",
          "public.crosstab runs",
        ],
      ] as const;
      for (const [statement, why] of reads) {
        const outcome = await execute(server, "try-index", {
          ...{ schema: "public", table: "items", name: "items_w", unique: false, definition: "(kind, v)" },
          ...{ statement, gainPercent: 30 },
        });
        expect(outcome, statement).toMatchObject({ status: "refused", refusal: { guard: "cannot-try" } });
        expect(outcome.refusal?.reason).toContain(why);
      }
      await admin.query("drop domain public.nasty");
      const plain =
        "select lower(i.note), count(*), max(v) over (), public.similarity('größe', 'x') from public.items i where v in (1, 2) group by 1, v";
      const outcome = await execute(server, "try-index", {
        ...{ schema: "public", table: "items", name: "items_w", unique: false, definition: "(kind, v)" },
        ...{ statement: plain, gainPercent: 99 },
      });
      expect(outcome.status, outcome.summary).toBe("done");
    }, 30_000);

    it("A40 tries nothing where a stranger's code runs without a word of it in the statement", async () => {
      const ran =
        "begin if current_user = 'actor' then raise exception 'ran as the actor'; end if; return $1; end";
      await admin.query(`create role other; grant create on schema public to other; set role other;
        create function public.n(int) returns int language plpgsql immutable as $f$ ${ran} $f$;
        create table public.pred (id int, v int); create index on public.pred (id) where id > public.n(5);
        create table public.stat (id int, v int); create statistics public.xs on (id + public.n(5)), v from public.stat;
        insert into public.stat select g, g from generate_series(1, 99) g; analyze public.stat;
        grant select on public.pred, public.stat to public; reset role`);
      const refusal = async (statement: string) =>
        (
          await execute(server, "try-index", {
            ...{
              schema: "public",
              table: "items",
              name: "items_u",
              unique: false,
              definition: "(kind, note)",
            },
            ...{ statement, gainPercent: 99 },
          })
        ).refusal?.reason;
      expect(await refusal("select id from public.pred where v = 7")).toContain(
        "public.pred has statistics, an index",
      );
      expect(await refusal("select v from public.stat where id = 7")).toContain("public.stat has statistics");
      await admin.query(`set role other; create type public.e as enum ('a');
        create function public.of_e(public.e) returns int language plpgsql immutable as $f$ begin return 1; end $f$;
        create cast (public.e as int) with function public.of_e(public.e) as implicit; reset role`);
      expect(await refusal("select v from public.items where id = 7")).toContain(
        "cast from public.e to integer leads",
      );
      await admin.query("drop type public.e cascade");
      expect(await refusal("select v from public.items where id = 7")).toBeUndefined();
    }, 30_000);
  });
}

describeEngine("trials of an index on MySQL", await mysqlAvailability(), () => onMysql(() => startMysql()));
describeEngine("trials of an index on MariaDB", await mariadbAvailability(), () =>
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
  trialSuite({
    server: () => server,
    sql: async (text) => JSON.stringify((await admin.query(text))[0]),
    definition: async () => JSON.stringify((await admin.query("SHOW CREATE TABLE items"))[0]),
  });
}
