import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { connectionStorm } from "../../../../functions/core/rules/connections/connection-storm.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aGroup } from "../../../support/evidence-builder.ts";
import { someRates } from "../../../support/load-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

type Rates = Parameters<typeof someRates>[0];

const churning: Rates = {
  connectionsPerSecond: 82,
  statementsPerSecond: 165,
  threads: { connected: 30, connectedBefore: 30 },
  signIns: [{ user: "shop", client: "10.0.0.7", total: 51_000 }],
};

function view(rates: Rates, values = {}) {
  return metricView({
    engine: "mysql",
    groups: [aGroup(30)],
    server: { maxConnections: 500, reservedConnections: 0 },
    values,
    probes: { "mysql-innodb-rates": [someRates({ ...churning, ...rates })] },
  });
}

const told = (rates: Rates = {}) => connectionStorm.evaluate(view(rates))[0];

describe("connection-storm of sessions that do not stay", () => {
  it("D4 is seen by the server's counters where no list of sessions shows it, with who signs in most", () => {
    const finding = told();
    expect(finding).toMatchObject({ subject: "churn", severity: "P2", actions: [] });
    expect(finding?.summary).toBe(
      "82 sessions a second are opened and closed again, each for 2 statements or so: signing in costs more than what they ask; shop from 10.0.0.7 signs in most, 51000 times since the start",
    );
  });

  it("D4 is no churn where few come, where they stay, or where signing in fails", () => {
    expect(told({ connectionsPerSecond: 19 })).toBeUndefined();
    expect(told({ threads: { connected: 100, connectedBefore: 20 } })).toBeUndefined();
    // Without an earlier count all that are there may have come meanwhile.
    expect(told({ threads: { connected: 60 } })).toBeUndefined();
    expect(told({ abortedConnectsPerSecond: 70 })).toBeUndefined();
    expect(told({ connectionsPerSecond: null })).toBeUndefined();
  });

  it("D4 is a note where fewer come than weigh, and where each does a good deal", () => {
    expect(told({ connectionsPerSecond: 40, statementsPerSecond: 80 })).toMatchObject({
      severity: "P3",
      explains: [],
    });
    expect(told({ connectionsPerSecond: 40, statementsPerSecond: 800 })).toBeUndefined();
    expect(told({ statementsPerSecond: 4000 })).toMatchObject({ severity: "P3", confidence: 0.5 });
  });

  it("D3 explains a CPU without room", () => {
    const busy = view({}, { CPUUtilization: held(97) });
    const { rootCauses, findings } = diagnose(busy.evidence, defaultSettings);
    expect(rootCauses).toEqual(["connection-storm:churn"]);
    expect(findings.map(({ id }) => id)).toContain("cpu-saturated");
  });

  it("P7 counts the sessions of PostgreSQL's databases, and has nothing to count before 14", () => {
    const database = (sessionsPerSecond: number | null) => ({
      database: "shop",
      connections: 9,
      intervalSeconds: 1,
      sessionsPerSecond,
      commitsPerSecond: 170,
      rollbacksPerSecond: 0,
      blocksHit: 1,
      blocksRead: 0,
      cacheHitPercent: 100,
      tempFilesPerSecond: 0,
      tempBytesPerSecond: 0,
      rowsReturnedPerSecond: 0,
      rowsFetchedPerSecond: 0,
      rowsChangedPerSecond: 0,
      deadlocks: 0,
      conflicts: 0,
      checksumFailures: null,
      sinceReset: {
        statsSeconds: null,
        cacheHitPercent: 100,
        tempFiles: 0,
        tempBytes: 0,
        deadlocks: 0,
        conflicts: 0,
        checksumFailures: null,
        lastChecksumFailureSeconds: null,
      },
    });
    const at = (rate: number | null) =>
      connectionStorm.evaluate(
        metricView({
          groups: [aGroup(9, { openedLastMinute: 2 })],
          server: { maxConnections: 500, reservedConnections: 3 },
          probes: { "postgres-database-rates": [database(rate)] },
        }),
      )[0];
    expect(at(82)?.summary).toBe(
      "82 sessions a second are opened and closed again, each for 2.1 transactions or so: signing in costs more than what they ask; 82 of them a second into database shop",
    );
    expect(at(null)).toBeUndefined();
  });
});
