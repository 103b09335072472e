import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { postgresPlans } from "../../../functions/core/probes/postgres/plans/plans.ts";
import {
  type PostgresPlanRow,
  postgresPlanRowSchema,
} from "../../../functions/core/probes/postgres/plans/rows.ts";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { type HealthLab, only, startHealthLab } from "./health-support.ts";
import { majors } from "./postgres-lab.ts";

const schema = `
  create extension pg_trgm schema public;
  create role shop login password 'shop-lab';
  create schema shop authorization shop;
  create table shop.customers (id int primary key, email varchar(80), city text, facts jsonb, tags text[]);
  create table shop.orders (id int primary key, customer_id int, status text, at timestamptz, total numeric);
  create table shop.notes (id int primary key, word text collate "en-x-icu");
  create index on shop.notes (word);
  insert into shop.notes select g, 'c' || g from generate_series(1, 30000) g;
  insert into shop.customers select g, 'c' || g || '@x', 'city ' || g % 200, jsonb_build_object('n', g), array['t' || g]
    from generate_series(1, 30000) g;
  insert into shop.orders select g, 1 + g % 30000, (array['open','paid','sent','lost'])[1 + g % 4],
    timestamptz '2026-01-01' + g * interval '1 minute', g from generate_series(1, 60000) g;
  grant all on all tables in schema shop to shop;
  create function shop.own(int) returns int language plpgsql immutable as 'begin return $1; end';
  alter function shop.own owner to shop;
  analyze`;

/** Every statement of the application, and what an index for it begins with; null: none is to be suggested. */
const statements: readonly (readonly [string, string | null])[] = [
  ["select * from customers where email = 'c77@x'", "CREATE INDEX CONCURRENTLY ON shop.customers (email)"],
  [
    "select id from orders where customer_id = 7 and at > timestamp '2026-01-02' order by at",
    "CREATE INDEX CONCURRENTLY ON shop.orders (customer_id, at)",
  ],
  [
    "update orders set total = 1 where customer_id = 9 and status = 'lost'",
    "CREATE INDEX CONCURRENTLY ON shop.orders (customer_id, status)",
  ],
  [
    "select o.id from customers c join orders o on o.customer_id = c.id where c.id = 12",
    "CREATE INDEX CONCURRENTLY ON shop.orders (customer_id)",
  ],
  ["select id from orders order by at desc limit 10", null],
];

/** Conditions that no index on the bare column serves. */
const special: typeof statements = [
  [
    "select id from customers where lower(email) = 'c77@x'",
    "CREATE INDEX CONCURRENTLY ON shop.customers ((lower((email)::text)))",
  ],
  [
    "select id from customers where email like '%7777@x'",
    "CREATE INDEX CONCURRENTLY ON shop.customers USING gin (email gin_trgm_ops)",
  ],
  ["select id from customers where lower(email) like '%7777@x'", null],
  [
    `select id from customers where facts @> '{"n": 7777}'`,
    "CREATE INDEX CONCURRENTLY ON shop.customers USING gin (facts jsonb_path_ops)",
  ],
  [
    "select id from customers where tags && '{t7777}'",
    "CREATE INDEX CONCURRENTLY ON shop.customers USING gin (tags array_ops)",
  ],
  // Nearly all of the table comes out.
  ["select id from customers where facts @> '{}'", null],
];

