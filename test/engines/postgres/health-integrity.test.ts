import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { postgresConstraints } from "../../../functions/core/probes/postgres/constraints.ts";
import { postgresOrphans } from "../../../functions/core/probes/postgres/orphans.ts";
import {
  postgresPartitionRowSchema,
  postgresPartitions,
} from "../../../functions/core/probes/postgres/partitions.ts";
import { postgresSettings } from "../../../functions/core/probes/postgres/settings.ts";
import { postgresSettingRowSchema } from "../../../functions/core/probes/postgres/settings-rows.ts";
import { postgresSizeRowSchema, postgresSizes } from "../../../functions/core/probes/postgres/sizes.ts";
import { closeAll, openSession } from "../../lab/engines/sql.ts";
import { type HealthLab, only, startHealthLab } from "./health-support.ts";
import { majors } from "./postgres-lab.ts";

const schema = `
  create table parent (a int, b text, primary key (a, b));
  create table child (id int, a int, b text);
  insert into parent select g, 'x' from generate_series(1, 100) g;
  insert into child select g, g, 'x' from generate_series(1, 107) g;
  insert into child values (900, 900, null), (901, null, null);
  alter table child add constraint child_parent foreign key (a, b) references parent not valid;
  alter table child add constraint child_id check (id > 0) not valid;
  create table quiet (p int, q text, foreign key (p, q) references parent);
  alter table quiet disable trigger all;
  insert into quiet values (1, 'x'), (5000, 'x');
  create table sound (a int, b text, foreign key (a, b) references parent);
  create table events (id int, at timestamptz not null) partition by range (at);
  do $$
  declare month date := date_trunc('month', now())::date;
  begin
    for i in -15..1 loop
      continue when i = -2;
      execute format('create table events_%s partition of events for values from (%L) to (%L)', i + 15,
        month + i * interval '1 month', month + (i + 1) * interval '1 month');
    end loop;
  end $$;
  create table events_rest partition of events default;
  insert into events values (1, now() + interval '10 years');
  create table kinds (kind text) partition by list (kind);
  create table big (id int primary key, t text);
  insert into big select g, repeat('x', 100) from generate_series(1, 20000) g;
  alter database app set statement_timeout = '30s';
  alter role admin set work_mem = '64MB';
  alter system set max_wal_senders = 33;
  `;

