import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import { postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { createLabUsers, waitUntil } from "../../lab/engines/sql.ts";
import { look } from "./persons-index-suite.ts";
import { actorStatements, execute } from "./support.ts";

/** PostgreSQL writes both in its own words: neither is told from another by its definition. */
const rewritten = {
  ...{ schema: "public", table: "items", name: "items_lower", unique: false },
  definition: "(lower(note)) WHERE kind IN (1, 2)",
};
const tried = {
  ...{ schema: "public", table: "items", name: "items_abs", unique: false },
  ...{ definition: "(abs(kind)) WHERE note <> 'y'", gainPercent: 30 },
  statement: "SELECT sum(v) FROM public.items WHERE kind = 1",
};

for (const major of [14, 18] as const) {
  describeEngine(
    `a build between two looks on PostgreSQL ${major}`,
    await postgresAvailability(major),
    () => {
      let server: PostgresServer;
      let admin: Client;
      let writer: Client;
      beforeAll(async () => {
        server = await startPostgres({ major, settings: { autovacuum: "off" } });
        await createLabUsers(server);
        admin = new Client({ connectionString: server.adminUrl });
        writer = new Client({ connectionString: server.adminUrl });
        for (const client of [admin, writer]) await client.connect();
        for (const sql of actorStatements("postgres")) await admin.query(sql);
        await admin.query("create table items (id int primary key, v int, kind int, note varchar(80))");
        await admin.query(
          "insert into items select g, g, 1, repeat('x', 80) from generate_series(1, 20000) g",
        );
        await admin.query("analyze items");
        await admin.query("grant create on schema public to actor");
        await admin.query("alter table items owner to actor");
      });
      afterAll(async () => {
        await Promise.allSettled([admin?.end(), writer?.end()]);
        await server?.stopNow();
      });
      const oidOf = async (name: string): Promise<string | null> =>
        (await admin.query(`select to_regclass('public.${name}')::oid::text as oid`)).rows[0]?.oid ?? null;
      const connections = async (): Promise<number> =>
        (await admin.query("select count(*)::int as n from pg_stat_activity where usename = 'actor'")).rows[0]
          .n;

      /** It waits for the writer longer than its function does, and has ended before anybody looks. */
      async function endsUnlooked(id: string, input: Parameters<typeof execute>[2]): Promise<Outcome> {
        await writer.query("begin; update items set v = v where id = 1");
        const begun = await execute(server, id, input);
        expect(begun.status, begun.summary).toBe("running");
        await writer.query("commit");
        await waitUntil(async () => ((await connections()) === 0 ? true : null), {
          what: "the build to end",
        });
        return begun;
      }

      it("A10 is known by the oid that was seen while it was waited for, and can be taken back", async () => {
        const begun = await endsUnlooked("create-index", rewritten);
        const made = await oidOf("items_lower");
        expect(made).not.toBeNull();
        expect(begun.running?.handle).toMatchObject({ made });
        const end = await look(server, "create-index", rewritten, Object(begun.running?.handle));
        expect(end).toMatchObject({ status: "done", undo: { actionId: "drop-index" } });
      }, 60_000);

      it("A32 is dropped again by the trial that has built it and does not pay", async () => {
        const begun = await endsUnlooked("try-index", tried);
        expect(begun.running?.handle).toMatchObject({ made: await oidOf("items_abs") });
        const end = await look(server, "try-index", tried, Object(begun.running?.handle));
        expect(end).toMatchObject({ status: "done", summary: expect.stringContaining("dropped again") });
        expect(await oidOf("items_abs")).toBeNull();
      }, 60_000);
    },
  );
}
