import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { actorStatements, execute } from "./support.ts";

describe.each([14, 18] as const)("an index that somebody builds on PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;
  const open: Client[] = [];
  beforeAll(async () => {
    server = await startPostgres({ major, settings: { autovacuum: "off" } });
    await createLabUsers(server);
    root = await openSession(server, { user: "rdsadmin" });
    open.push(root);
    for (const sql of actorStatements("postgres")) await root.query(sql);
    await root.query("create table public.items (id int primary key, v int)");
    await root.query("insert into public.items select g, g from generate_series(1, 100) g");
    await root.query("alter table public.items owner to shop");
    await root.query("grant shop to actor");
  });
  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  it("A13 is not dropped, although it is invalid and nothing uses it yet", async () => {
    const writer = await openSession(server, { user: "shop" });
    const builder = await openSession(server, { user: "shop" });
    open.push(writer, builder);
    await writer.query("begin; update public.items set v = 0 where id = 1");
    const built = builder.query("create index concurrently items_v on public.items (v)");
    const invalid =
      "select from pg_index where indexrelid = to_regclass('public.items_v') and not indisvalid";
    await waitUntil(async () => (await root.query(invalid)).rowCount === 1, { what: "the build to begin" });
    const input = { schema: "public", table: "items", name: "items_v", keeps: null, scans: 0 };
    const outcome = await execute(server, "drop-index", input);
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "object-busy" } });
    await writer.query("commit");
    await built;
    const valid = await root.query(
      "select indisvalid from pg_index where indexrelid = 'public.items_v'::regclass",
    );
    expect(valid.rows).toEqual([{ indisvalid: true }]);
  });
});
