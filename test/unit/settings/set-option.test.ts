import { describe, expect, it } from "vitest";
import { settingsWith } from "../../../bin/cli/thresholds.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";

describe("--set", () => {
  it("T changes the thresholds that it names, and nothing else", () => {
    const { thresholds, ...rest } = settingsWith(["longRunningSeconds=30", "slowQuerySeconds=0.5"]);
    const { thresholds: before, ...restBefore } = defaultSettings;
    expect(thresholds).toEqual({ ...before, longRunningSeconds: 30, slowQuerySeconds: 0.5 });
    expect(rest).toEqual(restBefore);
  });

  it("S6 says of a misspelt name what was probably meant, in the words of the deployment", () => {
    expect(() => settingsWith(["longRunningSecond=30"])).toThrow(
      /^--set longRunningSecond: there is no such setting; did you mean longRunningSeconds\?$/,
    );
  });

  it("S6 lists all names where none is near", () => {
    expect(() => settingsWith(["colour=1"])).toThrow(/^--set colour: .*; there are slowQuerySeconds, /);
  });

  it("S6 names every wrong value", () => {
    expect(() => settingsWith(["cpuPercent=950", "cacheHitPercent=0"])).toThrow(
      /^--set cacheHitPercent: .*; cpuPercent: /,
    );
    expect(() => settingsWith(["cpuPercent=much"])).toThrow(
      "--set cpuPercent=much: the value must be a number",
    );
  });
});
