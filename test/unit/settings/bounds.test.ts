import { describe, expect, it } from "vitest";
import { parseSettings } from "../../../functions/core/configuration/parse-settings.ts";

const faults = (settings: unknown): readonly string[] => {
  const parsed = parseSettings(settings);
  return parsed.kind === "valid" ? [] : parsed.faults;
};

describe("numbers of the settings", () => {
  it.each([
    ["watch", "checkSeconds", 600, 20_000],
    ["watch", "healthySeconds", 86_400, 1_800_000],
    ["watch", "healthyCheckSeconds", 600, 60_000],
    ["watch", "unreachableEscalateSeconds", 21_600, 600_000],
    ["watch", "unknownEscalateSeconds", 21_600, 600_000],
    ["watch", "maxUnsolvedChecks", 1000, 1_000_000],
    ["policy", "approvalSeconds", 86_400, 1e13],
    ["policy", "pauseAfterActionSeconds", 3600, 15_000],
    ["policy", "graceSeconds", 30, 5000],
    ["policy", "orderSeconds", 600, 60_000],
    ["probing", "connectTimeoutMs", 60_000, 3_000_000],
    ["probing", "immediateTimeoutMs", 60_000, 2_000_000],
    ["probing", "otherTimeoutMs", 60_000, 10_000_000],
    ["probing", "lockTimeoutMs", 10_000, 500_000],
    ["probing", "deadlineMs", 120_000, 8_000_000],
    ["probing", "sampleSeconds", 60, 1000],
  ])("A41 end where waiting longer would only hide an incident: %s.%s", (group, name, most, tooMuch) => {
    expect(faults({ [group]: { [name]: most } })).toEqual([]);
    expect(faults({ [group]: { [name]: tooMuch } })).toEqual([
      expect.stringMatching(
        new RegExp(`^${group}\\.${name}: is at most ${most}: \\w.* \\(found a number\\)$`),
      ),
    ]);
  });

  it("A41 end also where they stand in no group", () => {
    expect(faults({ cooldownSeconds: 86_400 })).toEqual([]);
    expect(faults({ cooldownSeconds: 300_000 })).toEqual([
      expect.stringContaining("cooldownSeconds: is at most 86400: "),
    ]);
  });
});

describe("approvers", () => {
  it("A42 are ids of Slack users, of one workspace or of an Enterprise", () => {
    expect(faults({ policy: { approvers: ["U0DANA01", "W012A3CDE"] } })).toEqual([]);
  });

  it.each(["@anna", "anna", "anna@example.com", "<@U0DANA01>", "#dba", "C0DANA01", "", " U0DANA01"])(
    "A42 are refused when nobody could ever match: %j",
    (name) => {
      const [fault, ...more] = faults({ policy: { approvers: ["U0DANA01", name] } });
      expect(more).toEqual([]);
      expect(fault).toMatch(/^policy\.approvers\.1: is not the id of a Slack user .* matches nobody/);
    },
  );
});
