import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { postgresPlans } from "../../../functions/core/probes/postgres/plans/plans.ts";
import { postgresPlanRowSchema } from "../../../functions/core/probes/postgres/plans/rows.ts";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { type HealthLab, only, startHealthLab } from "./health-support.ts";
import { majors } from "./postgres-lab.ts";

const endless =
  "select count(*) from visits a join visits b on a.page < b.page where a.visitor = 'secret-7' and b.day > date '2026-01-01' and b.id > 12";

describe.each(majors)("what several sessions of PostgreSQL %i run and no statistics count", (major) => {
  let lab: HealthLab;

  beforeAll(async () => {
    lab = await startHealthLab(major);
    await lab.admin.query(`create role shop login password 'shop-lab';
      create schema shop authorization shop;
      create table shop.visits (id int primary key, visitor text, page text, day date);
      insert into shop.visits select g, 'secret-' || g % 9, 'p' || g, '2026-02-01' from generate_series(1, 60000) g;
      grant all on shop.visits to shop;
      analyze`);
  });
  afterAll(() => lab?.stop());

  it("P16 is planned, and none of its values is left in the server's statistics", async () => {
    const clients = [
      await openSession(lab.server, { user: "shop" }),
      await openSession(lab.server, { user: "shop" }),
    ];
    await lab.admin.query("select pg_stat_statements_reset()");
    const running = clients.map((client) => client.query(endless).catch(() => undefined));
    const count =
      "select count(*)::int as n from pg_stat_activity where usename = 'shop' and state = 'active'";
    await waitUntil(async () => (await lab.admin.query(count)).rows[0].n === 2, { what: "both running" });
    const result = only(await lab.ask([postgresPlans]));
    await lab.admin.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'shop'");
    await Promise.all(running);
    await closeAll(clients);

    const rows = z.array(postgresPlanRowSchema).parse(result.rows);
    const found = rows.find(({ query }) => query.includes("visitor"));
    expect([found?.status, found?.reason]).toEqual(["explained", null]);
    const kept = await lab.admin.query("select query from pg_stat_statements where query like '%secret-7%'");
    expect(kept.rows).toEqual([]);
  });
});
