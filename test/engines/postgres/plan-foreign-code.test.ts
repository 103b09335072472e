import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { postgresPlans } from "../../../functions/core/probes/postgres/plans/plans.ts";
import { postgresPlanRowSchema } from "../../../functions/core/probes/postgres/plans/rows.ts";
import { closeAll, openSession } from "../../lab/engines/sql.ts";
import { type HealthLab, only, startHealthLab } from "./health-support.ts";
import { probeLogin } from "./postgres-lab.ts";

const long = `own_${"x".repeat(59)}`;
/** Names of PostgreSQL as a person may give them to code of the application. */
const names = ["own", '"Ow n"', '"q""t"', "GRÖSSE", "only€", long];
const body = `returns int language plpgsql immutable as $f$ begin
  if current_user = '${probeLogin.user}' then raise exception 'ran with our rights'; end if; return $1; end $f$`;

/** Each a way to name or reach them that planning would run: constants are folded. */
const statements = [
  "select own(1)",
  'select "own"(1)',
  "select shop.OWN(1)",
  'select U&"\\006fwn"(1)',
  "select u&\"!006fwn\" uescape '!' (1)",
  'select "Ow n"(1)',
  'select "q""t"(1)',
  "select GRÖSSE(1)",
  "select only€(1)",
  `select ${long}_and_more(1)`,
  "select id from behind_two where id = 1",
  "select id from by_index where id = 1",
];

describe.each([14, 18] as const)("code of the application and the plans of PostgreSQL %i", (major) => {
  let lab: HealthLab;
  beforeAll(async () => {
    lab = await startHealthLab(major);
    await lab.admin.query(`create role shop login password 'shop-lab';
      create schema shop authorization shop; grant usage on schema shop to public; set search_path = shop, public;
      ${names.map((name) => `create function shop.${name}(int) ${body}; alter function shop.${name}(int) owner to shop;`).join("\n")}
      create table shop.t (id int primary key); insert into shop.t select generate_series(1, 100);
      create view shop.behind_one as select id from shop.t where id < shop.own(50);
      create view shop.behind_two as select id from shop.behind_one;
      create table shop.by_index (id int); create index on shop.by_index (id) where id > shop.own(5);
      grant all on all tables in schema shop to shop; alter role shop set search_path = shop, public`);
  }, 60_000);
  afterAll(() => lab?.stop());

  it.each(statements)("P16 %s is not planned, and nothing of it ran with our rights", async (statement) => {
    await lab.admin.query("select public.pg_stat_statements_reset()");
    const session = await openSession(lab.server, { user: "shop" });
    for (let run = 0; run < 3; run += 1) await session.query(statement);
    await closeAll([session]);
    const result = only(await lab.ask([postgresPlans]));
    const rows = z.array(postgresPlanRowSchema).parse(result.rows);
    const asked = rows.filter(({ query }) => !query.includes("pg_stat_statements_reset"));
    const told = asked.map(({ status, reason }) => `${status}: ${reason ?? ""}`);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^not-explained: /);
    expect(told[0]).not.toContain("ran with our rights");
  });
});
