import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresMatviews } from "../../../functions/core/probes/postgres/matviews.ts";
import { postgresTables } from "../../../functions/core/probes/postgres/tables/tables.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { numberOf, rowsOf, runSql } from "./performance-support.ts";
import { createProbeUsers, majors } from "./postgres-lab.ts";

/** Deletes leave bloat of a known kind; vacuumed or only analyzed. */
const fixtures = [
  "create table public.full_text (id bigint, a int, b int, t text, u text, at timestamptz)",
  `insert into public.full_text select g, g, case when g % 3 = 0 then null else g end, repeat('x', g % 60), md5(g::text), now()
   from generate_series(1, 20000) g`,
  "create table public.half as select * from public.full_text",
  "delete from public.half where id % 2 = 0",
  "create table public.loose (id bigint, a int, d float8) with (fillfactor = 70, autovacuum_vacuum_threshold = 7)",
  "insert into public.loose select g, g, g from generate_series(1, 40000) g",
  "delete from public.loose where id % 10 < 8",
  "create table public.wide (id int, big text)",
  "insert into public.wide select g, repeat(md5(g::text), 10) from generate_series(1, 8000) g",
  "delete from public.wide where id > 6000 or id % 2 = 0",
  "create table public.padded (id int, flag bool, s smallint, d float8, n numeric)",
  "insert into public.padded select g, true, 1, g, g / 7.0 from generate_series(1, 30000) g",
  ...["full_text", "half", "loose", "padded"].map((table) => `vacuum analyze public.${table}`),
  "analyze public.wide",
  "create table public.fresh as select g as id from generate_series(1, 50000) g",
] as const;
const tables = ["full_text", "half", "loose", "padded", "wide"] as const;

