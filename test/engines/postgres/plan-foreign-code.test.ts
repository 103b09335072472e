import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { postgresPlans } from "../../../functions/core/probes/postgres/plans/plans.ts";
import { postgresPlanRowSchema } from "../../../functions/core/probes/postgres/plans/rows.ts";
import { closeAll, openSession } from "../../lab/engines/sql.ts";
import { type HealthLab, only, startHealthLab } from "./health-support.ts";
import { body, ofExtension, unnamed } from "./unnamed-code.ts";

const long = `own_${"x".repeat(59)}`;
/** Names of PostgreSQL as a person may give them to code of the application. */
const names = ["own", '"Ow n"', '"q""t"', "GRÖSSE", "only€", long];

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
  "select id from by_statistics where id = 1",
  "select id from by_default where id = 1",
  "select id from part_one where id = 1",
];
/** Each leads to what runs or reads what its argument names. */
const reaching = [
  "select id from by_xml where id = 1",
  "select id from by_xml_name where id = 1",
  "select id from by_xml_policy where id = 1",
  "select id from by_xml_default where id = 1",
  `select id from t where id::text = table_to_xml('shop.evil'::regclass, true, false, '')::text`,
  `copy (select id from t where id::text = "query_to_xml"('select * from shop.evil', true, false, '')::text) to stdout`,
  "select id from by_superuser where id = 1",
  "select a from crosstab('select 1, 2, shop.own(3)') as ct(a int, b int)",
];
const byName = "table_to_xml(to_regclass('shop.evil'), true, false, '')::text";
const evil = "table_to_xml('shop.evil'::regclass, true, false, '')::text";

const extensions = ["pgcrypto", "citext", "ltree", "pg_trgm", "hstore", "btree_gist"];
const ordinary = `${extensions.map((name) => `create extension if not exists ${name} schema public;`).join(" ")}
  create domain shop.positive as int check (value > 0); alter domain shop.positive owner to shop;
  create type shop.span as range (subtype = float8, subtype_diff = float8mi); alter type shop.span owner to shop;
  create operator shop.=== (leftarg = int, rightarg = int, function = int4eq); alter operator shop.=== (int, int) owner to shop;
  create table shop.kinds (id int, d shop.positive, s shop.span); alter table shop.kinds owner to shop`;

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
      create table shop.by_statistics (id int, b int); create statistics shop.xs on (id + shop.own(5)), b from shop.by_statistics;
      create table shop.by_default (id int, b int default shop.own(1));
      create table shop.parts (id int) partition by range ((id + shop.own(1)));
      create table shop.part_one partition of shop.parts for values from (1) to (100);
      create view shop.evil as select shop.own(1) as v;
      create view shop.by_xml as select id from shop.t where id::text <> ${evil};
      create view shop.by_xml_name as select id from shop.t
        where id::text <> ${byName};
      create table shop.by_xml_policy (id int, b int);
      create policy p on shop.by_xml_policy using (id::text <> ${byName});
      alter table shop.by_xml_policy enable row level security;
      create table shop.by_xml_default (id int, b text default ${evil});
      create function shop.dba(int) returns int language plpgsql stable as $f$ begin return (select v from shop.evil); end $f$;
      create view shop.by_superuser as select id from shop.t where id <> shop.dba(5);
      create extension tablefunc schema shop; ${ofExtension};
      grant all on all tables in schema shop to shop; alter role shop set search_path = shop, public`);
  }, 60_000);
  afterAll(() => lab?.stop());

  async function told(statement: string, ofReset = false): Promise<readonly string[]> {
    await lab.admin.query("select public.pg_stat_statements_reset()");
    const session = await openSession(lab.server, { user: "shop" });
    for (let run = 0; run < 3; run += 1) await session.query(statement);
    await closeAll([session]);
    const rows = z.array(postgresPlanRowSchema).parse(only(await lab.ask([postgresPlans])).rows);
    const asked = rows.filter(({ query }) => ofReset || !query.includes("pg_stat_statements_reset"));
    return asked.map(({ status, reason }) => `${status}: ${reason ?? ""}`);
  }

  it.each(statements)("P16 %s is not planned, and nothing of it ran with our rights", async (statement) => {
    const [only, ...more] = await told(statement);
    expect(more).toEqual([]);
    expect(only).toMatch(/^not-explained: /);
    expect(only).not.toContain("ran with our rights");
  });

  it.each(reaching)("P16 %s is not planned, wherever the name of what it reads stands", async (statement) => {
    const reasons = await told(statement);
    expect(reasons.length).toBeGreaterThan(0);
    // What it runs as the application's role is counted beside it.
    expect(reasons.filter((reason) => !reason.startsWith("not-explained: "))).toEqual([]);
    expect(reasons.join()).not.toContain("ran with our rights");
  });

  it("P16 a foreign table is not planned, nor what reads it: the plan would ask its server", async () => {
    const { hostname, port } = new URL(lab.server.adminUrl);
    await lab.admin.query(`create extension postgres_fdw schema public;
      create server far foreign data wrapper postgres_fdw
        options (host '${hostname}', port '${port}', dbname '${lab.server.database}', use_remote_estimate 'true');
      create user mapping for public server far options (user 'shop', password 'shop-lab');
      create foreign table shop.far (id int) server far options (schema_name 'shop', table_name 't');
      create view shop.behind_far as select id from shop.far; grant select on shop.far, shop.behind_far to shop`);
    for (const name of ["far", "behind_far"]) {
      const reasons = await told(`select id from ${name} where id = 1`);
      expect(reasons).toContain(
        `not-explained: ${name} is a foreign table or leads to one, whose server planning could ask`,
      );
    }
  });

  it.each(unnamed)(
    "P16 %s bars every plan while it is there, and says which",
    async (_, made, dropped, is) => {
      const owner = await openSession(lab.server, { user: "shop" });
      try {
        await owner.query(made);
        const reasons = await told("select id from shop.t where id = 7", true);
        expect(reasons.filter((reason) => !reason.startsWith("not-explained: "))).toEqual([]);
        expect(reasons.join()).toContain(`${is} leads to the application's own code`);
        expect(reasons.join()).not.toContain("ran with our rights");
      } finally {
        await owner.query(dropped);
        await closeAll([owner]);
      }
    },
  );

  it("P16 plans as before beside trusted extensions, and types and operators of PostgreSQL's own functions", async () => {
    await lab.admin.query(ordinary);
    expect(await told("select id from shop.t where id = 7")).toEqual(["explained: "]);
    expect(await told("select id from shop.kinds where d = '5'")).toEqual(["explained: "]);
  });
});
