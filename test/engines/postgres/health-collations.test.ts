import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresCollations } from "../../../functions/core/probes/postgres/collations.ts";
import { closeAll, openSession } from "../../lab/engines/sql.ts";
import { type HealthLab, only, startHealthLab } from "./health-support.ts";
import { majors } from "./postgres-lab.ts";

describe.each(majors)("collations of PostgreSQL %i", (major) => {
  let lab: HealthLab;

  beforeAll(async () => {
    lab = await startHealthLab(major);
    await lab.admin.query(`
      create collation customers (provider = icu, locale = 'de-DE');
      create collation unused (provider = icu, locale = 'fr-FR');
      create table logins (id int, login text collate customers unique, note text collate customers, plain text);
      create index logins_note on logins (note);
      create index logins_both on logins (id, login, note text_pattern_ops);
      create index logins_pattern on logins (note text_pattern_ops);
      create index logins_range on logins using brin (note);
      create index logins_plain on logins (plain);
      insert into logins select n, n::text, 'x', 'y' from generate_series(1, 50) n`);
  });
  afterAll(() => lab?.stop());

  it("P10 tells none while each sorts as its indexes were built", async () => {
    expect(only(await lab.ask([postgresCollations]))).toMatchObject({ status: "ok", rows: [] });
  });

  it("P10 tells one whose library has another version now, with the indexes that were built by it, unique ones first", async () => {
    await lab.admin.query(
      "update pg_collation set collversion = '57.1' where collname in ('customers', 'unused')",
    );
    const { status, rows } = only(await lab.ask([postgresCollations]));
    expect(status).toBe("ok");
    expect(rows).toEqual([
      {
        name: "customers",
        recorded: "57.1",
        actual: expect.stringMatching(/^\d+/),
        indexes: 4,
        examples: ["public.logins_login_key", "public.logins_range", "public.logins_note"],
      },
    ]);
  });

  it("P10 tells the database's own, which any other text is sorted by, where the server keeps its version (from 15 on)", async () => {
    const own = major >= 15 ? "locale_provider icu icu_locale 'de-DE'" : "lc_collate 'C' lc_ctype 'C'";
    await lab.admin.query(`create database sorted template template0 encoding 'UTF8' ${own}`);
    const inside = await openSession(lab.server, { user: "rdsadmin", database: "sorted" });
    try {
      await inside.query("create table logins (login text unique)");
      if (major >= 15)
        await inside.query(
          "update pg_database set datcollversion = '57.1' where datname = current_database()",
        );
      const context = { server: { major } } as Parameters<typeof postgresCollations.statements>[0];
      const [statement] = postgresCollations.statements(context);
      const { rows } = await inside.query(statement?.sql ?? "");
      expect(rows.filter(({ name }) => name === "default")).toEqual(
        major < 15
          ? []
          : [
              {
                name: "default",
                recorded: "57.1",
                actual: expect.stringMatching(/^\d+/),
                indexes: expect.any(Number),
                examples: expect.arrayContaining(["public.logins_login_key"]),
              },
            ],
      );
    } finally {
      await closeAll([inside]);
    }
  });
});
