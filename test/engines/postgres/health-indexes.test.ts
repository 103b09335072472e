import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { postgresForeignKeyIndexes } from "../../../functions/core/probes/postgres/foreign-key-indexes.ts";
import { postgresForeignKeyIndexRowSchema } from "../../../functions/core/probes/postgres/foreign-key-indexes-rows.ts";
import { postgresIndexBloat } from "../../../functions/core/probes/postgres/index-bloat.ts";
import { postgresIndexBloatRowSchema } from "../../../functions/core/probes/postgres/index-bloat-rows.ts";
import { postgresIndexes } from "../../../functions/core/probes/postgres/indexes.ts";
import { postgresIndexRowSchema } from "../../../functions/core/probes/postgres/indexes-rows.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { type HealthLab, only, startHealthLab } from "./health-support.ts";
import { blindLogin, majors } from "./postgres-lab.ts";

const settings = { ...defaultSettings, thresholds: { ...defaultSettings.thresholds, indexBloatMinMb: 0.05 } };

const schema = `
  create table customers (id int primary key, email text);
  create table orders (id int primary key, customer_id int references customers, status text, note text,
    backup_id int references customers, shop int, number int, unique (shop, number));
  create table lines (shop int, number int, at timestamptz, foreign key (shop, number) references orders (shop, number));
  create index lines_any_order on lines (number, shop) include (at);
  create index orders_backup on orders (backup_id) where backup_id is not null;
  create index status_used on orders (status);
  create index status_wide on orders (status, note);
  create index note_a on orders (lower(note)) where status = 'open';
  create    index note_b on orders     (lower(note)) where   status = 'open';
  create index note_c on orders (lower(note)) where status = 'shut';
  create index note_desc on orders (note desc);
  create index note_asc on orders (note);
  create unique index email_unique on customers (email);
  create index email_again on customers (email);
  insert into customers select g, 'c' || g from generate_series(1, 3000) g;
  insert into orders select g, 1 + g % 3000, 'open', 'n' || g, null, g, g from generate_series(1, 3000) g;
  create table parts (id int, at date) partition by range (at);
  create table parts_1 partition of parts for values from ('2026-01-01') to ('2026-02-01');
  create index parts_id on parts (id);
  create index parts_at on parts (at);
  create index parts_at_again on parts (at);
  analyze`;