describe.each(majors)("tables of PostgreSQL %i", (major) => {
  let server: PostgresServer;
  const open: Client[] = [];

  beforeAll(async () => {
    server = await startPostgres({ major, settings: { autovacuum: "off", track_commit_timestamp: "on" } });
    await createProbeUsers(server.adminUrl);
    await runSql(server.adminUrl, ...fixtures);
    const counted = "select count(*) from pg_stat_user_tables where relname = 'fresh' and n_live_tup > 0";
    await waitUntil(async () => (await numberOf(server.adminUrl, counted)) === 1, {
      what: "the rows are counted",
    });
  });

  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  const here = (): { port: number } => ({ port: server.port });
  const admin = { user: "rdsadmin", password: "rdsadmin-lab" } as const;

  it("P9 estimates bloat within 10 points of what pgstattuple counts", async () => {
    const rows = await rowsOf(postgresTables, { ...here(), login: admin });
    for (const table of tables) {
      const counted = await numberOf(
        server.adminUrl,
        `select 100.0 * (free_space + dead_tuple_len) / table_len from public.pgstattuple('public.${table}')`,
      );
      const estimated = rows.find((row) => row.table === table)?.bloat;

      expect(estimated?.basis, table).toBe("statistics");
      expect(
        Math.abs((estimated?.percent ?? -100) - counted),
        `${table}: ${estimated?.percent} ${counted}`,
      ).toBeLessThan(10);
    }
  });

  it("P9 says why it cannot estimate instead of saying zero", async () => {
    const rows = await rowsOf(postgresTables, here());
    const named = (table: string) => rows.find((row) => row.table === table);

    expect(named("wide")).toMatchObject({
      bloat: null,
      bloatUnavailable: expect.stringContaining("GRANT SELECT ON public.wide"),
    });
    expect(named("loose")?.bloat?.basis).toBe("types");
    expect(named("fresh")).toMatchObject({
      bloat: null,
      bloatUnavailable: expect.stringContaining("never vacuumed or analyzed"),
    });
  });

  it("P9 compares dead and changed rows with what brings autovacuum, the table's own setting first", async () => {
    const row = (await rowsOf(postgresTables, here())).find(({ table }) => table === "loose");
    const wide = (await rowsOf(postgresTables, here())).find(({ table }) => table === "wide");
    const reltuples = await numberOf(
      server.adminUrl,
      "select reltuples from pg_class where relname = 'loose'",
    );

    expect(row).toMatchObject({ autovacuumEnabled: false, lastAutovacuumSeconds: null });
    expect(row?.vacuumAtDeadRows).toBeCloseTo(7 + 0.2 * reltuples);
    expect(row?.lastVacuumSeconds).toBeGreaterThanOrEqual(0);
    expect(wide?.deadRows).toBe(5000);
    expect(wide?.rankedBy).toContain("dead-rows");
  });

  it("P9 tells a table in use of which nobody has ever counted a row, as pg_upgrade leaves it", async () => {
    const [fresh] = (await rowsOf(postgresTables, here())).filter(({ table }) => table === "fresh");
    expect(fresh?.uncountedPages).toBeUndefined();

    await runSql(
      server.adminUrl,
      "create table public.carried as select g as id from generate_series(1, 20000) g",
    );
    const read =
      "select sum(one.rows) from generate_series(1, 700) n, lateral (select count(*) as rows from public.carried where id < n + 9e9) as one";
    await runSql(server.adminUrl, read, read);
    const counted = "select pg_stat_get_blocks_fetched('public.carried'::regclass)";
    await waitUntil(async () => (await numberOf(server.adminUrl, counted)) >= 100_000, {
      what: "it is counted",
    });
    const carried = (await rowsOf(postgresTables, here())).find(({ table }) => table === "carried");
    expect(carried).toMatchObject({
      bytes: 0,
      lastAnalyzeSeconds: null,
      rankedBy: expect.arrayContaining(["size"]),
    });
    expect(carried?.uncountedPages).toBeGreaterThanOrEqual(100_000);

    await runSql(server.adminUrl, "analyze public.carried");
    const after = (await rowsOf(postgresTables, here())).find(({ table }) => table === "carried");
    expect(after?.uncountedPages).toBeUndefined();
    await runSql(server.adminUrl, "drop table public.carried");
  });

  it("P9 counts the sequential scans of the interval, and waits for no locked table", async () => {
    const locker = await openSession(server, { user: "rdsadmin" });
    open.push(locker);
    const scans = "select seq_scan from pg_stat_user_tables where relname = 'fresh'";
    // Never scanned so far: PostgreSQL 14 tells what was counted up to half a second late.
    expect(await numberOf(server.adminUrl, scans)).toBe(0);
    const rows = await rowsOf(postgresTables, {
      ...here(),
      between: async () => {
        await runSql(
          server.adminUrl,
          "select count(*) from public.fresh",
          "select count(*) from public.fresh",
        );
        await waitUntil(async () => (await numberOf(server.adminUrl, scans)) === 2, {
          what: "it is counted",
        });
        await locker.query("begin; lock table public.wide, public.fresh in access exclusive mode");
      },
    });
    await locker.query("rollback");
    const row = rows.find(({ table }) => table === "fresh");

    expect(row?.rankedBy).toContain("sequential-scans-now");
    expect((row?.now.seqScansPerSecond ?? 0) * (row?.now.intervalSeconds ?? 0)).toBeCloseTo(2, 6);
    expect((row?.now.seqRowsPerSecond ?? 0) * (row?.now.intervalSeconds ?? 0)).toBeCloseTo(100_000, 1);
    expect(rows.some(({ table }) => table === "wide")).toBe(true);
  });

  it("P11 tells which view could be refreshed without blocking, and how old it is", async () => {
    await runSql(
      server.adminUrl,
      "create materialized view public.keyed as select id from public.full_text",
      "create unique index keyed_id on public.keyed (id)",
      "create materialized view public.partial as select id from public.full_text",
      "create unique index partial_id on public.partial (id) where id > 5",
      "create materialized view public.empty as select 1 as n with no data",
      "refresh materialized view public.keyed",
    );
    const rows = await rowsOf(postgresMatviews, here());
    const named = (view: string) => rows.find((row) => row.view === view);

    expect(named("keyed")).toMatchObject({
      uniqueIndex: "keyed_id",
      canRefreshConcurrently: true,
      refresh: null,
    });
    expect(named("keyed")?.refreshedSeconds).toBeLessThan(60);
    expect(named("partial")).toMatchObject({ uniqueIndex: null, canRefreshConcurrently: false });
    expect(named("empty")).toMatchObject({ populated: false, canRefreshConcurrently: false });
    await expect(
      runSql(server.adminUrl, "refresh materialized view concurrently public.partial"),
    ).rejects.toThrow();
    await runSql(server.adminUrl, "refresh materialized view concurrently public.keyed");
  });

  it("P11 sees the refresh that runs and counts whom it blocks", async () => {
    await runSql(server.adminUrl, "create materialized view public.slow as select id from public.full_text");
    const [refresher, reader] = [
      await openSession(server, { user: "rdsadmin" }),
      await openSession(server, { user: "rdsadmin" }),
    ];
    open.push(refresher, reader);
    await refresher.query("begin; refresh materialized view public.slow");
    const blocked = reader.query("select count(*) from public.slow");
    const view = await waitUntil(
      async () => (await rowsOf(postgresMatviews, here())).find((row) => row.blockedSessions === 1),
      { what: "the reader waits" },
    );
    await refresher.query("rollback");
    await blocked;

    expect(view).toMatchObject({
      view: "slow",
      refresh: {
        concurrently: false,
        waiting: false,
        user: "rdsadmin",
        query: "begin; refresh materialized view public.slow",
      },
      blockedPids: [expect.any(Number)],
    });
    expect(view.longestWaitSeconds).toBeGreaterThanOrEqual(0);
  });
});
