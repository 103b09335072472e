import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresIndexIn } from "../../../functions/core/actions/statements/index-in-statement.ts";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { actorStatements, execute } from "./support.ts";

const of = (name: string, more: object = {}) => ({
  ...{ schema: "public", table: "items", name, keeps: null, scans: null },
  ...more,
});

describe.each([14, 18] as const)("indexes that are dropped on PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;
  const open: Client[] = [];

  beforeAll(async () => {
    server = await startPostgres({ major, settings: { autovacuum: "off" } });
    await createLabUsers(server);
    root = await openSession(server, { user: "rdsadmin" });
    open.push(root);
    for (const sql of actorStatements("postgres")) await root.query(sql);
    await root.query(`create table public.orders (id int primary key, code int unique);
      create table public.items (id int primary key, order_id int references public.orders (id), v int, w int);
      create index items_order on public.items (order_id);
      create index items_v on public.items (v); create index items_v_w on public.items (v, w);
      create index "Items W" on public.items (w) where v > 3; create unique index items_once on public.items (v, id);
      create unique index items_once_more on public.items (v, id);
      create table public.parts (at date) partition by range (at);
      create table public.parts_1 partition of public.parts for values from ('2026-01-01') to ('2026-02-01');
      create index parts_at on public.parts (at);
      alter table public.items owner to shop; alter table public.orders owner to shop; alter table public.parts owner to shop`);
    await root.query("insert into public.orders select g, g from generate_series(1, 100) g");
    await root.query("insert into public.items select g, g % 100 + 1, g, g from generate_series(1, 500) g");
  });
  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  const definitionOf = async (name: string): Promise<string | undefined> => {
    const { rows } = await root.query("select indexdef from pg_indexes where indexname = $1", [name]);
    return rows[0]?.indexdef;
  };
  /** Judged just before, unless the order says how it was. */
  const drop = async (input: ReturnType<typeof of>, options = {}): Promise<Outcome> => {
    const is = postgresIndexIn((await definitionOf(input.name)) ?? "");
    const was = is === null ? {} : { was: { unique: is.unique, definition: is.definition } };
    return execute(server, "drop-index", { ...was, ...input }, options);
  };

  it("A13 says whose right is missing and how to give it", async () => {
    expect(await drop(of("Items W"))).toMatchObject({ refusal: { guard: "grant-missing" } });
    await root.query("grant shop to actor");
  });

  it.each([
    ["items_pkey", "backs-constraint", {}],
    ["orders_code_key", "backs-constraint", { table: "orders" }],
    ["items_order", "foreign-key", {}],
    ["parts_at", "partitioned-table", { table: "parts" }],
    ["items_v", "not-covered", { keeps: "items_order" }],
    ["items_v", "not-covered", { keeps: "Items W" }],
    ["items_v", "not-covered", { keeps: "items_gone" }],
    ["items_v", "no-such-object", { table: "orders" }],
  ])("A13 leaves %s alone (%s)", async (name, guard, more) => {
    const outcome = await drop(of(name, more));
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard } });
    expect(await definitionOf(name)).toBeDefined();
  });

  it("A13 leaves a unique one alone unless another enforces the same, and what tells replicas the rows apart", async () => {
    await root.query("create unique index items_rule on public.items (w, id)");
    expect(await drop(of("items_rule"))).toMatchObject({ refusal: { guard: "unique-index" } });
    await root.query("alter table public.items alter v set not null");
    await root.query("alter table public.items replica identity using index items_once");
    expect(await drop(of("items_once"))).toMatchObject({ refusal: { guard: "replica-identity" } });
    expect(await drop(of("items_once_more", { keeps: "items_once" }))).toMatchObject({ status: "done" });
    await root.query("alter table public.items replica identity default");
  });

  it("A13 takes no index for the same that sorts, compares or forbids otherwise", async () => {
    await root.query(`create collation public.either (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      create table public.names (id int primary key, name text, other text, v int);
      create index names_name on public.names (name); create index names_c on public.names (name collate "C", id);
      create index names_v on public.names (v desc nulls last); create index names_v_id on public.names (v, id);
      create unique index names_once on public.names (other collate public.either);
      create unique index names_once_bytes on public.names (other);
      alter table public.names owner to shop`);
    const pairs = [
      ["names_name", "names_c", "not-covered"],
      ["names_v", "names_v_id", "not-covered"],
      ["names_once", "names_once_bytes", "unique-index"],
    ] as const;
    for (const [name, keeps, guard] of pairs)
      expect(await drop(of(name, { table: "names", keeps }))).toMatchObject({ refusal: { guard } });
    if (major < 15) return;
    await root.query(`create unique index names_null_once on public.names (v) nulls not distinct;
      create unique index names_nulls on public.names (v)`);
    const strict = of("names_null_once", { table: "names", keeps: "names_nulls" });
    expect(await drop(strict)).toMatchObject({ refusal: { guard: "unique-index" } });
    // The other way round the one that stays forbids more.
    const loose = of("names_nulls", { table: "names", keeps: "names_null_once" });
    expect(await drop(loose)).toMatchObject({ status: "done" });
  });

  it("A13 leaves alone what was scanned since it was called unused", async () => {
    await root.query("create index items_used on public.items ((w + 1))");
    const reader = await openSession(server, { user: "shop" });
    await reader.query("set enable_seqscan = off; analyze public.items");
    await reader.query("select count(*) from public.items where w + 1 = 5");
    await reader.end();
    const outcome = await waitUntil(
      async () => {
        const one = await drop(of("items_used", { scans: 0 }), { dryRun: true });
        return one.status === "refused" ? one : null;
      },
      { what: "the scan is counted" },
    );
    expect(outcome.refusal?.guard).toBe("in-use");
    await root.query("drop index public.items_used");
  });

  it("A13 drops it once while others write, and its undo builds it again as it was", async () => {
    const before = await definitionOf("Items W");
    const writer = await openSession(server, { user: "shop" });
    open.push(writer);
    let writing = true;
    const writes = (async () => {
      while (writing) await writer.query("update public.items set v = v + 1 where id = 2");
    })();
    const done = await drop(of("Items W"));
    writing = false;
    await writes;
    expect(done).toMatchObject({ status: "done", undo: { actionId: "create-index" } });
    expect(await definitionOf("Items W")).toBeUndefined();
    expect(await drop(of("Items W"))).toMatchObject({ status: "already-done" });
    const built = await execute(server, "create-index", done.undo?.input ?? null);
    const was = { unique: false, definition: "USING btree (w) WHERE (v > 3)" };
    expect(built).toMatchObject({ status: "done", undo: { actionId: "drop-index", input: { was } } });
    expect(await definitionOf("Items W")).toBe(before);
    expect(await execute(server, "drop-index", built.undo?.input ?? null)).toMatchObject({ status: "done" });
  });

  it("A13 keeps its undo when a repeat finds it dropped, by what was read of it before", async () => {
    await root.query("create index items_found on public.items (v desc) where w > 3");
    const before = await definitionOf("items_found");
    const was = { unique: false, definition: "USING btree (v DESC) WHERE (w > 3)" };
    await root.query("drop index public.items_found");
    expect(await drop(of("items_found", { was }))).not.toHaveProperty("undo");
    expect(await drop(of("items_found"), { repeated: true })).not.toHaveProperty("undo");
    const again = await drop(of("items_found", { was }), { repeated: true });
    expect(again).toMatchObject({
      ...{ status: "already-done", mayHaveActed: true },
      undo: { actionId: "create-index" },
    });
    expect(await execute(server, "create-index", again.undo?.input ?? null)).toMatchObject({
      status: "done",
    });
    expect(await definitionOf("items_found")).toBe(before);
  });

  it("A13 goes on by itself behind a transaction, says so, and is done when that ends", async () => {
    const reader = await openSession(server, { user: "shop" });
    open.push(reader);
    await reader.query("begin; select * from public.items where id = 1");
    const begun = await drop(of("items_v", { keeps: "items_v_w" }));
    expect(begun).toMatchObject({
      status: "running",
      undo: { input: { name: "items_v", definition: "USING btree (v)" } },
    });
    await reader.query("commit");
    const { running } = begun;
    const end = await waitUntil(
      async () => {
        const follows = { ...running, mayTidy: true };
        const one = await drop(of("items_v", { keeps: "items_v_w" }), { follows });
        return one.status === "running" ? null : one;
      },
      { what: "it has ended" },
    );
    expect(end).toMatchObject({ status: "done", undo: { actionId: "create-index" } });
    expect(await definitionOf("items_v")).toBeUndefined();
  }, 60_000);

  it("A13 tells the truth when the drop is ended half-way: the index is there and no query uses it", async () => {
    await root.query("create index items_half on public.items (w, v)");
    const reader = await openSession(server, { user: "shop" });
    open.push(reader);
    await reader.query("begin; select * from public.items where id = 1");
    const begun = await drop(of("items_half"));
    expect(begun.status).toBe("running");
    await root.query(
      "select pg_cancel_backend(pid) from pg_stat_activity where usename = 'actor' and state = 'active'",
    );
    const end = await waitUntil(
      async () => {
        const follows = { ...begun.running, mayTidy: true };
        const one = await drop(of("items_half"), { follows });
        return one.status === "running" ? null : one;
      },
      { what: "its end is seen" },
    );
    await reader.query("commit");
    expect(end.status).toBe("failed");
    expect(end.summary).toMatch(/still there.*invalid now.*REINDEX INDEX CONCURRENTLY public.items_half/);
    expect(await drop(of("items_half"))).toMatchObject({ status: "done" });
  }, 60_000);
});
