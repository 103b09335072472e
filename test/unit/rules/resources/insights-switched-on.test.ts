import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aTarget } from "../../../support/evidence-builder.ts";
import { anEvent, held, metricView } from "../../../support/metric-scene.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;

/** Hardly any memory is left, swap has grown, and so many minutes ago somebody called for Performance Insights. */
function told(instanceClass: string, detail = "enablePerformanceInsights=true", minutes = 1200) {
  const call = {
    at: anEvent(minutes, "", "").at,
    source: "cloudtrail" as const,
    subject: "orders-db",
    what: "ModifyDBInstance",
    by: "rollout",
    detail,
    error: null,
  };
  const view = metricView({
    values: { FreeableMemory: held(60 * mib, 14), SwapUsage: held(900 * mib, 14) },
    readings: { FreeableMemory: { baselineDay: gib, baselineWeek: gib } },
    context: { changes: [call] },
    overrides: { target: aTarget({ engine: "mysql", instanceClass }) },
    self: { instanceClass },
  });
  const finding = diagnose(view.evidence, defaultSettings).findings.find(
    ({ id }) => id === "memory-pressure",
  );
  return [finding?.summary, ...(finding?.actions ?? []).map(({ consequence }) => consequence)].join("\n");
}

describe("Performance Insights that was switched on", () => {
  it("M7 is named where a small class of MySQL is short of memory since, before a larger class", () => {
    const text = told("db.t3.medium");
    expect(text).toContain("it follows the switching on of Performance Insights by rollout, 1200 min ago");
    expect(text).toContain("First: it switches on performance_schema");
  });

  it.each([
    ["db.r6g.xlarge", "enablePerformanceInsights=true", 1200],
    ["db.t3.medium", "enablePerformanceInsights=false", 1200],
    ["db.t3.medium", "enablePerformanceInsights=true", 2900],
  ])("M7 is not blamed on a large class, for being switched off, or days later: %s %s %i", (...scene) => {
    expect(told(...scene)).not.toContain("Performance Insights");
  });
});
