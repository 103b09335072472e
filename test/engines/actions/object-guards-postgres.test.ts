import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { longTransaction } from "../../../functions/core/actions/statements/postgres-object.ts";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession } from "../../lab/engines/sql.ts";
import { majors } from "../postgres/postgres-lab.ts";
import { inWorld } from "./in-world.ts";
import { actorStatements, execute } from "./support.ts";

describe.each(majors)("guards of actions on objects of PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;
  const open: Client[] = [];

  beforeAll(async () => {
    server = await startPostgres({ major, settings: { autovacuum: "off" } });
    await createLabUsers(server);
    root = await openSession(server, { user: "rdsadmin" });
    open.push(root);
    for (const sql of [...actorStatements("postgres"), "grant shop to actor"]) await root.query(sql);
    await root.query("create table public.orders (id int primary key, customer int)");
    await root.query("insert into public.orders select g, g % 50 from generate_series(1, 1000) g");
    await root.query("alter table public.orders owner to shop");
    await root.query("create table public.parts (id int, at date) partition by range (at)");
    await root.query(
      "create table public.parts_1 partition of public.parts for values from ('2026-01-01') to ('2026-02-01')",
    );
    await root.query("alter table public.parts owner to shop");
  });
  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  it("A9 A10 do not begin while a transaction is old, which a concurrent build would wait for", async () => {
    const writer = await openSession(server, { user: "shop" });
    open.push(writer);
    await writer.query("begin");
    await writer.query("select * from public.orders where id = 1");
    await inWorld(server, async (world) => {
      expect(await longTransaction(world, 0)).toMatchObject({ kind: "refuse", guard: "long-transaction" });
      expect(await longTransaction(world)).toBeNull();
    });
    await writer.query("commit");
    await inWorld(server, async (world) => expect(await longTransaction(world, 0)).toBeNull());
  });

  it("A8 A10 do nothing to a partitioned table, and say that its partitions are meant", async () => {
    for (const [action, input] of [
      ["vacuum-table", { schema: "public", name: "parts" }],
      [
        "create-index",
        { schema: "public", table: "parts", name: "parts_at_idx", unique: false, definition: "(at)" },
      ],
    ] as const) {
      const outcome = await execute(server, action, input);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "partitioned-table" } });
    }
  });

  it("A10 takes no index of that name for the one that is wanted when it is another", async () => {
    const input = {
      ...{ schema: "public", table: "orders", name: "orders_customer_idx", unique: false },
      definition: "(customer)",
    };
    await root.query("create index orders_customer_idx on public.orders (customer, id)");
    const taken = await execute(server, "create-index", input);
    expect(taken).toMatchObject({ status: "refused", refusal: { guard: "name-taken" } });
    await root.query("drop index public.orders_customer_idx");
    await root.query("create index orders_customer_idx on public.orders (customer)");
    expect(await execute(server, "create-index", input)).toMatchObject({ status: "already-done" });
    await root.query("drop index public.orders_customer_idx");
  });

  it("A10 clears up what it has left and no invalid index of somebody else", async () => {
    await expect(
      root.query("create unique index concurrently theirs_idx on public.orders (customer)"),
    ).rejects.toMatchObject({ code: "23505" });
    const outcome = await execute(server, "create-index", {
      ...{ schema: "public", table: "orders", name: "theirs_idx2", unique: true },
      definition: "(customer)",
    });
    expect(outcome).toMatchObject({ status: "failed" });
    expect(outcome.summary).toContain("public.theirs_idx2");
    const { rows } = await root.query(
      "select indexrelid::regclass::text as name from pg_index where not indisvalid and indrelid = 'public.orders'::regclass",
    );
    expect(rows).toEqual([{ name: "theirs_idx" }]);
    await root.query("drop index public.theirs_idx");
  });

  it("A9 clears up its own copy and not the one that an earlier rebuild has left", async () => {
    await root.query("create unique index orders_twice on public.orders (id, customer)");
    await root.query("create index orders_twice_ccnew on public.orders (id)");
    await root.query(
      "update pg_index set indisvalid = false where indexrelid = 'public.orders_twice_ccnew'::regclass",
    );
    const outcome = await execute(server, "reindex-index", { schema: "public", name: "orders_twice" });
    const { rows } = await root.query(
      "select indexrelid::regclass::text as name from pg_index where not indisvalid and indrelid = 'public.orders'::regclass",
    );
    expect(rows).toEqual([{ name: "orders_twice_ccnew" }]);
    // Proved by the index that it built itself, whatever lies beside it.
    expect(outcome.status).toBe("done");
    await root.query("drop index public.orders_twice_ccnew; drop index public.orders_twice");
  });
});
