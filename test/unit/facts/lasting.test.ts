import { describe, expect, it } from "vitest";
import type { Earlier } from "../../../functions/core/contract/context.ts";
import { blamedChange } from "../../../functions/core/facts/blamed-change.ts";
import { cpuPressure } from "../../../functions/core/facts/cpu-pressure.ts";
import { ioPressure } from "../../../functions/core/facts/io-pressure.ts";
import { lastingFor, metricFact } from "../../../functions/core/facts/metric-facts.ts";
import type { View } from "../../../functions/core/facts/view.ts";
import { collectedAt } from "../../support/evidence-builder.ts";
import { anEvent, held, type MetricScene, metricView } from "../../support/metric-scene.ts";

/** Means of five minutes, the last of which ends where the 15 minutes begin. */
function hours(...values: readonly (number | null)[]): Earlier {
  const from = Date.parse(collectedAt) - (15 + 5 * values.length) * 60_000;
  return { from: new Date(from).toISOString(), stepSeconds: 300, values: [...values] };
}

const calm = (steps: number): number[] => held(20, steps);

function scene(earlier: Earlier | undefined, cpu = held(97, 15), more: Partial<MetricScene> = {}): View {
  const reading = { baselineDay: 20, baselineWeek: 22, ...(earlier === undefined ? {} : { earlier }) };
  return metricView({
    values: { CPUUtilization: cpu },
    readings: { CPUUtilization: reading },
    ...more,
  });
}

function minutesOf(view: View): number | null {
  return lastingFor(view, metricFact(view, "CPUUtilization"), (value) => value >= 90);
}

describe("for how long a metric has been so", () => {
  it("M1 is counted back through the hours before, as far as they were read", () => {
    expect(minutesOf(scene(undefined))).toBe(15);
    expect(minutesOf(scene(hours(...calm(30), ...held(95, 6))))).toBe(45);
    expect(cpuPressure(scene(hours(...calm(12), ...held(95, 24))))?.says).toContain("for 2 h 15 min, now");
  });

  it("M1 is more than that where it was so all the while", () => {
    expect(cpuPressure(scene(hours(...held(95, 36))))?.says).toContain("for more than 3 h, now");
  });

  it.each<[string, View, number]>([
    ["a step that nobody measured", scene(hours(...held(95, 34), null, 95)), 15],
    ["a step at which it was not so", scene(hours(...held(95, 35), 40)), 15],
    ["a minute of the window at which it was not so", scene(hours(...held(95, 36)), [20, ...held(97, 9)]), 9],
  ])("M1 ends at %s", (_, view, minutes) => {
    expect(minutesOf(view)).toBe(minutes);
  });

  it("M1 begins where the mean of its first step says, part of which was not so", () => {
    // 2 of 5 minutes at 96 %.
    expect(minutesOf(scene(hours(...calm(30), 60, ...held(96, 5)), held(96, 15)))).toBe(40);
    expect(minutesOf(scene(hours(...calm(30), 91, ...held(96, 5)), held(96, 15)))).toBe(45);
    // The last step is no lower than the window: at the latest then.
    expect(minutesOf(scene(hours(...calm(35), 92)))).toBe(15);
  });

  it("M1 is not counted through a gap, nor of what is read as an extreme that touches the limit now and then", () => {
    const up = scene(hours(...held(95, 36)), held(97, 5));
    expect(minutesOf(up)).toBe(5);
    const capacity = (statistic: string) => {
      const view = metricView({
        values: { ACUUtilization: held(100, 15) },
        readings: { ACUUtilization: { statistic, earlier: hours(...held(100, 36)) } },
      });
      return lastingFor(view, metricFact(view, "ACUUtilization"), (value) => value >= 98);
    };
    expect(capacity("Maximum")).toBe(15);
    expect(capacity("Average")).toBe(190);
  });

  it("M1 counts reads and writes together where both were read", () => {
    const of = (value: number) => ({ earlier: hours(...held(value, 4)) });
    const io = metricView({
      values: { ReadIOPS: held(2000, 15), WriteIOPS: held(990, 15) },
      readings: { ReadIOPS: of(2000), WriteIOPS: of(990) },
      self: {
        storage: {
          ...{ type: "gp3", allocatedGib: 100, limitGib: null, operation: null, operationPercent: null },
          ...{ iops: 3000, throughputMibps: 125 },
        },
      },
    });
    expect(ioPressure(io)?.says).toContain("at its limit for 30 min");
  });
});

describe("what changed before it began", () => {
  const jit = (minutesAgo: number) => ({
    ...anEvent(minutesAgo, "configuration change", "Updated parameter jit to 1 with apply method immediate"),
    subject: "orders-17",
    source: "parameter-group" as const,
  });
  const blamed = (earlier: Earlier | undefined, minutesAgo: number) =>
    blamedChange(scene(earlier, held(97, 15), { events: [jit(minutesAgo)] }), ["cpu"])?.says ?? null;

  it("M7 is found where it began before the window", () => {
    const since = hours(...calm(18), ...held(95, 18));
    expect(blamed(undefined, 113)).toBeNull();
    expect(blamed(since, 113)).toBe("it began 8 min after the change of jit to 1");
    expect(blamed(since, 104)).toBe("it began 0 min after the change of jit to 1");
    expect(blamed(since, 102)).toBeNull();
  });

  it("M7 is none that came when it had long been so", () => {
    const since = hours(...calm(18), ...held(95, 18));
    expect(blamed(undefined, 30)).toBe("it follows the change of jit to 1, 30 min ago");
    expect(blamed(since, 30)).toBeNull();
    expect(blamed(hours(...held(95, 36)), 30)).toBeNull();
  });
});
