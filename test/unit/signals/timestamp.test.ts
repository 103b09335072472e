import { describe, expect, it, vi } from "vitest";
import { parseAlarmTime } from "../../../functions/core/signals/timestamp.ts";

describe("times of CloudWatch", () => {
  it.each([
    ["2023-08-04T12:36:15.490+0000", "2023-08-04T12:36:15.490Z"],
    ["2023-08-04T12:36:15.490Z", "2023-08-04T12:36:15.490Z"],
    ["2023-08-04T12:36:15Z", "2023-08-04T12:36:15.000Z"],
    ["2023-08-04T12:36:15.490123+00:00", "2023-08-04T12:36:15.490Z"],
    ["2023-08-04T14:36:15.5+0200", "2023-08-04T12:36:15.500Z"],
    ["2023-08-04T12:36:15.490", "2023-08-04T12:36:15.490Z"],
    ["2023-08-04 12:36:15", "2023-08-04T12:36:15.000Z"],
  ])("S1 reads %s", (text, utc) => {
    expect(new Date(parseAlarmTime(text) ?? Number.NaN).toISOString()).toBe(utc);
  });

  it("S1 a time without offset is UTC wherever the host is", () => {
    vi.stubEnv("TZ", "Asia/Tokyo");
    try {
      expect(new Date(2023, 7, 4).toISOString()).toBe("2023-08-03T15:00:00.000Z");
      expect(parseAlarmTime("2023-08-04T12:36:15")).toBe(Date.UTC(2023, 7, 4, 12, 36, 15));
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it.each([
    "",
    "now",
    "1691152575",
    "2023-08-04",
    "2023-13-04T12:36:15Z",
    "2023-08-04T25:00:00Z",
    " 2023-08-04T12:36:15Z",
  ])("S9 refuses %j", (text) => {
    expect(parseAlarmTime(text)).toBeNull();
  });
});
