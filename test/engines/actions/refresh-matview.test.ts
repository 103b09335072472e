import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { actorStatements, execute } from "./support.ts";

const totals = { schema: "public", name: "totals", concurrently: true };

describe.each([14, 18] as const)("materialized views that are refreshed on PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;
  const open: Client[] = [];

  beforeAll(async () => {
    server = await startPostgres({ major });
    await createLabUsers(server);
    root = await openSession(server, { user: "rdsadmin" });
    open.push(root);
    for (const sql of actorStatements("postgres")) await root.query(sql);
    await root.query(`create table public.slow (x int); create table public.orders (id int, v int); insert into public.orders values (1, 1), (2, 5);
      create function public.slowly(int) returns int language sql volatile as 'select $1 + coalesce(length(pg_sleep(case when exists (select from public.slow) then 16 else 0 end)::text), 0)';
      create materialized view public.totals as select id, sum(public.slowly(v)) as v from public.orders group by id;
      create materialized view public.empty as select 1 as id with no data;
      create unique index on public.empty (id);
      alter materialized view public.totals owner to shop; alter materialized view public.empty owner to shop;
      grant select on public.orders, public.slow to shop`);
  });
  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  const refresh = (input = totals, options = {}): Promise<Outcome> =>
    execute(server, "refresh-materialized-view", input, options);
  const sum = async (): Promise<number> =>
    Number((await root.query("select sum(v) as v from public.totals")).rows[0].v);

  it("A11 says whose right is missing, and what CONCURRENTLY needs", async () => {
    expect(await refresh()).toMatchObject({ refusal: { guard: "grant-missing" } });
    await root.query("grant shop to actor");
    expect(await refresh()).toMatchObject({ refusal: { guard: "not-concurrently" } });
    expect(await refresh({ ...totals, concurrently: false })).toMatchObject({
      refusal: { guard: "readers-would-wait" },
    });
    const unique = {
      ...{ schema: "public", table: "totals", name: "totals_key_idx", unique: true },
      definition: "(id)",
    };
    expect(await execute(server, "create-index", unique)).toMatchObject({ status: "done" });
  });

  it("A11 fills it anew while a reader has it open", async () => {
    await root.query("insert into public.orders values (3, 10)");
    const reader = await openSession(server, { user: "shop" });
    open.push(reader);
    await reader.query("begin; select * from public.totals");
    expect(await refresh()).toMatchObject({ status: "done" });
    await reader.query("commit");
    expect(await sum()).toBe(16);
    expect(await refresh()).toMatchObject({ status: "done" });
  });

  it("A11 fills for the first time what nobody can read yet", async () => {
    const empty = { ...totals, name: "empty" };
    expect(await refresh(empty)).toMatchObject({ refusal: { guard: "not-concurrently" } });
    expect(await refresh({ ...empty, concurrently: false })).toMatchObject({ status: "done" });
  });

  it("A11 does not begin beside another refresh", async () => {
    const other = await openSession(server, { user: "rdsadmin" });
    open.push(other);
    await other.query("begin; refresh materialized view concurrently public.totals");
    expect(await refresh()).toMatchObject({ refusal: { guard: "object-busy" } });
    await other.query("rollback");
  });

  it("A11 follows a long one, and proves its end although no row has changed", async () => {
    await root.query("insert into public.slow values (1)");
    const begun = await refresh();
    expect(begun).toMatchObject({ status: "running" });
    expect((await refresh()).summary).toMatch(/begun before and still runs/);
    await root.query("delete from public.slow");
    const end = await waitUntil(
      async () => {
        const one = await refresh(totals, { follows: { ...begun.running, mayTidy: true } });
        return one.status === "running" ? null : one;
      },
      { what: "it has ended", timeoutMs: 60_000 },
    );
    expect(end).toMatchObject({ status: "done" });
  }, 90_000);

  it("A11 tells the truth of one that somebody has cancelled", async () => {
    await root.query("insert into public.slow values (1)");
    const begun = await refresh();
    await root.query(
      "select pg_cancel_backend(pid) from pg_stat_activity where usename = 'actor' and state = 'active'",
    );
    const end = await waitUntil(
      async () => {
        const one = await refresh(totals, { follows: { ...begun.running, mayTidy: true } });
        return one.status === "running" ? null : one;
      },
      { what: "its end is seen" },
    );
    expect(end).toMatchObject({ status: "failed", summary: expect.stringContaining("No refresh") });
  }, 60_000);

  it("A11 does not call done what a repeat has found under way and somebody has cancelled", async () => {
    await root.query("delete from public.slow; insert into public.slow values (1)");
    await refresh();
    const found = await refresh(totals, { repeated: true });
    expect(found.summary).toMatch(/begun before and still runs/);
    await root.query(
      "select pg_cancel_backend(pid) from pg_stat_activity where usename = 'actor' and state = 'active'",
    );
    const end = await waitUntil(
      async () => {
        const one = await refresh(totals, { follows: { ...found.running, mayTidy: true } });
        return one.status === "running" ? null : one;
      },
      { what: "its end is seen" },
    );
    expect(end).toMatchObject({ status: "not-verified", summary: expect.stringContaining("not known") });
  }, 60_000);
});
