import { describe, expect, it } from "vitest";
import { responseOf, worstOf } from "../../../functions/core/facts/severity.ts";

describe("severity", () => {
  it("D6 carries its response time and label", () => {
    expect(responseOf("P0")).toMatchObject({ minutes: 5, label: "SEV-1" });
    expect(responseOf("P1")).toMatchObject({ minutes: 15, label: "SEV-2" });
    expect(responseOf("P2").minutes).toBe(60);
    expect(responseOf("P3").minutes).toBe(240);
  });

  it("D6 the worst of several decides, and nothing of none", () => {
    expect(worstOf(["P3", "P1", "P2"])).toBe("P1");
    expect(worstOf([])).toBeNull();
  });
});
