import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { postgresPlans } from "../../../functions/core/probes/postgres/plans/plans.ts";
import { postgresPlanRowSchema } from "../../../functions/core/probes/postgres/plans/rows.ts";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { type HealthLab, only, startHealthLab } from "./health-support.ts";
import { majors } from "./postgres-lab.ts";

const ofTenant = (tenant: number) =>
  `select count(*) from shop.lines l join shop.prices p on p.sku = l.sku where l.tenant = ${tenant}`;

describe.each(majors)("what values may cost on PostgreSQL %i", (major) => {
  let lab: HealthLab;

  beforeAll(async () => {
    lab = await startHealthLab(major);
    await lab.admin.query(`create role shop login password 'shop-lab';
      create schema shop authorization shop;
      create table shop.lines (id int primary key, tenant int, even int, sku int);
      create table shop.prices (id int primary key, sku int);
      insert into shop.lines select g, case when g % 4 = 0 then g else 1 end, g % 100, g % 50
        from generate_series(1, 40000) g;
      insert into shop.prices select g, g % 50 from generate_series(1, 20000) g;
      create index on shop.lines (tenant);
      grant all on all tables in schema shop to shop;
      analyze`);
  });
  afterAll(() => lab?.stop());

  it("P16 tells how far a frequent value may be from the plan for any, and what the one of just now costs", async () => {
    await lab.admin.query("select pg_stat_statements_reset()");
    const [quick, busy] = [
      await openSession(lab.server, { user: "shop" }),
      await openSession(lab.server, { user: "shop" }),
    ];
    await quick.query(ofTenant(40));
    await quick.query("select count(*) from shop.lines where even = 7");
    await quick.query("select count(*) from shop.lines where id > 39000");
    const running = busy.query(ofTenant(1)).catch(() => undefined);
    const count =
      "select count(*)::int as n from pg_stat_activity where usename = 'shop' and state = 'active'";
    await waitUntil(async () => (await lab.admin.query(count)).rows[0].n === 1, {
      what: "the large tenant's",
    });
    const result = only(await lab.ask([postgresPlans]));
    await lab.admin.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'shop'");
    await running;
    await closeAll([quick]);

    const rows = z.array(postgresPlanRowSchema).parse(result.rows);
    const tenant = rows.find(({ query }) => query.includes("tenant"));
    const { sampledCost = null, valueSkew = 0, totalCost } = tenant ?? {};
    // Before 16 an EXPLAIN would leave the values in the server's statistics.
    if (major < 16) {
      expect(sampledCost).toBeNull();
      expect(valueSkew).toBeGreaterThan(100);
    } else {
      expect(sampledCost).toBeGreaterThan(10 * (totalCost ?? 0));
      // Its value is known, and those by which it is joined are all alike.
      expect(valueSkew).toBeLessThan(5);
    }
    expect(rows.find(({ query }) => query.includes("even"))?.valueSkew).toBeLessThan(3);
    expect(rows.find(({ query }) => query.includes("id >"))?.valueSkew).toBe(3);
  });
});
