import { describe, expect, it } from "vitest";
import { failoverHappened } from "../../../../functions/core/rules/availability/failover-happened.ts";
import { aTarget } from "../../../support/evidence-builder.ts";
import { anEvent, held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const reading = (baselineDay: number | null) => ({ latest: null, baselineDay, baselineWeek: baselineDay });
const events = (minutes: number) => [
  anEvent(minutes, "failover", "Multi-AZ instance failover completed"),
  anEvent(minutes + 2, "failover", "Multi-AZ instance failover started."),
];

function told(connections: readonly number[], cpu: readonly number[], scene: MetricScene = {}, minutes = 14) {
  const values = { DatabaseConnections: connections, CPUUtilization: cpu };
  const readings = { DatabaseConnections: reading(214), CPUUtilization: reading(27) };
  return failoverHappened.evaluate(metricView({ events: events(minutes), values, readings, ...scene }))[0];
}

describe("clients that stay away after a failover", () => {
  it("D6 are told beside it with what to do, and it is as bad as those who are missing", () => {
    const few = told(held(6), held(4));
    expect(few).toMatchObject({ severity: "P1", actions: [] });
    expect(few?.summary).toContain(
      "its clients stay away: 6 connections for 10 min, 214 as a rule at this time, CPU 4 % of 27 %",
    );
    expect(few?.evidence.at(-1)?.says).toContain("networkaddress.cache.ttl");
    expect(told(held(90), held(9))?.severity).toBe("P2");
    expect(told(held(6), held(4), {}, 45)?.severity).toBe("P1");
  });

  it("D4 are measured by what was there before it, where the window reaches so far back", () => {
    const before = [...held(60, 4), ...held(6, 10)];
    expect(told(before, [...held(27, 4), ...held(3, 10)], {}, 8)?.summary).toContain("60 before it");
  });

  it("D3 are none while most are back, the work is done as before, they had hardly been there, or it is a minute", () => {
    const bare = "Multi-AZ instance failover completed";
    for (const one of [
      told(held(150), held(20)),
      told(held(6), held(25)),
      told([...held(200, 9), 6], held(4)),
      told(held(2), held(1), { readings: { DatabaseConnections: reading(8) } }),
      told(held(6), held(4), { readings: {} }),
      told(held(6), held(4), { overrides: { target: aTarget({ clusterId: "shop" }) } }),
    ]) {
      expect(one?.summary).toMatch(new RegExp(`${bare}$`));
    }
  });
});
