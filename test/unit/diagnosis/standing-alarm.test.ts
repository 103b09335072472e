import { describe, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { anAlarm } from "../../support/evidence-builder.ts";
import { held, metricView } from "../../support/metric-scene.ts";

/** Nothing is wrong, and an alarm on the writes of a fast volume has rung. */
function headline(writes: number, alarm: Parameters<typeof anAlarm>[1], metric = "WriteIOPS") {
  const values = { WriteIOPS: held(writes), CPUUtilization: held(42), WriteLatency: held(0.002) };
  const self = { storage: null };
  const { evidence } = metricView({ values, self, overrides: { signal: anAlarm(metric, alarm) } });
  return diagnose({ ...evidence, signal: anAlarm(metric, alarm) }, defaultSettings).headline;
}

describe("the alarm behind a look that finds nothing wrong", () => {
  it("S12 is told with what it stands at", () => {
    expect(headline(2709, { threshold: 2500 })).toMatch(
      /^Nothing wrong found: .*\. WriteIOPS is at 2709, over the alarm's threshold of 2500, and nothing was found that suffers from it\.$/,
    );
    expect(headline(3, { threshold: 5, comparison: "LessThanThreshold" })).toContain(
      "WriteIOPS is at 3, under the alarm's threshold of 5",
    );
  });

  it("S12 is told as over where the metric is back within its threshold", () => {
    expect(headline(410, { threshold: 2500 })).toContain(
      "WriteIOPS is at 410 by the average of its last minute, within the alarm's threshold of 2500",
    );
  });

  it("S12 is not told in another unit, of a formula, or of what was not read", () => {
    expect(headline(2709, { threshold: 2500, oneMetric: false })).not.toContain("threshold");
    expect(headline(2709, { threshold: null })).not.toContain("threshold");
    expect(headline(2709, { threshold: 100 }, "CommitLatency")).not.toContain("the alarm's threshold of");
  });
});
