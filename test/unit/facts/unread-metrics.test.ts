import { describe, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { unreadMetrics } from "../../../functions/core/facts/unread-metrics.ts";
import { metricCatalogue } from "../../../functions/core/metrics/metric-catalogue.ts";
import { rules } from "../../../functions/core/rules/index.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aConnection, anAlarm } from "../../support/evidence-builder.ts";
import { held, metricView } from "../../support/metric-scene.ts";

describe("metrics that nobody reads", () => {
  it("M1 are listed with where to look: every other one of the catalogue is some rule's", () => {
    const read = new Set(rules.flatMap(({ needs }) => needs));
    const unread = metricCatalogue.map(({ name }) => name).filter((name) => !read.has(name));
    expect(Object.keys(unreadMetrics).toSorted()).toEqual(unread.toSorted());
  });

  it("D7 an alarm on one is told with its value and the next step, whether somebody got in or not", () => {
    const signal = anAlarm("SelectLatency", { threshold: 2, recentDatapoints: [4.9, 5.1] });
    const headline = (overrides: object) =>
      diagnose(metricView({ values: { CPUUtilization: held(30) }, overrides }).evidence, defaultSettings)
        .headline;
    const said =
      "SelectLatency stands at 5.1, its threshold is 2: no rule here reads it alone; next: Performance";
    expect(headline({ signal })).toContain(said);
    const outside = { connection: aConnection({ status: "not-tried" }), probes: [] };
    expect(headline({ signal, ...outside })).toContain(said);
    expect(headline({ signal: anAlarm("CPUUtilization"), ...outside })).not.toContain("no rule here");
  });

  it("D7 says that it is as ever where only the threshold is new, and of one that has risen that it is not", () => {
    const signal = anAlarm("AbortedClients", { threshold: 10, recentDatapoints: [14, 15] });
    const of = (day: number, week: number) =>
      diagnose(
        metricView({
          values: { AbortedClients: held(15) },
          readings: { AbortedClients: { baselineDay: day, baselineWeek: week } },
          overrides: { signal },
        }).evidence,
        defaultSettings,
      ).headline;
    expect(of(15.4, 14.8)).toContain("as high as a day and a week ago at this hour (15.4 and 14.8)");
    expect(of(1, 15)).not.toContain("as high as");
    expect(of(1, 1)).not.toContain("as high as");
  });
});
