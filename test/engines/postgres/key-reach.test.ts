import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresNarrowReferences } from "../../../functions/core/probes/postgres/narrow-references.ts";
import { postgresNarrowReferencesRowSchema } from "../../../functions/core/probes/postgres/narrow-references-rows.ts";
import { postgresSequencesBehind } from "../../../functions/core/probes/postgres/sequences-behind.ts";
import { postgresSequencesBehindRowSchema } from "../../../functions/core/probes/postgres/sequences-behind-rows.ts";
import { postgresUndoneChanges } from "../../../functions/core/probes/postgres/undone-changes.ts";
import { raiseSequence, widenReference } from "../../../functions/core/remedies/postgres-key-remedies.ts";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { type HealthLab, only, startHealthLab } from "./health-support.ts";
import { numberOf, rowsOf, runSql } from "./performance-support.ts";
import { majors } from "./postgres-lab.ts";

const references = `
  create table parents (id bigserial primary key, note text);
  create table "Kids" ("Parent" integer references parents, note text);
  create table wide_kids (parent bigint references parents);
  create table given (id bigint primary key);
  create table small_kids (given smallint references given);
  create table parted (parent integer references parents) partition by hash (parent);
  create table parted_0 partition of parted for values with (modulus 1, remainder 0);
  create table young (id bigserial primary key);
  create table young_kids (young integer references young);
  select setval('parents_id_seq', 2147483647), setval('young_id_seq', 5000);
  insert into given values (30000);`;

const sequences = `
  create table "Moved" (id bigserial primary key, note int);
  insert into "Moved" select n, n from generate_series(1, 500) n;
  create table used (id serial primary key, note int);
  insert into used (note) select n from generate_series(1, 500) n;
  create table stray (id bigserial primary key, note int);
  insert into stray (note) values (1); insert into stray values (900000, 1);
  create table loose (id bigserial, note int);
  insert into loose select n, n from generate_series(1, 500) n;
  create table locked (id bigserial primary key);
  insert into locked select n from generate_series(1, 500) n;`;

describe.each(majors)("keys that do not reach on PostgreSQL %i", (major) => {
  let lab: HealthLab;
  let other: Client;

  beforeAll(async () => {
    lab = await startHealthLab(major);
    other = await openSession(lab.server, { user: "rdsadmin", applicationName: "other" });
    await lab.admin.query(references);
    // Its counters are reported when a session ends.
    await runSql(lab.server.adminUrl, sequences);
    await waitUntil(async () => (await total()) >= 500, { what: "the setup is counted" });
  });
  afterAll(async () => {
    await closeAll([other]);
    await lab?.stop();
  });

  const total = () =>
    numberOf(
      lab.server.adminUrl,
      "select pg_stat_get_tuples_inserted('used'::regclass) + pg_stat_get_tuples_updated('stray'::regclass)",
    );
  const narrow = async () => {
    const answer = only(await lab.ask([postgresNarrowReferences]));
    expect(answer).toMatchObject({ status: "ok" });
    return postgresNarrowReferencesRowSchema.array().parse(answer.rows);
  };
  const behind = async () => {
    const answer = only(await lab.ask([postgresSequencesBehind]));
    expect(answer).toMatchObject({ status: "ok" });
    return postgresSequencesBehindRowSchema.array().parse(answer.rows);
  };

  it("P30 tells columns that cannot refer to their parent's next key, by its sequence or its largest", async () => {
    const rows = await narrow();
    expect(rows.map(({ table, parentTable, nextValue }) => [table, parentTable, nextValue])).toEqual([
      ["Kids", "parents", "2147483648"],
      ["parted", "parents", "2147483648"],
      ["small_kids", "given", "30001"],
    ]);
    for (const row of rows.filter(({ table }) => table !== "parted"))
      await lab.admin.query(widenReference(row).preview);
    expect((await narrow()).map(({ table }) => table)).toEqual(["parted"]);
  });

  it("P30 tells sequences whose next numbers are taken, and does not queue for a table that is locked", async () => {
    await other.query("begin; lock table locked in access exclusive mode");
    const rows = await behind();
    await other.query("rollback");
    expect(rows).toMatchObject([
      { table: "Moved", nextValue: "1", largestKey: "500", takenOfHundred: 100, askedPerSecond: null },
    ]);
    expect((await behind()).map(({ table }) => table).toSorted()).toEqual(["Moved", "locked"]);
    await expect(lab.admin.query('insert into "Moved" (note) values (1)')).rejects.toThrow("duplicate key");
    const [moved] = (await behind()).filter(({ table }) => table === "Moved");
    if (moved === undefined) throw new Error("it stands behind no more");
    expect(moved).toMatchObject({ nextValue: "2", askedPerSecond: 0 });
    await lab.admin.query(raiseSequence(moved).preview);
    await lab.admin.query('insert into "Moved" (note) values (1)');
  });

  it("P7 counts what is rolled back by table, and not what stays", async () => {
    const before = await total();
    const rows = await rowsOf(postgresUndoneChanges, {
      port: lab.server.port,
      between: async () => {
        const thirty = "insert into used (note) select n from generate_series(1, 30) n";
        await runSql(lab.server.adminUrl, "begin", thirty, "rollback", "update stray set note = note + 1");
        await waitUntil(async () => (await total()) >= before + 32, { what: "it is counted" });
      },
    });
    const undone = rows.map(({ table, changesPerSecond, undonePerSecond }) => [
      table,
      Math.round((100 * (undonePerSecond ?? 0)) / changesPerSecond),
    ]);
    expect(undone).toEqual([
      ["used", 100],
      ["stray", 0],
    ]);
  });
});
