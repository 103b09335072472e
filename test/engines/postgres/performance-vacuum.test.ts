import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresVacuumProgress } from "../../../functions/core/probes/postgres/vacuum-progress.ts";
import { postgresVacuumWorkers } from "../../../functions/core/probes/postgres/vacuum-workers.ts";
import { postgresVacuumWraparound } from "../../../functions/core/probes/postgres/vacuum-wraparound.ts";
import { vacuumOldest } from "../../../functions/core/remedies/wraparound-remedies.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { aView } from "../../support/evidence-builder.ts";
import { numberOf, rowsOf, runSql } from "./performance-support.ts";
import { createProbeUsers, majors } from "./postgres-lab.ts";

describe.each(majors)("vacuum of PostgreSQL %i", (major) => {
  let server: PostgresServer;
  const open: Client[] = [];
  const here = (): { port: number } => ({ port: server.port });

  beforeAll(async () => {
    server = await startPostgres({ major, settings: { autovacuum: "off" } });
    await createProbeUsers(server.adminUrl);
    await runSql(server.adminUrl, "create table public.t as select g as id from generate_series(1, 1000) g");
  });

  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  it("P13 shows a vacuum and an index build that are running, and how far they are", async () => {
    const [vacuum, holder, builder] = [
      await openSession(server, { user: "rdsadmin", applicationName: "nightly" }),
      await openSession(server, { user: "rdsadmin" }),
      await openSession(server, { user: "rdsadmin" }),
    ];
    open.push(vacuum, holder, builder);
    await runSql(
      server.adminUrl,
      "create table public.busy as select g as id from generate_series(1, 200000) g",
    );
    await vacuum.query("set vacuum_cost_delay = 100; set vacuum_cost_limit = 10");
    const vacuuming = vacuum.query("vacuum public.busy").catch(() => undefined);
    await holder.query("begin; insert into public.t values (0)");
    const building = builder.query("create index concurrently t_id on public.t (id)").catch(() => undefined);
    const rows = await waitUntil(
      async () => {
        const found = await rowsOf(postgresVacuumProgress, here());
        const ready = found.some(({ done, total }) => total !== null && (done ?? 0) > 0);
        return ready && found.some(({ unit }) => unit === "sessions") ? found : null;
      },
      { what: "both are under way" },
    );
    await runSql(
      server.adminUrl,
      "select pg_cancel_backend(pid) from pg_stat_activity where query like 'vacuum public%'",
    );
    await holder.query("rollback");
    await Promise.all([vacuuming, building]);

    const vacuumed = rows.find(({ command }) => command === "vacuum");
    expect(vacuumed).toMatchObject({
      relation: "public.busy",
      phase: "scanning heap",
      automatic: false,
      application: "nightly",
      unit: "blocks",
    });
    expect(vacuumed?.percent).toBeCloseTo((100 * (vacuumed?.done ?? 0)) / (vacuumed?.total ?? 1));
    expect(rows.find(({ command }) => command === "create-index")).toMatchObject({
      relation: "public.t",
      phase: "waiting for writers before build",
      done: 0,
      total: 1,
    });
  });

  it("A8 vacuums what has dots in its name, a table and one with an old TOAST table", async () => {
    await runSql(
      server.adminUrl,
      `create schema "my.app"; create table "my.app"."events.2024" as select 1 as id;
       create table public."e.x" (id text);
       update pg_class set relfrozenxid = '3' where oid = '"my.app"."events.2024"'::regclass
         or oid = (select reltoastrelid from pg_class where oid = 'public."e.x"'::regclass)`,
    );
    const rows = await rowsOf(postgresVacuumWraparound, here());
    const named = rows.filter(({ name, toastOf }) => /events|e\.x/.test(toastOf ?? name));
    const previews = named.map((row) => vacuumOldest(aView({}), row).preview);

    expect(new Set(previews)).toEqual(
      new Set(['VACUUM (VERBOSE) "my.app"."events.2024"', 'VACUUM (VERBOSE) public."e.x"']),
    );
    for (const preview of previews) await runSql(server.adminUrl, preview);
    await runSql(server.adminUrl, 'drop schema "my.app" cascade; drop table public."e.x"');
  });

  it("P13 tells how old databases and tables are, and that autovacuum is off", async () => {
    const rows = await rowsOf(postgresVacuumWraparound, here());
    const age = await numberOf(
      server.adminUrl,
      "select age(datfrozenxid) from pg_database where datname = 'app'",
    );
    const app = rows.find(({ kind, name }) => kind === "database" && name === "app");
    expect(rows.filter(({ closed }) => closed).map(({ name }) => name)).toEqual(["template0"]);
    expect(app?.closed).toBe(false);
    const [workers] = await rowsOf(postgresVacuumWorkers, here());

    expect(Math.abs((app?.xidAge ?? 0) - age)).toBeLessThanOrEqual(2);
    expect(app?.percentUsed).toBeCloseTo((100 * (app?.xidAge ?? 0)) / (2 ** 31 - 3_000_000), 9);
    expect(app?.freezeMaxAge).toBe(200_000_000);
    expect(rows.filter(({ kind }) => kind === "table")).toHaveLength(20);
    expect(workers).toMatchObject({
      enabled: false,
      workersBusy: 0,
      workersMax: 3,
      costLimit: 200,
      memoryBytes: 64 * 1024 ** 2,
    });
  });
});
