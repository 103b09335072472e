import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Outcome, WorkOrder } from "../../../functions/core/contract/work-order.ts";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { majors } from "../postgres/postgres-lab.ts";
import { actorStatements, execute } from "./support.ts";

const orders = { schema: "public", name: "orders" };
const byCustomer = {
  ...{ schema: "public", table: "orders", name: "orders_customer_idx", unique: false },
  definition: "(customer)",
};

/** What is done to tables and indexes, as the acting user, while others write. */
describe.each(majors)("actions on objects of PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;
  const open: Client[] = [];

  beforeAll(async () => {
    server = await startPostgres({ major, settings: { autovacuum: "off" } });
    await createLabUsers(server);
    root = await openSession(server, { user: "rdsadmin" });
    open.push(root);
    for (const sql of actorStatements("postgres")) await root.query(sql);
    await root.query("create table public.orders (id int primary key, customer int, v int)");
    await root.query("insert into public.orders select g, g % 50, 0 from generate_series(1, 20000) g");
    await root.query("create index orders_v_idx on public.orders (v)");
    await root.query("alter table public.orders owner to shop");
  });
  /** A test that fails leaves no transaction behind which the next ones wait. */
  afterEach(() => closeAll(open.splice(1)));
  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  const indexes = async (where: string): Promise<string[]> => {
    const { rows } = await root.query<{ name: string }>(
      `select indexrelid::regclass::text as name from pg_index where indrelid = 'public.orders'::regclass and ${where} order by 1`,
    );
    return rows.map(({ name }) => name);
  };

  async function inTransaction(): Promise<Client> {
    const client = await openSession(server, { user: "shop" });
    open.push(client);
    await client.query("begin");
    await client.query("update public.orders set v = v + 1 where id = 1");
    return client;
  }

  const following = (outcome: Outcome, mayTidy = true): NonNullable<WorkOrder["follows"]> => {
    if (outcome.running === undefined) throw new Error(`it does not run: ${outcome.summary}`);
    return { ...outcome.running, mayTidy };
  };

  it("A7 A8 A9 A10 say whose right is missing and how to give it", async () => {
    const asked = [
      ["analyze-table", orders],
      ["vacuum-table", orders],
      ["reindex-index", { schema: "public", name: "orders_v_idx" }],
      ["create-index", byCustomer],
    ] as const;
    for (const [action, input] of asked) {
      const outcome = await execute(server, action, input);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "grant-missing" } });
      expect(outcome.refusal?.release).toContain('GRANT "shop" TO');
    }
    await root.query("grant shop to actor");
  });

  it("A7 collects statistics, and proves that they are new", async () => {
    expect(await execute(server, "analyze-table", orders)).toMatchObject({ status: "done" });
  });

  it("A8 vacuums while others write, and says what is left", async () => {
    const writer = await inTransaction();
    const outcome = await execute(server, "vacuum-table", orders);
    await writer.query("rollback");
    expect(outcome).toMatchObject({ status: "done" });
    expect(outcome.summary).toMatch(/dead rows are left/);
  });

  it("A8 does not wait for somebody who is at work on the table", async () => {
    const holder = await openSession(server, { user: "shop" });
    open.push(holder);
    await holder.query("begin");
    await holder.query("lock table public.orders in share update exclusive mode");
    for (const [action, input] of [
      ["vacuum-table", orders],
      ["create-index", byCustomer],
    ] as const) {
      const outcome = await execute(server, action, input);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "object-busy" } });
    }
    await holder.query("rollback");
  });

  it("A10 goes on by itself behind a transaction, is found again by a repeat, followed and proved", async () => {
    const writer = await inTransaction();
    const begun = await execute(server, "create-index", byCustomer);
    expect(begun).toMatchObject({ status: "running", mayHaveActed: true });
    expect(await indexes("not indisvalid")).toEqual(["orders_customer_idx"]);
    const repeat = await execute(server, "create-index", byCustomer);
    expect(repeat).toMatchObject({ status: "running" });
    expect(repeat.summary).toMatch(/begun before and still runs/);
    // The same backend, and that it was found under way: what it was like before its start is not known.
    const made = expect.stringMatching(/^\d+$/);
    expect(repeat.running?.handle).toEqual({ ...Object(begun.running?.handle), found: true, made });
    const follows = following(begun);
    const halfway = await execute(server, "create-index", byCustomer, { follows });
    expect(halfway).toMatchObject({ status: "running", running: { startedAt: follows.startedAt } });
    await writer.query("commit");
    const end = await waitUntil(
      async () => {
        const outcome = await execute(server, "create-index", byCustomer, { follows });
        return outcome.status === "running" ? null : outcome;
      },
      { what: "the build to end" },
    );
    const built = { was: { unique: false, definition: "USING btree (customer)" } };
    expect(end).toMatchObject({
      ...{ status: "done", summary: "Index orders_customer_idx is built and valid." },
      undo: { actionId: "drop-index", input: built },
    });
    expect(await execute(server, "create-index", byCustomer)).toMatchObject({ status: "already-done" });
    expect(await execute(server, "create-index", byCustomer, { repeated: true })).toMatchObject({
      status: "already-done",
      undo: { actionId: "drop-index", input: built },
    });
  }, 60_000);

  it("A10 takes away the invalid index that a failed build has left", async () => {
    const unique = { ...byCustomer, name: "orders_once_idx", unique: true };
    const outcome = await execute(server, "create-index", unique);
    expect(outcome).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(outcome.summary).toMatch(/invalid index that it left was dropped/);
    expect(await indexes("not indisvalid")).toEqual([]);
  });

  it.each([true, false])(
    "A10 clears up after a build that somebody has ended, if it may (%s)",
    async (mayTidy) => {
      const name = `orders_ended_${mayTidy}_idx`;
      const input = { ...byCustomer, name, definition: "(v, customer)" };
      const writer = await inTransaction();
      const begun = await execute(server, "create-index", input);
      await root.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'actor' and state = 'active'",
      );
      await writer.query("rollback");
      const outcome = await waitUntil(
        async () => {
          const one = await execute(server, "create-index", input, { follows: following(begun, mayTidy) });
          return one.status === "running" && !one.summary.includes("not taken away yet") ? null : one;
        },
        { what: "its end to be seen" },
      );
      // What a guard keeps back waits for it.
      expect(outcome.status).toBe(mayTidy ? "failed" : "running");
      expect(await indexes("not indisvalid")).toEqual(mayTidy ? [] : [name]);
      await root.query(`drop index if exists public.${name}`);
    },
    60_000,
  );

  it("A9 builds an index anew while others write", async () => {
    const outcome = await execute(server, "reindex-index", { schema: "public", name: "orders_v_idx" });
    expect(outcome).toMatchObject({ status: "done" });
    expect(await indexes("not indisvalid")).toEqual([]);
  });

  it("A9 proves its own build beside what somebody else's build has left", async () => {
    await root.query("create unique index orders_v_idx_ccnew on public.orders ((1)) where v < 0");
    await root.query(
      "update pg_index set indisvalid = false where indexrelid = 'public.orders_v_idx_ccnew'::regclass",
    );
    const outcome = await execute(server, "reindex-index", { schema: "public", name: "orders_v_idx" });
    expect(outcome).toMatchObject({ status: "done" });
    expect(await indexes("not indisvalid")).toEqual(["orders_v_idx_ccnew"]);
    await root.query("drop index public.orders_v_idx_ccnew");
  });

  it("A40 takes no order whose definition is more than one of an index", async () => {
    for (const definition of ["(v); drop table public.orders", "(v) -- x", "v", "(v) /* x */"]) {
      const outcome = await execute(server, "create-index", { ...byCustomer, name: "x", definition });
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "unknown-action" } });
    }
  });
});
