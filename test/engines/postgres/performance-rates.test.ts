import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresDatabaseRates } from "../../../functions/core/probes/postgres/database-rates.ts";
import { postgresDatabaseRatesCache } from "../../../functions/core/probes/postgres/database-rates-cache.ts";
import { postgresDatabaseRatesWriter } from "../../../functions/core/probes/postgres/database-rates-writer.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { numberOf, rowsOf, runSql } from "./performance-support.ts";
import { createProbeUsers, majors } from "./postgres-lab.ts";

describe.each(majors)("rates of PostgreSQL %i", (major) => {
  let server: PostgresServer;
  const here = (): { port: number } => ({ port: server.port });

  beforeAll(async () => {
    server = await startPostgres({ major, settings: { autovacuum: "off" } });
    await createProbeUsers(server.adminUrl);
    await runSql(
      server.adminUrl,
      "create table public.t (id int primary key, filler text)",
      "insert into public.t select g, repeat('x', 500) from generate_series(1, 4000) g",
    );
  });

  afterAll(async () => {
    await server?.stopNow();
  });

  it("P7 counts temporary files, rollbacks, deadlocks and hits of the interval, not since ever", async () => {
    const temporary = "select sum(temp_files) from pg_stat_database where datname = 'app'";
    const work =
      "set work_mem = '64kB'; select count(*) from (select * from public.t order by filler, id offset 1) s";
    await runSql(server.adminUrl, work);
    await waitUntil(async () => (await numberOf(server.adminUrl, temporary)) > 0, {
      what: "the first sort is counted",
    });
    const before = await numberOf(server.adminUrl, temporary);
    const rows = await rowsOf(postgresDatabaseRates, {
      ...here(),
      between: async () => {
        await runSql(server.adminUrl, work, "begin", "select count(*) from public.t", "rollback");
        await waitUntil(async () => (await numberOf(server.adminUrl, temporary)) > before, {
          what: "it is counted",
        });
      },
    });
    const grown = (await numberOf(server.adminUrl, temporary)) - before;
    const app = rows[0];
    const seconds = app?.intervalSeconds ?? 0;

    expect(app?.database).toBe("app");
    expect((app?.tempFilesPerSecond ?? 0) * seconds).toBeCloseTo(grown, 3);
    expect((app?.tempBytesPerSecond ?? 0) * seconds).toBeGreaterThan(500_000);
    expect((app?.rollbacksPerSecond ?? 0) * seconds).toBeGreaterThanOrEqual(0.99);
    expect(app?.deadlocks).toBe(0);
    expect(app?.sinceReset.tempFiles).toBe(before + grown);
    const { blocksHit, blocksRead, cacheHitPercent } = app ?? {};
    expect(cacheHitPercent).toBeCloseTo((100 * (blocksHit ?? 0)) / ((blocksHit ?? 0) + (blocksRead ?? 0)));
  });

  it.runIf(major >= 14)("P7 counts sessions that have gone again by the second reading", async () => {
    const sessions = "select sum(sessions) from pg_stat_database where datname = 'app'";
    const rows = await rowsOf(postgresDatabaseRates, {
      ...here(),
      between: async () => {
        const before = await numberOf(server.adminUrl, sessions);
        for (let turn = 0; turn < 12; turn += 1) await runSql(server.adminUrl, "select 1");
        await waitUntil(async () => (await numberOf(server.adminUrl, sessions)) >= before + 12, {
          what: "they are counted",
        });
      },
    });
    const app = rows.find(({ database }) => database === "app");

    expect((app?.sessionsPerSecond ?? 0) * (app?.intervalSeconds ?? 0)).toBeGreaterThanOrEqual(11.9);
    expect(app?.connections).toBeLessThan(6);
  });

  it("P7 counts the blocks of tables and of indexes apart", async () => {
    const fetched = "select idx_blks_hit + idx_blks_read from pg_statio_user_tables where relname = 't'";
    const before = await numberOf(server.adminUrl, fetched);
    const rows = await rowsOf(postgresDatabaseRatesCache, {
      ...here(),
      between: async () => {
        await runSql(server.adminUrl, "set enable_seqscan = off; select * from public.t where id = 77");
        await waitUntil(async () => (await numberOf(server.adminUrl, fetched)) > before, {
          what: "it is counted",
        });
      },
    });
    const grown = (await numberOf(server.adminUrl, fetched)) - before;
    const indexes = rows.find(({ kind }) => kind === "indexes");

    expect((indexes?.blocksHit ?? 0) + (indexes?.blocksRead ?? 0)).toBe(grown);
    expect(indexes?.sinceReset.blocksHit).toBeGreaterThan(0);
  });

  it("P7 counts a requested checkpoint and the WAL of the interval", async () => {
    const requested = async (): Promise<number> =>
      (await rowsOf(postgresDatabaseRatesWriter, here()))[0]?.sinceReset.checkpointsRequested ?? 0;
    const [row] = await rowsOf(postgresDatabaseRatesWriter, {
      ...here(),
      between: async () => {
        const before = await requested();
        await runSql(server.adminUrl, "update public.t set filler = 'w' where id < 100", "checkpoint");
        await waitUntil(async () => (await requested()) > before, { what: "the checkpoint is counted" });
      },
    });

    expect(row?.checkpointsRequested).toBeGreaterThanOrEqual(1);
    expect(row?.checkpointBuffersPerSecond).toBeGreaterThan(0);
    expect(row?.walBytesPerSecond).toBeGreaterThan(0);
  });
});
