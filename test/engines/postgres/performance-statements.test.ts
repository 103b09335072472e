import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresTopStatementsCapacity } from "../../../functions/core/probes/postgres/top-statements/capacity.ts";
import { postgresTopStatements } from "../../../functions/core/probes/postgres/top-statements/top-statements.ts";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { askProbe, numberOf, rowsOf, runSql } from "./performance-support.ts";
import { blindLogin, createProbeUsers, majors } from "./postgres-lab.ts";

describe.each(majors)("statement statistics of PostgreSQL %i", (major) => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres({
      major,
      settings: { "pg_stat_statements.max": "100", "pg_stat_statements.track": "all" },
    });
    await createProbeUsers(server.adminUrl);
    await runSql(
      server.adminUrl,
      "create table public.orders as select g as id, repeat('x', 200) as note from generate_series(1, 20000) g",
      'create schema "Odd ""schema"""',
      'grant usage on schema "Odd ""schema""" to rds_responder',
      'alter extension pg_stat_statements set schema "Odd ""schema"""',
    );
  });

  afterAll(async () => {
    await server?.stopNow();
  });

  const here = (): { port: number } => ({ port: server.port });
  const lookup = "select count(*) from public.orders where id = 17";

  it("P8 tells what statements did in the interval from what they did since the reset", async () => {
    await runSql(server.masterUrl, ...Array.from({ length: 5 }, () => lookup));
    const rows = await rowsOf(postgresTopStatements, {
      ...here(),
      between: async () => {
        await runSql(server.masterUrl, lookup, lookup, lookup);
        await runSql(
          server.masterUrl,
          "set work_mem = '64kB'",
          "select * from public.orders order by note, id desc",
        );
      },
    });
    const found = rows.find(({ query }) => query?.startsWith("select count(*) from public.orders where id"));
    const sort = rows.find(({ query }) => query?.startsWith("select * from public.orders order by"));

    expect(found).toMatchObject({
      user: "admin",
      database: "app",
      own: false,
      topLevel: true,
      query: "select count(*) from public.orders where id = $1",
      sinceReset: expect.objectContaining({ calls: 8, rows: 8, tempBytes: 0 }),
    });
    const seconds = found?.now.intervalSeconds ?? 0;
    expect((found?.now.callsPerSecond ?? 0) * seconds).toBeCloseTo(3, 6);
    expect(found?.now.meanSeconds).toBeGreaterThan(0);
    expect(found?.sinceReset.totalSeconds).toBeCloseTo(8 * (found?.sinceReset.meanSeconds ?? 0), 9);
    expect(sort?.rankedBy).toEqual(expect.arrayContaining(["time-now", "temp"]));
    expect((sort?.now.tempBytesPerSecond ?? 0) * seconds).toBeCloseTo(sort?.sinceReset.tempBytes ?? 0, 0);
    expect(sort?.sinceReset.tempBytes).toBeGreaterThan(1_000_000);
    const firstSeen = Date.parse(found?.sinceReset.firstSeenAt ?? "");
    // The extension keeps it from PostgreSQL 17 on.
    if (major < 17) expect(firstSeen).toBeNaN();
    else expect(Math.abs(firstSeen - Date.now())).toBeLessThan(600_000);
  });

  it("P8 agrees with the view itself, whatever its columns are called in this version", async () => {
    const view = '"Odd ""schema""".pg_stat_statements';
    const rows = await rowsOf(postgresTopStatements, here());
    const found = rows.find(({ query }) => query?.startsWith("select count(*) from public.orders where id"));
    const calls = `select calls from ${view} where queryid = ${found?.queryId}`;
    const time = `select total_exec_time from ${view} where queryid = ${found?.queryId}`;
    const hits = `select shared_blks_hit + shared_blks_read from ${view} where queryid = ${found?.queryId}`;

    expect(found?.sinceReset.calls).toBe(await numberOf(server.adminUrl, calls));
    expect(found?.sinceReset.totalSeconds).toBeCloseTo((await numberOf(server.adminUrl, time)) / 1000, 9);
    expect((found?.sinceReset.blocksHit ?? 0) + (found?.sinceReset.blocksRead ?? 0)).toBe(
      await numberOf(server.adminUrl, hits),
    );
    expect(found?.now.callsPerSecond).toBe(0);
  });

  it("P8 counts evictions in the interval once the extension is full", async () => {
    const [row] = await rowsOf(postgresTopStatementsCapacity, {
      ...here(),
      between: async () => {
        const columns = Array.from({ length: 130 }, (_, n) => `id ${"+ id ".repeat(n)}`);
        await runSql(
          server.masterUrl,
          ...columns.map((column) => `select ${column} from public.orders limit 1`),
        );
      },
    });

    expect(row).toMatchObject({ maxEntries: 100, track: "all" });
    expect(row?.percent).toBeGreaterThan(80);
    expect(row?.evictions).toBeGreaterThan(0);
    expect(row?.evictionsPerSecond).toBeGreaterThan(0);
  });

  it("P8 is skipped, not failed, where the extension is missing or the texts are hidden", async () => {
    const { port } = server;
    await runSql(labUrl("postgres", port, "rdsadmin", "postgres"), "create database bare");
    for (const probe of [postgresTopStatements, postgresTopStatementsCapacity]) {
      expect(await askProbe(probe, { port, database: "bare" })).toMatchObject({
        status: "skipped",
        howToSee: expect.stringContaining("CREATE EXTENSION pg_stat_statements"),
      });
    }
    expect(await askProbe(postgresTopStatements, { port, login: blindLogin })).toMatchObject({
      status: "skipped",
      howToSee: expect.stringContaining("GRANT pg_monitor"),
    });
  });
});