describe.each(majors)("integrity, settings and sizes of PostgreSQL %i", (major) => {
  let lab: HealthLab;

  beforeAll(async () => {
    lab = await startHealthLab(major);
    for (const part of schema.split(/;\n(?= {2}(?:alter (?:database|system|role)))/))
      await lab.admin.query(part);
    await lab.admin.query("analyze");
  });
  afterAll(() => lab?.stop());

  it("P14 lists what was never validated, and counts the rows without a parent", async () => {
    const [constraints, orphans] = await lab.ask([postgresConstraints, postgresOrphans]);

    expect(constraints?.rows).toEqual([
      expect.objectContaining({
        constraint: "child_parent",
        kind: "foreign-key",
        enforced: true,
        tableRows: 109,
      }),
      expect.objectContaining({
        constraint: "child_id",
        kind: "check",
        validate: "ALTER TABLE public.child VALIDATE CONSTRAINT child_id",
      }),
    ]);
    const found = z
      .array(
        z.object({
          constraint: z.string(),
          because: z.string(),
          orphanedRows: z.number(),
          checkedRows: z.number(),
          partial: z.boolean(),
          select: z.string(),
        }),
      )
      .parse(orphans?.rows)
      .toSorted((a, b) => (a.constraint < b.constraint ? -1 : 1));
    expect(found.map(({ select, ...row }) => row)).toEqual([
      {
        constraint: "child_parent",
        because: "not-validated",
        orphanedRows: 7,
        checkedRows: 109,
        partial: false,
      },
      {
        constraint: "quiet_p_q_fkey",
        because: "triggers-disabled",
        orphanedRows: 1,
        checkedRows: 2,
        partial: false,
      },
    ]);
    expect((await lab.admin.query(found[0]?.select ?? "")).rows.map(({ id }) => id)).toEqual([
      101, 102, 103, 104, 105, 106, 107,
    ]);
  });

  it("P17 sees partitions missing ahead, a gap, those past their time, and rows in the default one", async () => {
    const rows = z.array(postgresPartitionRowSchema).parse(only(await lab.ask([postgresPartitions])).rows);
    const events = rows.find(({ table }) => table === "events");
    const { rows: past } = await lab.admin.query(
      `select count(*)::int as n from generate_series(-15, 1) i where i <> -2
        and date_trunc('month', now()) + (i + 1) * interval '1 month' <= now() - interval '12 months'`,
    );

    expect(events).toMatchObject({
      key: "at",
      strategy: "range",
      partitions: 17,
      byTime: true,
      step: "1 month",
    });
    expect(events?.missingCount).toBe(5);
    expect(events?.missing[0]?.from).toBe(events?.newestUpTo);
    expect(events?.gaps).toHaveLength(1);
    expect(events?.pastRetentionCount).toBe(past[0]?.n);
    expect(events?.pastRetention[0]).toBe("public.events_0");
    expect(events).toMatchObject({ defaultPartition: "public.events_rest" });
    // An estimate: an autovacuum that analyzes in this moment lets PostgreSQL 14 count the one row twice.
    expect([1, 2]).toContain(events?.defaultRows);
    expect(rows.find(({ table }) => table === "kinds")).toMatchObject({
      byTime: false,
      missing: [],
      partitions: 0,
    });
  });

  it("P15 tells settings in bytes and seconds, where they come from, and what waits for a restart", async () => {
    await lab.admin.query("select pg_reload_conf()");
    const read = async () =>
      new Map(
        z
          .array(postgresSettingRowSchema)
          .parse(only(await lab.ask([postgresSettings])).rows)
          .map((row) => [row.name, row]),
      );
    await expect
      .poll(async () => (await read()).get("max_wal_senders")?.pendingRestart, { timeout: 5000 })
      .toBe(true);
    const settings = await read();

    expect(settings.get("shared_buffers")).toMatchObject({
      bytes: Number(settings.get("shared_buffers")?.value) * 8192,
      context: "postmaster",
    });
    expect(settings.get("work_mem")).toMatchObject({
      bytes: 4 * 1024 * 1024,
      source: "default",
      overrides: ["admin@*=64MB"],
    });
    expect(settings.get("statement_timeout")).toMatchObject({
      seconds: 30,
      source: null,
      overrides: ["*@app=30s"],
    });
    expect(settings.get("autovacuum_naptime")).toMatchObject({ seconds: 60, bytes: null });
    expect(settings.get("log_min_duration_statement")).toMatchObject({ value: "-1", seconds: null });
    expect(settings.get("rds.force_ssl")?.value).toBe("0");
    expect(settings.has("transaction_timeout")).toBe(major >= 17);
  });

  it("P18 tells sizes as the server does, and does not wait for locked tables", async () => {
    const sizes = async () => z.array(postgresSizeRowSchema).parse(only(await lab.ask([postgresSizes])).rows);
    const { rows } = await lab.admin.query(
      "select pg_total_relation_size('big')::float8 as total, pg_relation_size('big_pkey')::float8 as index, pg_database_size('app')::float8 as db",
    );
    const found = await sizes();
    const holder = await openSession(lab.server, { user: "rdsadmin" });
    await holder.query("begin; lock table big, events, child in access exclusive mode");
    const locked = await sizes();
    const others = await lab.ask([postgresConstraints, postgresOrphans, postgresPartitions]);
    await closeAll([holder]);
    const named = (list: typeof found, name: string) => list.find((row) => row.name === name);

    expect(named(found, "app")?.totalBytes).toBe(rows[0].db);
    expect(named(found, "big_pkey")?.totalBytes).toBe(rows[0].index);
    // The free space map and the like are left out.
    expect(named(found, "big")?.totalBytes).toBeGreaterThan(rows[0].total * 0.95);
    expect(named(found, "big")).toMatchObject({ rows: 20000, current: true });
    expect(found.filter(({ kind }) => kind === "table")[0]?.name).toBe("big");
    expect(named(locked, "big")).toMatchObject({ current: false, heapBytes: named(found, "big")?.heapBytes });
    expect(others.map(({ status }) => status)).toEqual(["ok", "ok", "ok"]);
  });
});
