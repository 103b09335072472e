import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../functions/core/contract/context.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { singleReader, youngCache } from "../../../functions/core/facts/cache.ts";
import type { MysqlRatesRow } from "../../../functions/core/probes/mysql/innodb-rates-rows.ts";
import { cacheTooSmall } from "../../../functions/core/rules/resources/cache-too-small.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aMysqlProfile, someRates } from "../../support/load-builder.ts";
import { held, type MetricScene, metricView } from "../../support/metric-scene.ts";
import { aDigest, aStatement } from "../../support/statement-builder.ts";

const mib = 1024 ** 2;
const load = (wait: string, sessions: number): LoadDimension[] => [
  { by: "wait-event", items: [{ name: wait, id: null, load: sessions, waits: [] }] },
];
const told = (scene: MetricScene) => diagnose(metricView(scene).evidence, defaultSettings);

describe("a load far above the CPUs", () => {
  const usual = (baselineDay: number | null, baselineWeek: number | null) => ({
    readings: { DBLoad: { latest: 8, at: null, baselineDay, baselineWeek } },
  });

  it("D7 is never well where no cause of it is found, and what it waits for is said", () => {
    const { verdict, headline } = told({
      values: { DBLoad: held(8) },
      ...usual(1, 1),
      context: { load: load("IPC:NewlyInvented", 7) },
    });
    expect(verdict).toBe("unknown");
    expect(headline).toContain("no cause of it was found");
    expect(headline).toContain("IPC:NewlyInvented 100 %");
    expect(told({ values: { DBLoad: held(8) }, ...usual(null, null) }).verdict).toBe("unknown");
  });

  it("D7 is well where it is as ever, not twice as much as usual, or of a moment", () => {
    expect(told({ values: { DBLoad: held(8) }, ...usual(8, 8) }).verdict).toBe("well");
    expect(told({ values: { DBLoad: held(8) }, ...usual(5, 3) }).verdict).toBe("well");
    expect(told({ values: { DBLoad: [1, 1, 1, 1, 8] }, ...usual(1, 1) }).verdict).toBe("well");
    expect(told({ values: { DBLoad: held(3.9) }, ...usual(1, 1) }).verdict).toBe("well");
  });

  it("D4 is told with the storage that it waits for, though no request is slow", () => {
    const scene = (wait: string) =>
      told({
        values: { DBLoad: held(8), ReadLatency: held(0.003) },
        ...usual(1, 1),
        context: { load: load(wait, 7) },
      });
    const { findings, verdict } = scene("IO:DataFileRead");
    expect(verdict).toBe("unwell");
    expect(findings[0]).toMatchObject({ id: "io-saturated", severity: "P2", actions: [] });
    expect(findings[0]?.summary).toContain("which answers within 3 ms");
    expect(scene("CPU").findings.map(({ id }) => id)).not.toContain("io-saturated");
  });
});

describe("a buffer pool that is full", () => {
  const pool = (bufferPool: Partial<MysqlRatesRow["bufferPool"]>, uptimeSeconds = 160) => ({
    engine: "mariadb" as const,
    server: { uptimeSeconds },
    probes: {
      "mysql-innodb-rates": [
        someRates({
          uptimeSeconds,
          bufferPool: {
            bytes: 40 * mib,
            freePercent: 3,
            hitPercent: 70,
            diskReadsPerSecond: 2200,
            ...bufferPool,
          },
        }),
      ],
      "mysql-wait-profile": [aMysqlProfile({ work: 7 })],
    },
  });

  it("D4 is warm once it was read through many times over, and is not while it fills", () => {
    expect(youngCache(metricView(pool({})))).toBeNull();
    expect(youngCache(metricView(pool({ freePercent: 40 })))).toBe(160);
    expect(youngCache(metricView(pool({ bytes: 4000 * mib })))).toBe(160);
    expect(youngCache(metricView(pool({ diskReadsPerSecond: null })))).toBe(160);
  });

  it("D4 is too small where Performance Insights sees who waits for pages, which MariaDB's threads do not tell", () => {
    const at = (context: NonNullable<MetricScene["context"]>) =>
      cacheTooSmall.evaluate(metricView({ ...pool({}), context }))[0];
    expect(at({ load: load("io/file/innodb/innodb_data_file", 6.5) })).toMatchObject({ severity: "P2" });
    expect(at({ load: load("CPU", 6.5) })).toMatchObject({ severity: "P3" });
  });

  it("A0 is not mended by a larger class while a parameter keeps it small beside free memory", () => {
    const at = (free: number) =>
      cacheTooSmall.evaluate(
        metricView({
          ...pool({}),
          values: { ReadIOPS: held(2200), ReadLatency: held(0.05), FreeableMemory: held(free) },
        }),
      )[0];
    expect(
      at(9e9)
        ?.evidence.map(({ says }) => says)
        .join(),
    ).toContain("innodb_buffer_pool_size keeps it small");
    expect(at(9e9)?.actions).toEqual([]);
    expect(at(20 * mib)?.actions).toHaveLength(1);
  });
});

describe("one statement that reads most pages", () => {
  it("D4 is not to blame on InnoDB where each call reads a page or a few", () => {
    const reader = (callsPerSecond: number) =>
      singleReader(
        metricView({
          engine: "mysql",
          probes: {
            "mysql-innodb-rates": [someRates({ bufferPool: { diskReadsPerSecond: 2000 } })],
            "mysql-statement-digests": [
              aDigest({ now: { callsPerSecond, percentOfTime: 95, averageSessions: 6 } }),
            ],
          },
        }),
      );
    expect(reader(2000)).toBeNull();
    expect(reader(10)).toContain("SELECT name FROM");
  });

  it("D4 is not to blame on PostgreSQL either, and is where it scans", () => {
    const reader = (callsPerSecond: number) =>
      singleReader(
        metricView({
          probes: {
            "postgres-top-statements": [aStatement({ now: { callsPerSecond, blocksReadPerSecond: 2000 } })],
          },
        }),
      );
    expect(reader(1000)).toBeNull();
    expect(reader(10)).not.toBeNull();
  });
});