describe.each(majors)("plans of PostgreSQL %i", (major) => {
  let lab: HealthLab;

  beforeAll(async () => {
    lab = await startHealthLab(major);
    await lab.admin.query(schema);
  });
  afterAll(() => lab?.stop());

  async function plansAfter(
    work: readonly string[],
    user: "shop" | "rdsadmin" = "shop",
  ): Promise<PostgresPlanRow[]> {
    await lab.admin.query("select pg_stat_statements_reset()");
    const session = await openSession(lab.server, { user });
    for (const sql of work) await session.query(sql);
    await closeAll([session]);
    const result = only(await lab.ask([postgresPlans]));
    expect([result.status, result.reason]).toEqual(["ok", null]);
    return z.array(postgresPlanRowSchema).parse(result.rows);
  }

  it("P16 finds what is rare by the plan or by what each call comes upon, and an index for it alone", async () => {
    await lab.admin.query(`create table shop.outbox (id int primary key, status text, sent_at timestamptz, note text);
      insert into shop.outbox select g, 'sent', '2026-01-01', repeat('x', 100) from generate_series(1, 60000) g;
      insert into shop.outbox select g, 'pending', null, 'y' from generate_series(60001, 60003) g;
      grant all on shop.outbox to shop`);
    await lab.admin.query("vacuum analyze shop.outbox");
    const unsent = "select id, note from outbox where sent_at is null order by id limit 5";
    const pending = "select id, note from outbox where status = 'pending' order by id limit 5";
    const first = "select id, note from outbox where status = 'sent' order by id limit 5";
    const wanted = async (sql: string) =>
      (await plansAfter([sql])).flatMap(({ suggestions }) => suggestions.map((one) => one.createIndex));
    expect(await wanted(first)).toEqual([]);
    for (const [sql, createIndex] of [
      [unsent, "CREATE INDEX CONCURRENTLY ON shop.outbox (id) WHERE sent_at IS NULL"],
      [pending, "CREATE INDEX CONCURRENTLY ON shop.outbox (status, id)"],
    ] as const) {
      const before = await measured(lab, sql);
      expect(await wanted(sql), sql).toEqual([createIndex]);
      await lab.admin.query(createIndex.replace(" CONCURRENTLY ON", " advised ON"));
      await lab.admin.query("analyze shop.outbox");
      const after = await measured(lab, sql);
      expect(await wanted(sql), sql).toEqual([]);
      await lab.admin.query("drop index shop.advised");
      expect(after.buffers, sql).toBeLessThan(before.buffers / 20);
    }
    await lab.admin.query("drop table shop.outbox");
  });

  it("P16 suggests an index on an expression, or on trigrams, and none that is there already", async () => {
    for (const [sql, createIndex] of special) {
      const suggested = async () =>
        (await plansAfter([sql])).flatMap(({ suggestions }) => suggestions.map((one) => one.createIndex));
      expect(await suggested(), sql).toEqual(createIndex === null ? [] : [createIndex]);
      if (createIndex === null) continue;
      const before = await measured(lab, sql);
      await lab.admin.query(createIndex.replace(" CONCURRENTLY ON", " advised ON"));
      await lab.admin.query("analyze shop.customers");
      const after = await measured(lab, sql);
      const again = await suggested();
      await lab.admin.query("drop index shop.advised");
      expect(after.buffers, sql).toBeLessThan(before.buffers / 3);
      expect(after.cost, sql).toBeLessThan(before.cost / 2);
      expect(again, sql).toEqual([]);
    }
  });

  it("P16 plans what runs inside a function, with its names as parameters, and runs nothing of it", async () => {
    await lab.admin.query(`create function shop.of_guest(p_email text, p_city text) returns bigint language plpgsql as $f$
      declare v bigint; begin
        select count(*) into v from shop.customers where email = p_email and city <> p_city; return v; end $f$;
      alter role shop set pg_stat_statements.track = 'all'`);
    const rows = await plansAfter(["select shop.of_guest('c1@x', 'a')", "select shop.of_guest('c2@x', 'b')"]);
    await lab.admin.query("drop function shop.of_guest; alter role shop reset pg_stat_statements.track");
    const inside = rows.find(({ query }) => /email = p_email/.test(query));
    expect([inside?.status, inside?.reason]).toEqual(["explained", null]);
    expect(inside?.suggestions.map(({ createIndex }) => createIndex)).toEqual([
      "CREATE INDEX CONCURRENTLY ON shop.customers (email)",
    ]);
    // The call itself is the application's own code.
    expect(rows.find(({ query }) => /of_guest\(/.test(query))).toMatchObject({ status: "not-explained" });
  });

  it("P16 suggests operators for patterns beside an index whose collation LIKE cannot use; where they do not help, trigrams", async () => {
    const sql = "select id from notes where word like 'c777%'";
    const suggested = async () =>
      (await plansAfter([sql])).flatMap(({ suggestions }) => suggestions.map((one) => one.createIndex));
    const createIndex = "CREATE INDEX CONCURRENTLY ON shop.notes (word text_pattern_ops)";
    expect(await suggested()).toEqual([createIndex]);
    const before = await measured(lab, sql);
    await lab.admin.query(createIndex);
    await lab.admin.query("analyze shop.notes");
    const after = await measured(lab, sql);
    expect(after.buffers).toBeLessThan(before.buffers / 3);
    expect(await suggested()).toEqual([expect.stringContaining("USING gin (word gin_trgm_ops)")]);
  });

  it("P16 suggests indexes that make the statement read less: cost and buffers before and after", async () => {
    for (const [sql, createIndex] of statements) {
      if (createIndex === null) continue;
      const [row] = (await plansAfter([sql])).filter(({ status }) => status === "explained");
      expect(
        row?.suggestions.map((suggestion) => suggestion.createIndex),
        sql,
      ).toEqual([createIndex]);
      const before = await measured(lab, sql);
      await lab.admin.query(createIndex.replace(" CONCURRENTLY ON", " advised ON"));
      const after = await measured(lab, sql);
      const [again] = (await plansAfter([sql])).filter(({ status }) => status === "explained");
      await lab.admin.query("drop index shop.advised");

      expect(after.buffers, sql).toBeLessThan(before.buffers / 10);
      expect(after.cost, sql).toBeLessThan(before.cost / 5);
      expect(again?.suggestions, sql).toEqual([]);
      expect(again?.totalCost ?? Infinity).toBeLessThan(row?.totalCost ?? 0);
    }
  });

  it("P16 reads sorts that spill, first rows of an order, and wrong row estimates", async () => {
    await lab.admin.query("alter role rds_responder set work_mem = '1MB'");
    const rows = await plansAfter([
      "select * from orders order by total",
      "select id from orders order by at desc limit 10",
      "select a.id from orders a where a.total + 0 = a.total",
      "select b.id from orders b where b.total + 0 > 59990",
    ]);
    const kinds = (text: string) =>
      rows.find(({ query }) => query.includes(text))?.problems.map(({ kind }) => kind);

    expect(kinds("order by total")).toEqual(["sort-spill"]);
    expect(kinds("a.total")).toContain("row-estimate");
    // Of a range whose end it does not know the planner takes a third, whatever the table holds.
    expect(kinds("b.total")).not.toContain("row-estimate");
    expect(rows.find(({ query }) => query.includes("order by at desc"))?.status).toBe("explained");
  });

  it("P16 leaves alone what it cannot or should not plan, and says why for that one only", async () => {
    const rows = await plansAfter([
      "insert into orders values (-1)",
      "delete from orders where id = -1 returning id",
      "select own(1), count(*) from orders",
      "select count(*) from customers where city = 'city 1' for update of customers".replace(
        "count(*)",
        "id",
      ),
      "create table gone (id int)",
      "select id from gone where id = 1",
      "drop table gone",
    ]);
    const verdict = (text: string) => {
      const row = rows.find(({ query }) => query.toLowerCase().startsWith(text));
      return [row?.status, row?.reason];
    };

    expect(verdict("insert")).toEqual([
      "not-explained",
      expect.stringContaining("only what searches for rows is explained"),
    ]);
    expect(verdict("delete")).toEqual(["explained", null]);
    expect(verdict("select own")).toEqual([
      "not-explained",
      expect.stringContaining("own is the application's own code"),
    ]);
    expect(verdict("select id from customers")).toEqual(["explained", null]);
    expect(verdict("select id from gone")).toEqual([
      "not-explained",
      expect.stringContaining('"gone" does not exist'),
    ]);
  });

  it.each([
    // Whoever has an operator of an own may have it run anywhere: no plan at all.
    [
      "with an operator",
      "create operator shop.= (function = shop.same, leftarg = text, rightarg = text);",
      false,
    ],
    ["with functions", "", true],
  ])(
    "P0 calls nothing of a role whose search path names its own schema before pg_catalog, %s of its own",
    async (_of, operator, explained) => {
      const robs = (returns: string) =>
        `returns ${returns} language plpgsql as $f$ begin perform pg_catalog.pg_notify('loot', current_user::text); return null; end $f$`;
      const loot: unknown[] = [];
      lab.admin.on("notification", ({ payload }) => loot.push(payload));
      await lab.admin.query(`listen loot; grant usage on schema shop to public;
      create function shop.set_config(text, text, boolean) ${robs("text")};
      create function shop.current_setting(text, boolean) ${robs("text")};
      create function shop.same(text, text) ${robs("boolean")}; ${operator}
      alter role shop set search_path = shop, pg_catalog`);
      const rows = await plansAfter([
        "select id from orders where id = 3",
        "select id from notes where id = 3",
      ]);
      await lab.admin.query(`unlisten loot; alter role shop reset search_path; drop function shop.same cascade;
      drop function shop.set_config, shop.current_setting; revoke usage on schema shop from public`);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.some(({ status }) => status === "explained")).toBe(explained);
      expect(loot).toEqual([]);
    },
  );

  it("P0 asks no plan of a table that somebody queues for, nor of a view of it, and the others' as ever", async () => {
    await lab.admin.query("create or replace view shop.people as select * from shop.customers");
    await lab.admin.query("grant select on shop.people to shop");
    const reader = await openSession(lab.server, { user: "rdsadmin" });
    const migration = await openSession(lab.server, { user: "rdsadmin" });
    await lab.admin.query("select pg_stat_statements_reset()");
    const shop = await openSession(lab.server, { user: "shop" });
    for (const table of ["customers", "people", "orders"])
      await shop.query(`select id from ${table} where id = 3`);
    await reader.query("begin; select count(*) from shop.customers");
    const altered = migration.query("alter table shop.customers add note text").catch(() => undefined);
    const queued = "select count(*)::int as n from pg_locks where not granted";
    await waitUntil(async () => (await lab.admin.query(queued)).rows[0].n === 1, { what: "the queue" });
    const result = only(await lab.ask([postgresPlans]));
    await reader.query("rollback");
    await altered;
    await lab.admin.query("drop view shop.people; alter table shop.customers drop note");
    await closeAll([reader, migration, shop]);

    const rows = z.array(postgresPlanRowSchema).parse(result.rows);
    const verdict = (table: string) => rows.find(({ query }) => query.includes(`from ${table}`));
    expect(verdict("customers")?.reason).toContain("somebody queues for customers");
    expect(verdict("people")?.reason).toContain("somebody queues for people");
    expect(verdict("orders")?.status).toBe("explained");
    expect(result.tookMs).toBeLessThan(500);
  });

  it("P16 leaves the connection as it was", async () => {
    await plansAfter(["select * from customers where email = 'c77@x'"]);
    const probe = {
      ...postgresPlans,
      followRounds: 6,
      follow: (
        answers: Parameters<NonNullable<typeof postgresPlans.follow>>[0],
        context: Parameters<NonNullable<typeof postgresPlans.follow>>[1],
      ) => {
        const next = postgresPlans.follow?.(answers, context) ?? [];
        return next.length > 0 || answers.at(-1)?.[0]?.["path"] !== undefined
          ? next
          : [
              {
                sql: "select current_setting('search_path') as path, current_setting('plan_cache_mode') as mode, current_setting('lock_timeout') as lock",
              },
            ];
      },
      row: z.unknown(),
      read: (answers: readonly (readonly unknown[])[]) => answers.at(-1) ?? [],
    };

    expect(only(await lab.ask([probe])).rows).toEqual([{ path: "pg_catalog", mode: "auto", lock: "500ms" }]);
  });

  it("P0 skips only what it may not read, naming the grant", async () => {
    await lab.admin.query("revoke pg_read_all_data from rds_responder");
    const rows = await plansAfter(["select * from customers where email = 'c77@x'"]);
    await lab.admin.query("grant pg_read_all_data to rds_responder");

    expect(rows[0]).toMatchObject({
      status: "not-explained",
      reason: expect.stringContaining("pg_read_all_data is not granted"),
    });
    await lab.admin.query("drop extension pg_stat_statements");
    const skipped = only(await lab.ask([postgresPlans]));
    await lab.admin.query("create extension pg_stat_statements");
    expect(skipped).toMatchObject({
      status: "skipped",
      howToSee: expect.stringContaining("CREATE EXTENSION pg_stat_statements"),
    });
  });
});

const explainSchema = z.array(
  z.object({
    Plan: z.object({
      "Total Cost": z.number(),
      "Shared Hit Blocks": z.number(),
      "Shared Read Blocks": z.number(),
    }),
  }),
);

/** Executed in a transaction that is rolled back. */
async function measured({ admin }: HealthLab, sql: string): Promise<{ cost: number; buffers: number }> {
  await admin.query("begin; set local search_path = shop; set local max_parallel_workers_per_gather = 0");
  const { rows } = await admin.query(`explain (analyze, buffers, format json) ${sql}`);
  await admin.query("rollback");
  const plan = explainSchema.parse(rows[0]?.["QUERY PLAN"])[0]?.Plan;
  if (!plan) throw new Error("no plan");
  return { cost: plan["Total Cost"], buffers: plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] };
}