describe.each(majors)("indexes of PostgreSQL %i", (major) => {
  let lab: HealthLab;

  beforeAll(async () => {
    lab = await startHealthLab(major);
    await lab.admin.query(schema);
  });
  afterAll(() => lab?.stop());

  async function problems(): Promise<z.infer<typeof postgresIndexRowSchema>[]> {
    return z.array(postgresIndexRowSchema).parse(only(await lab.ask([postgresIndexes])).rows);
  }
  const find = (rows: Awaited<ReturnType<typeof problems>>, index: string) =>
    rows.filter((row) => row.index === index).map(({ problem, coveredBy }) => [problem, coveredBy]);

  it("P10 finds duplicates by meaning, prefixes apart, and never what enforces something", async () => {
    const rows = await problems();

    expect(find(rows, "note_b")).toContainEqual(["duplicate", "note_a"]);
    expect(find(rows, "note_a").map(([problem]) => problem)).toEqual(["unused"]);
    expect(find(rows, "email_again")).toContainEqual(["duplicate", "email_unique"]);
    expect(find(rows, "status_used")).toContainEqual(["redundant-prefix", "status_wide"]);
    expect(find(rows, "parts_at_again")).toContainEqual(["duplicate", "parts_at"]);
    for (const innocent of ["note_c", "note_desc", "note_asc", "lines_any_order"]) {
      expect(find(rows, innocent)).toEqual([["unused", null]]);
    }
    for (const kept of ["email_unique", "customers_pkey", "orders_shop_number_key", "parts_1_id_idx"]) {
      expect(find(rows, kept)).toEqual([]);
    }
  });

  it("A13 never gives up a rule of uniqueness for one that forbids less", async () => {
    await lab.admin.query(
      `create table slots (shop int, label text, place int, constraint late unique (shop, place) deferrable);
       create unique index slots_loose on slots (shop, label);
       create unique index slots_strict on slots (shop, label)${major >= 15 ? " nulls not distinct" : ""};
       create unique index at_once on slots (shop, place)`,
    );
    const rows = await problems();
    await lab.admin.query("drop table slots");

    // Up to 14 there is one kind only, and the newer of the two goes.
    const [goes, stays] = major >= 15 ? ["slots_loose", "slots_strict"] : ["slots_strict", "slots_loose"];
    expect(find(rows, goes)).toEqual([["duplicate", stays]]);
    expect([find(rows, stays), find(rows, "at_once")]).toEqual([[], []]);
  });

  it("P10 tells the foreign key whose only index an unused one is", async () => {
    const unused = (await problems()).filter(({ problem }) => problem === "unused");
    const keyOf = (index: string) => unused.find((row) => row.index === index)?.onlyForKey;

    expect(keyOf("lines_any_order")).toBe("lines_shop_number_fkey");
    expect(keyOf("orders_backup")).toBe("orders_backup_id_fkey");
    expect(keyOf("note_a")).toBeNull();

    await lab.admin.query("create index backup_too on orders (backup_id, id)");
    const both = (await problems()).filter(
      ({ index }) => index === "orders_backup" || index === "backup_too",
    );
    await lab.admin.query("drop index backup_too");
    // Whoever dropped both as unused would have none left.
    expect(both.map(({ onlyForKey }) => onlyForKey)).toEqual(Array(2).fill("orders_backup_id_fkey"));
  });

  it("P10 counts scans since the reset it names, and warns of replicas", async () => {
    await lab.admin.query("select pg_stat_reset()");
    // Counters of a session are there for certain once it has ended.
    const application = await openSession(lab.server, { user: "rdsadmin" });
    await application.query("set enable_seqscan = off");
    for (let scan = 0; scan < 3; scan += 1) {
      await application.query("select count(*) from orders where status = 'x'");
      await application.query("select count(*) from parts where id = 1");
    }
    await closeAll([application]);
    const rarely = (rows: Awaited<ReturnType<typeof problems>>) =>
      rows.filter(({ problem }) => problem === "rarely-used").map(({ index, scans }) => [index, scans]);
    await waitUntil(async () => rarely(await problems()).length === 2, { what: "two indexes were scanned" });
    const rows = await problems();

    expect(rows.find(({ index }) => index === "parts_id")).toMatchObject({
      problem: "rarely-used",
      scans: 3,
    });
    const unused = rows.find(({ index }) => index === "note_c");
    expect(unused).toMatchObject({ problem: "unused", scans: 0, caveat: expect.stringContaining("replica") });
    expect(unused?.definition).toMatch(
      /^CREATE INDEX note_c ON public.orders USING btree \(lower\(note\)\) WHERE/,
    );
    expect(unused?.statsSinceAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(unused?.statsAgeSeconds).toBeLessThan(60);
  });

  it("P10 finds what a failed CREATE INDEX CONCURRENTLY left behind", async () => {
    await lab.admin.query("create table twice (v int); insert into twice values (1), (1)");
    await expect(lab.admin.query("create unique index concurrently twice_v on twice (v)")).rejects.toThrow(
      "could not create unique index",
    );

    expect((await problems())[0]).toMatchObject({
      index: "twice_v",
      problem: "invalid",
      building: false,
      caveat: null,
    });
    await lab.admin.query("drop table twice");
  });

  it("P10 finds foreign keys without an index, in whatever order its columns are", async () => {
    const found = z
      .array(postgresForeignKeyIndexRowSchema)
      .parse(only(await lab.ask([postgresForeignKeyIndexes])).rows);

    expect(found.map(({ constraint }) => constraint)).toEqual(["orders_customer_id_fkey"]);
    expect(found[0]).toMatchObject({
      columns: ["customer_id"],
      referencedTable: "public.customers",
      tableRows: 3000,
      createIndex: "CREATE INDEX CONCURRENTLY ON public.orders (customer_id)",
    });
  });

  it("P0 does not hang on a table that is locked", async () => {
    const holder = await openSession(lab.server, { user: "rdsadmin" });
    await holder.query(
      "begin; lock table orders, customers, parts, parts_1 in access exclusive mode; reindex table lines",
    );
    const results = await lab.ask([postgresIndexes, postgresForeignKeyIndexes, postgresIndexBloat], {
      settings,
    });
    await closeAll([holder]);

    expect(results.map(({ status, reason }) => [status, reason])).toEqual([
      ["ok", null],
      ["ok", null],
      ["ok", null],
    ]);
  });

  it("P10 says that the statistics are hidden rather than that there is no bloat", async () => {
    const { status, rows } = only(await lab.ask([postgresIndexBloat], { login: blindLogin, settings }));

    expect(status).toBe("ok");
    expect(z.array(postgresIndexBloatRowSchema).parse(rows)[0]).toMatchObject({
      bloatPercent: null,
      reason: expect.stringContaining("pg_read_all_data"),
    });
  });

  it("P10 estimates bloat as close to a REINDEX as 10 points, and agrees with pgstatindex", async () => {
    await lab.admin.query(bloatTable);
    const measured: Record<string, { estimate: number; real: number; wasted: number }> = {};
    for (const state of ["fresh", "bloated"]) {
      if (state === "bloated") await lab.admin.query("delete from b where id % 10 <> 0");
      await lab.admin.query("vacuum (analyze, index_cleanup on) b");
      const rows = z
        .array(postgresIndexBloatRowSchema)
        .parse(only(await lab.ask([postgresIndexBloat], { settings })).rows);
      for (const index of bloatIndexes) {
        const row = rows.find((candidate) => candidate.index === index);
        if (!row || row.bloatPercent === null) throw new Error(`no estimate of ${index}: ${row?.reason}`);
        const real = await reindexedShare(lab, index);
        measured[`${index} ${state}`] = { estimate: row.bloatPercent, ...real };
      }
    }

    const far = Object.entries(measured).filter(
      ([, { estimate, real, wasted }]) => Math.abs(estimate - real) > 10 || Math.abs(estimate - wasted) > 10,
    );
    expect(far).toEqual([]);
  });
});

const bloatIndexes = [
  "b_pkey",
  "b_uuid",
  "b_words",
  "b_few",
  "b_two",
  "b_nulls",
  "b_lower",
  "b_some",
  "b_num",
  "b_inc",
];
const bloatTable = `
  drop table if exists b;
  create table b (id bigint, u uuid, words text, few int, at timestamptz, maybe int, flag boolean, num numeric);
  insert into b select g, md5(g::text)::uuid, repeat('w', 10 + (g % 20)) || g, g % 50, now() + g * interval '1 s',
    case when g % 3 = 0 then g end, g % 2 = 0, g % 100 from generate_series(1, 40000) g;
  alter table b add primary key (id);
  create index b_uuid on b (u);
  create index b_words on b (words);
  create index b_few on b (few);
  create index b_two on b (flag, at);
  create index b_nulls on b (maybe);
  create index b_lower on b (lower(words)) with (fillfactor = 70);
  create index b_some on b (words) where flag;
  create index b_num on b (num);
  create index b_inc on b (few) include (id);
  analyze b`;

/** What REINDEX gives back, and what pgstatindex calls empty, in percent; the index is left as it was found. */
async function reindexedShare(
  { admin }: HealthLab,
  index: string,
): Promise<{ real: number; wasted: number }> {
  const { rows } = await admin.query(
    `select index_size::float8 as bytes, (1 - (leaf_pages * avg_leaf_density / $2 + internal_pages + 1)
      / (index_size / 8192)) * 100 as wasted from pgstatindex($1::text)`,
    [index, index === "b_lower" ? 70 : 90],
  );
  await admin.query("begin");
  await admin.query(`reindex index ${index}`);
  const after = await admin.query("select pg_relation_size($1::regclass)::float8 as bytes", [index]);
  await admin.query("rollback");
  return { real: (1 - after.rows[0].bytes / rows[0].bytes) * 100, wasted: rows[0].wasted };
}
