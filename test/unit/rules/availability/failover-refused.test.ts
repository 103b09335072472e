import { describe, expect, it } from "vitest";
import { isFailingOver } from "../../../../functions/core/facts/failover-events.ts";
import { failoverHappened } from "../../../../functions/core/rules/availability/failover-happened.ts";
import { anEvent, held, metricView } from "../../../support/metric-scene.ts";

const done = (minutes: number) => anEvent(minutes, "failover", "Multi-AZ instance failover completed");
const refused = anEvent(
  4,
  "failover",
  "Abandoning user requested failover since a failover recently occurred on the database instance",
);
const usual = { latest: null, baselineDay: 214, baselineWeek: 210 };

function toldOf(events: readonly ReturnType<typeof anEvent>[], connections = 210) {
  const view = metricView({
    values: { DatabaseConnections: held(connections), CPUUtilization: held(connections / 7) },
    readings: {
      DatabaseConnections: usual,
      CPUUtilization: { latest: null, baselineDay: 30, baselineWeek: 31 },
    },
    events: [...events],
  });
  return failoverHappened.evaluate(view)[0];
}

describe("a failover that was refused so soon after another", () => {
  it("D6 hides nothing of what was moved before it", () => {
    expect(toldOf([refused, done(14)], 9)).toMatchObject({
      severity: toldOf([done(14)], 9)?.severity,
      summary: expect.stringMatching(/stay away.*was refused|was refused.*stay away/),
    });
    expect(toldOf([refused, done(8)])?.severity).toBe("P2");
  });

  it("D6 is a note once the other is no news, and no note alone", () => {
    expect(toldOf([refused, done(34)])?.severity).toBe("P3");
    expect(toldOf([refused])?.severity).toBe("P1");
  });

  it("A31 ends none that is under way: no other is proposed meanwhile", () => {
    const started = anEvent(5, "failover", "Multi-AZ instance failover started.");
    const view = metricView({ events: [refused, started] });
    expect([isFailingOver(view), isFailingOver(metricView({ events: [refused] }))]).toEqual([true, false]);
  });
});
