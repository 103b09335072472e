import { describe, expect, it } from "vitest";
import { formulaValue } from "../../../functions/core/actions/aws-calls/parameter-formula.ts";

const gib = 1024 ** 3;

describe("a value of a parameter group for so much memory", () => {
  it.each([
    ["4096", 4096],
    ["{DBInstanceClassMemory/32768}", (8 * gib) / 32_768],
    ["{DBInstanceClassMemory*3/4}", 6 * gib],
    ["LEAST({DBInstanceClassMemory/9531392},5000)", (8 * gib) / 9_531_392],
    [
      "GREATEST({log(DBInstanceClassMemory/1073741824)*45},{log(DBInstanceClassMemory/8589934592)*1000})",
      135,
    ],
    ["SUM({DBInstanceClassMemory/12038},-50003)", (8 * gib) / 12_038 - 50_003],
    ["{AllocatedStorage/2}", null],
    ["{log(DBInstanceClassMemory/2}", null],
    ["LEAST(1,what)", null],
  ])("A20 %s", (text, value) => {
    if (value === null) expect(formulaValue(text, 8 * gib)).toBeNull();
    else expect(formulaValue(text, 8 * gib)).toBeCloseTo(value, 6);
  });
});
