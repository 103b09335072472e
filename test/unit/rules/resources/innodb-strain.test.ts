import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { connectionsNearLimit } from "../../../../functions/core/rules/connections/connections-near-limit.ts";
import { spillingQuery } from "../../../../functions/core/rules/queries/spilling-query.ts";
import { cacheTooSmall } from "../../../../functions/core/rules/resources/cache-too-small.ts";
import { commitStall } from "../../../../functions/core/rules/resources/commit-stall.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aGroup } from "../../../support/evidence-builder.ts";
import { aMysqlProfile, someRates } from "../../../support/load-builder.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const view = (
  profile: ReturnType<typeof aMysqlProfile> | null,
  rates: Parameters<typeof someRates>[0] = {},
  scene: MetricScene = {},
) =>
  metricView({
    engine: "mysql",
    ...scene,
    probes: {
      ...(profile === null ? {} : { "mysql-wait-profile": [profile] }),
      "mysql-innodb-rates": [someRates(rates)],
    },
  });

describe("commit-stall of the log", () => {
  const one = (...given: Parameters<typeof view>) => commitStall.evaluate(view(...given))[0];

  it("P28 takes a tenth of a second for a commit, and two at a time, for a stall; a busy log for none", () => {
    expect(one(aMysqlProfile({ log: 2, work: 1 }, 0.05))).toMatchObject({
      subject: "log",
      severity: "P2",
      actions: [],
      summary: "2 commits at a time wait for the log to reach storage, about 100 ms each",
    });
    expect(one(aMysqlProfile({ log: 40 }, 0.004))).toBeUndefined();
    expect(one(aMysqlProfile({ log: 1 }, 3))).toBeUndefined();
    expect(one(aMysqlProfile({ log: 2, work: 8 }, 0.5))).toBeUndefined();
    expect(one(aMysqlProfile({ log: 2 }, null))).toBeUndefined();
  });

  it("D6 is P1 where many wait, each as long as a slow query", () => {
    expect(one(aMysqlProfile({ log: 12 }, 0.5))).toMatchObject({ severity: "P1" });
    expect(one(aMysqlProfile({ log: 12 }, 0.4))).toMatchObject({ severity: "P2" });
  });

  it("D3 is not the log's where a replica is waited for", () => {
    expect(one(aMysqlProfile({ log: 8, replica: 1 }, 4))).toBeUndefined();
  });

  it("D3 is explained by storage that is slow", () => {
    const values = { WriteLatency: held(0.2), WriteIOPS: held(400) };
    const { evidence } = view(aMysqlProfile({ log: 9 }, 0.3), {}, { values });
    const { rootCauses, findings } = diagnose(evidence, defaultSettings);
    expect(rootCauses).toEqual(["io-saturated"]);
    expect(findings.map(({ id }) => id)).toContain("commit-stall");
  });

  it("P28 tells a log buffer that is too small: alone as a hint, beside a stall as evidence", () => {
    expect(one(null, { logWaitsPerSecond: 5 })).toMatchObject({ subject: "log-buffer", severity: "P3" });
    expect(one(null, { logWaitsPerSecond: 0.9 })).toBeUndefined();
    const both = one(aMysqlProfile({ log: 3 }, 0.3), { logWaitsPerSecond: 5 });
    expect(both).toMatchObject({ subject: "log" });
    expect(both?.evidence.map(({ says }) => says).join()).toContain(
      "5 times a second the log buffer was full",
    );
  });
});

describe("cache-too-small of tables", () => {
  const thrash = { tableCacheMissesPerSecond: 300, tableCacheOverflowsPerSecond: 290 };

  it("P28 is a hint until sessions are seen at opening tables, and nothing without overflows", () => {
    expect(cacheTooSmall.evaluate(view(null, thrash))).toMatchObject([
      { subject: "table_open_cache", severity: "P3", actions: [] },
    ]);
    const opening = aMysqlProfile({ work: 6 }, 0.1, { work: "Opening tables" });
    expect(cacheTooSmall.evaluate(view(opening, thrash))[0]).toMatchObject({ severity: "P2" });
    expect(cacheTooSmall.evaluate(view(opening, { ...thrash, tableCacheOverflowsPerSecond: 9 }))).toEqual([]);
  });
});

describe("connections-near-limit since the start", () => {
  const near = (count: number, maxUsed: number) =>
    connectionsNearLimit.evaluate(
      view(
        null,
        { threads: { maxUsed } },
        { groups: [aGroup(count)], server: { maxConnections: 100, reservedConnections: 0 } },
      ),
    )[0];

  it("P22 says that the limit was reached before, while there is room", () => {
    expect(near(20, 99)).toBeUndefined();
    expect(near(20, 100)).toMatchObject({ severity: "P3", actions: [] });
    expect(near(20, 100)?.summary).toBe(
      "Connections have reached their limit before: 100 of 100; there is room now",
    );
    expect(
      near(85, 97)
        ?.evidence.map(({ says }) => says)
        .join(),
    ).toContain("97 at the most since the start");
  });
});

describe("spilling-query of a server without statistics of statements", () => {
  it("D7 says that statements spill, and that it could not be seen which", () => {
    const spilling = { tmpDiskTablesPerSecond: 4, tmpDiskPercent: 62 };
    expect(spillingQuery.evaluate(view(null, spilling))).toMatchObject([
      {
        subject: "server",
        severity: "P3",
        summary:
          "Statements spill to disk: 4 temporary tables a second go to disk, 62 % of all temporary tables; which ones could not be seen",
      },
    ]);
    expect(spillingQuery.evaluate(view(null, { tmpDiskTablesPerSecond: 0.9 }))).toEqual([]);
  });
});
