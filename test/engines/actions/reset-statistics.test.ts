import { type Connection, createConnection } from "mysql2/promise";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer, PostgresServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession } from "../../lab/engines/sql.ts";
import { inWorld } from "./in-world.ts";
import { actorStatements, execute } from "./support.ts";

const action = "reset-statement-statistics";
const input = { of: "statements" };

describe.each([14, 18] as const)("statement statistics of PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;

  beforeAll(async () => {
    server = await startPostgres({ major, settings: { shared_preload_libraries: "pg_stat_statements" } });
    await createLabUsers(server);
    root = await openSession(server, { user: "rdsadmin" });
    for (const sql of actorStatements("postgres")) await root.query(sql);
  });
  afterAll(async () => {
    await closeAll([root].filter((client) => client !== undefined));
    await server?.stopNow();
  });

  it("A12 says where they are, and whose right is missing", async () => {
    await root.query("drop extension if exists pg_stat_statements");
    expect(await execute(server, action, input)).toMatchObject({ refusal: { guard: "no-such-object" } });
    await root.query("create extension pg_stat_statements");
    const refused = await execute(server, action, input);
    expect(refused).toMatchObject({ refusal: { guard: "grant-missing" } });
    const grant = refused.refusal?.release.replace("the acting user.", "actor") ?? "";
    await root.query(grant);
  });

  it("A12 empties them, and does nothing to what was emptied a moment ago", async () => {
    expect(await execute(server, action, input)).toMatchObject({ status: "done" });
    expect(await execute(server, action, input)).toMatchObject({ status: "already-done" });
    await inWorld(server, async ({ session }) => {
      const [row] = await session.query({ sql: "select count(*)::int as n from public.pg_stat_statements" });
      expect(Number(row?.["n"])).toBeLessThan(20);
    });
  });
});

const robs = `language plpgsql as $f$ begin insert into public.loot values (current_user); return true; end $f$`;
describe.each([14, 18] as const)(
  "statement statistics of PostgreSQL %i, where others may create",
  (major) => {
    let server: PostgresServer;
    const open: Client[] = [];

    beforeAll(async () => {
      server = await startPostgres({ major, settings: { shared_preload_libraries: "pg_stat_statements" } });
      await createLabUsers(server);
      const root = await openSession(server, { user: "rdsadmin" });
      const shop = await openSession(server, { user: "shop" });
      open.push(root, shop);
      for (const sql of [
        ...actorStatements("postgres"),
        "create extension if not exists pg_stat_statements",
        "grant create on schema public to shop",
        "do $$ declare r regprocedure; begin for r in select oid from pg_proc where proname = 'pg_stat_statements_reset' loop execute 'grant execute on function ' || r || ' to actor'; end loop; end $$",
      ])
        await root.query(sql);
      for (const sql of [
        "create table public.loot (who text); grant all on public.loot to public",
        `create function public.has_function_privilege(name, oid, text) returns boolean ${robs}`,
        `create function public.pg_stat_statements_reset() returns boolean ${robs}`,
        `create function public.pg_stat_statements_reset(int, int, int, boolean) returns boolean ${robs}`,
      ])
        await shop.query(sql);
    });
    afterAll(async () => {
      await closeAll(open);
      await server?.stopNow();
    });

    it("A12 A40 runs the extension's function and nobody's of that name, nor any other of theirs", async () => {
      expect(await execute(server, action, input)).toMatchObject({ status: "done" });
      const [root] = open;
      expect((await root?.query("select who from public.loot"))?.rows).toEqual([]);
      const { rows } = (await root?.query("select count(*)::int as n from pg_stat_statements")) ?? {
        rows: [],
      };
      expect(rows[0].n).toBeLessThan(20);
    });
  },
);

describeEngine("statement statistics of MySQL", await mysqlAvailability(), () =>
  resetSuite(() => startMysql()),
);
describeEngine("statement statistics of MariaDB", await mariadbAvailability(), () =>
  resetSuite(() => startMariadb()),
);

function resetSuite(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  let admin: Connection;

  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    admin = await createConnection({ uri: server.adminUrl });
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
  });
  afterAll(async () => {
    await closeAll([admin]);
    await server?.stopNow();
  });

  it("A12 may, by its own grants, and does nothing to what is a moment old", async () => {
    await inWorld(server, async ({ session }) => {
      await session.query({ sql: "TRUNCATE TABLE performance_schema.events_statements_summary_by_digest" });
    });
    expect(await execute(server, action, input)).toMatchObject({ status: "already-done" });
  });
}
