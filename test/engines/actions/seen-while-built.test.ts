import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import { executeOrder } from "../../../functions/core/actions/execute.ts";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import type { Databases, SqlSession } from "../../../functions/core/ports.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { createLabUsers, waitUntil } from "../../lab/engines/sql.ts";
import { look } from "./persons-index-suite.ts";
import { actorStatements, databasesAs, execute, orderFor } from "./support.ts";

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

      it("A32 A40 is told by its oid to the end: a person's just like it, made under its name meanwhile, is left", async () => {
        const name = "items_kind";
        const make = `create index ${name} on items (kind)`;
        await admin.query(make);
        const made = await oidOf(name);
        let persons: string | null = null;
        const databases: Databases = {
          connect: async (...args) => {
            const connected = await databasesAs("actor").connect(...args);
            if (connected.kind !== "connected") return connected;
            const { session } = connected;
            const query: SqlSession["query"] = async (asked, signal) => {
              // It was just found to be the one that was built, by its oid; how it is made is read next.
              if (persons === null && asked.sql.includes("pg_get_indexdef")) {
                await admin.query(`drop index ${name}; ${make}`);
                persons = await oidOf(name);
              }
              return session.query(asked, signal);
            };
            return { ...connected, session: { ...session, query } };
          },
        };
        const input = { ...tried, name, definition: "(kind)" };
        const handle = { id: 999_999, since: "2020-01-01", made, trial: { cost: 400, ms: 5 } };
        const [startedAt = "", until = ""] = [-30_000, 3_600_000].map((ms) =>
          new Date(Date.now() + ms).toISOString(),
        );
        const end = await executeOrder(
          orderFor(server, "try-index", input, { follows: { startedAt, until, mayTidy: true, handle } }),
          { databases, clock: createSystemClock(), probing: defaultSettings.probing },
          AbortSignal.timeout(45_000),
        );
        expect(persons).not.toBeNull();
        expect(end).toMatchObject({ status: "not-verified", mayHaveActed: true });
        expect(end.summary).toContain("not known to be the one that was built any more");
        expect(end).not.toHaveProperty("undo");
        expect(await oidOf(name)).toBe(persons);
      });
    },
  );
}
