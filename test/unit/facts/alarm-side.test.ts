import { describe, expect, it } from "vitest";
import { alarmSide, firesWhereItHurts } from "../../../functions/core/facts/alarm-side.ts";
import { anAlarm, someEvidence } from "../../support/evidence-builder.ts";

const on = (metric: string, comparison: string | null, oneMetric?: boolean) =>
  someEvidence({
    overrides: {
      signal: anAlarm(metric, { comparison, ...(oneMetric === undefined ? {} : { oneMetric }) }),
    },
  });

describe("the side on which an alarm fires", () => {
  it("S10 is read from its own comparison", () => {
    expect(alarmSide(on("DatabaseConnections", "GreaterThanOrEqualToThreshold"), "DatabaseConnections")).toBe(
      "too-high",
    );
    expect(alarmSide(on("DatabaseConnections", "LessThanThreshold"), "DatabaseConnections")).toBe("too-low");
    expect(alarmSide(on("DatabaseConnections", "LessThanThreshold"), "CPUUtilization")).toBeNull();
  });

  it("S10 is not known of a band, a formula and an envelope that does not tell", () => {
    expect(alarmSide(on("DBLoad", "LessThanLowerOrGreaterThanUpperThreshold"), "DBLoad")).toBe("either");
    expect(alarmSide(on("DBLoad", "LessThanThreshold", false), "DBLoad")).toBe("either");
    expect(alarmSide(on("DBLoad", null), "DBLoad")).toBe("either");
  });

  it.each([
    ["DatabaseConnections", "GreaterThanThreshold", true],
    ["DatabaseConnections", "LessThanThreshold", false],
    ["CPUUtilization", "LessThanOrEqualToThreshold", false],
    ["FreeStorageSpace", "LessThanThreshold", true],
    ["FreeableMemory", "GreaterThanThreshold", false],
    ["BurstBalance", null, true],
  ] as const)("D7 %s %s hurts: %s", (metric, comparison, hurts) => {
    expect(firesWhereItHurts(on(metric, comparison), metric)).toBe(hurts);
  });
});
