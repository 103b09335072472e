import { describe, expect, it } from "vitest";
import { metricWindows } from "../../../../functions/core/metrics/metric-windows.ts";
import { metricReadings } from "../../../../functions/core/metrics/readings.ts";
import { cpuSaturated } from "../../../../functions/core/rules/resources/cpu-saturated.ts";
import { instanceUndersized } from "../../../../functions/core/rules/resources/instance-undersized.ts";
import { ioSaturated } from "../../../../functions/core/rules/resources/io-saturated.ts";
import { aTopology } from "../../../support/context-builder.ts";
import { aMetric, anAlarm, aTarget } from "../../../support/evidence-builder.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const alarm = (name: string) => ({ overrides: { signal: anAlarm(name) } });

describe("as busy as every night", () => {
  const cpu = (day: number, week: number, scene: MetricScene = {}) =>
    metricView({
      values: { CPUUtilization: held(88), DBLoadCPU: held(1.6) },
      readings: { CPUUtilization: { baselineDay: day, baselineWeek: week } },
      ...alarm("CPUUtilization"),
      ...scene,
    });

  it("D6 is a note although an alarm is on, and never a reason for a larger class", () => {
    expect(cpuSaturated.evaluate(cpu(86, 85))[0]).toMatchObject({ severity: "P3", actions: [] });
    expect(instanceUndersized.evaluate(cpu(86, 85))).toEqual([]);
  });

  it("D6 is none of it where it was so once, or where sessions queue", () => {
    expect(cpuSaturated.evaluate(cpu(86, 30))[0]).toMatchObject({ severity: "P2" });
    const values = { CPUUtilization: held(88), DBLoadCPU: held(5) };
    expect(cpuSaturated.evaluate(cpu(86, 85, { values }))[0]).toMatchObject({ severity: "P1" });
    expect(instanceUndersized.evaluate(cpu(86, 85, { values }))[0]?.actions).toHaveLength(1);
  });

  it("D4 is slow storage that nobody waits for: the hour of the backup, told by what lasted in it", () => {
    const at = (heldWeek: number | null, load: number) =>
      ioSaturated.evaluate(
        metricView({
          values: { WriteLatency: held(0.03), WriteIOPS: held(90), DBLoad: held(load) },
          readings: {
            // The mean of the quarter of an hour does not know it: it began some minutes later then.
            WriteLatency: { baselineDay: 0.002, baselineWeek: 0.002, heldDay: 0.029, heldWeek },
          },
          ...alarm("WriteLatency"),
        }),
      );
    expect(at(0.031, 0.3)).toEqual([]);
    expect(at(0.031, 6)).toMatchObject([{ severity: "P3", actions: [] }]);
    expect(at(null, 0.3)).toMatchObject([{ severity: "P2" }]);
  });
});

describe("what is usual at this hour", () => {
  const now = Date.parse("2026-11-21T10:00:00.000Z");
  const series = (values: readonly number[]) => {
    const from = metricWindows(now).hourOfDay.from;
    const points = values.map((value, minute) => ({
      at: new Date(from + minute * 60_000).toISOString(),
      value,
    }));
    return { series: [{ ...aMetric("WriteLatency", []), points }], missing: [] };
  };
  const empty = { series: [], missing: [] };
  const readingOf = (values: readonly number[]) =>
    metricReadings(
      aTarget(),
      aTopology(),
      { now: empty, day: series(values), week: empty },
      metricWindows(now),
    ).find(({ id }) => id === "WriteLatency");

  it("M1 is read of the hour around: what lasted three minutes, and the mean of the same quarter of an hour", () => {
    const { hourOfDay, hourOfWeek } = metricWindows(now);
    expect(new Date(hourOfDay.from).toISOString()).toBe("2026-11-20T09:30:00.000Z");
    expect(new Date(hourOfWeek.to).toISOString()).toBe("2026-11-14T10:30:00.000Z");
    const quiet = held(2, 40);
    expect(readingOf([...quiet, 30, 31, 29, ...held(2, 17)])).toMatchObject({ baselineDay: 2, heldDay: 29 });
    expect(readingOf([...quiet, 90, ...held(2, 19)])).toMatchObject({ heldDay: 2 });
    expect(readingOf([])).toMatchObject({ baselineDay: null, heldDay: null, heldWeek: null });
  });
});
