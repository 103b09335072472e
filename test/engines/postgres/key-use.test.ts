import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresKeyUse } from "../../../functions/core/probes/postgres/key-use.ts";
import { postgresKeyUseRowSchema } from "../../../functions/core/probes/postgres/key-use-rows.ts";
import { widenPostgresKey } from "../../../functions/core/remedies/postgres-key-remedies.ts";
import { type HealthLab, only, startHealthLab } from "./health-support.ts";
import { blindLogin, majors } from "./postgres-lab.ts";

const schema = `
  create table serials (id serial primary key, note int);
  create table identities (id smallint generated always as identity, note int);
  create sequence odd as bigint;
  create table fed (id int default nextval('odd'), note int);
  create table widened (id serial, note int);
  alter table widened alter column id type bigint;
  create domain small as int;
  create table domains (id small default nextval('odd'));
  create table wide (id bigserial, note int);
  create sequence turns as int maxvalue 100 cycle;
  create table cycling (id int default nextval('turns'));
  create table unused (id serial);
  select setval('serials_id_seq', 2147483000), setval('identities_id_seq', 32767), setval('odd', 2147483700),
    setval('widened_id_seq', 2147483647), setval('wide_id_seq', 5000000000), setval('turns', 99);`;

describe.each(majors)("keys that run out on PostgreSQL %i", (major) => {
  let lab: HealthLab;

  beforeAll(async () => {
    lab = await startHealthLab(major);
    await lab.admin.query(schema);
  });
  afterAll(() => lab?.stop());

  it("P30 tells which of sequence and column ends first, whoever made the two one", async () => {
    const answer = only(await lab.ask([postgresKeyUse]));
    const rows = postgresKeyUseRowSchema.array().parse(answer.rows);

    expect(answer).toMatchObject({ status: "ok" });
    expect(rows.map(({ table, narrow, type }) => [table, narrow, type]).toSorted()).toEqual([
      ["domains", "column", "public.small"],
      ["fed", "column", "integer"],
      ["identities", "column", "smallint"],
      ["serials", "column", "integer"],
      ["widened", "sequence", "bigint"],
    ]);
    expect(rows.find(({ table }) => table === "widened")).toMatchObject({
      nextValue: "2147483648",
      maxValue: "2147483647",
      usedPercent: 100,
    });
  });

  it("A10 proposes statements that make INSERTs work again, each alone", async () => {
    const { rows } = only(await lab.ask([postgresKeyUse]));
    const full = postgresKeyUseRowSchema
      .array()
      .parse(rows)
      .filter(({ table }) => table !== "domains");
    for (const row of full) {
      for (const { preview } of widenPostgresKey({ ...row, exhausted: true })) {
        await lab.admin.query("begin");
        await lab.admin.query(preview);
        await lab.admin.query(`insert into ${row.table} (note) values (1), (2)`);
        await lab.admin.query("rollback");
      }
    }
    expect(full).toHaveLength(4);
  });

  it("A10 names a sequence whose schema has a dot in its name", async () => {
    await lab.admin.query(
      `create schema "old.shop"; create table "old.shop"."or.ders" (id serial, note int);
       select setval('"old.shop"."or.ders_id_seq"', 2147483647)`,
    );
    const rows = postgresKeyUseRowSchema.array().parse(only(await lab.ask([postgresKeyUse])).rows);
    const dotted = rows.filter(({ table }) => table === "or.ders");
    const previews = dotted.flatMap((row) => widenPostgresKey({ ...row, exhausted: true }));
    for (const { preview } of previews) await lab.admin.query(preview);
    await lab.admin.query('drop schema "old.shop" cascade');

    expect(previews).toHaveLength(2);
  });

  it("D7 says what it takes where the values of sequences are hidden", async () => {
    const answer = only(await lab.ask([postgresKeyUse], { login: blindLogin }));

    expect(answer).toMatchObject({ status: "skipped", rows: [] });
    expect(answer.howToSee).toContain("pg_read_all_data");
  });
});
