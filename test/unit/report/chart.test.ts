import { describe, expect, it } from "vitest";
import { chartsOf } from "../../../functions/core/report/chart.ts";
import { collectedAt } from "../../support/evidence-builder.ts";
import { held, metricView } from "../../support/metric-scene.ts";

const minute = 60_000;

describe("a chart of the report", () => {
  it("C5 begins with the hours before, in the reading's unit, up to the first minute", () => {
    const from = Date.parse(collectedAt) - 195 * minute;
    const earlier = {
      from: new Date(from).toISOString(),
      stepSeconds: 300,
      values: [20, null, ...held(22, 35), 99],
    };
    const view = metricView({
      values: { CPUUtilization: held(97, 14) },
      readings: { CPUUtilization: { earlier } },
    });
    const [chart] = chartsOf(view.evidence);
    const points = chart?.points ?? [];
    expect(points.slice(0, 2)).toEqual([
      { at: from + 2.5 * minute, value: 20 },
      { at: from + 12.5 * minute, value: 22 },
    ]);
    // The step that the window has by the minute is not drawn twice.
    expect(points.map(({ value }) => value)).toEqual([20, ...held(22, 34), ...held(97, 14)]);
    expect(points.toSorted((a, b) => a.at - b.at)).toEqual(points);
  });

  it("C5 is of the window alone where the hours were not read", () => {
    const view = metricView({ values: { CPUUtilization: held(97, 14) } });
    expect(chartsOf(view.evidence)[0]?.points).toHaveLength(14);
  });
});
