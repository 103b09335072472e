import { describe, expect, it } from "vitest";
import { isSmallerClass } from "../../../functions/core/facts/smaller-class.ts";

describe("whether a class is smaller than another", () => {
  it.each([
    ["db.m7g.2xlarge", "db.m7g.large", true],
    ["db.r6g.xlarge", "db.m6g.xlarge", true],
    ["db.m6g.large", "db.t4g.large", true],
    ["db.m6g.large", "db.r6g.large", false],
    ["db.m6g.large", "db.m7g.large", false],
    // Nobody here knows how much memory its family has, or how many vCPUs a size.
    ["db.r6g.xlarge", "db.x2iedn.xlarge", null],
    ["db.x2iedn.xlarge", "db.r6g.xlarge", null],
    ["db.r6g.xlarge", "db.serverless", null],
    ["db.r6g.xlarge", "db.r6i.metal", null],
    ["db.x2iedn.2xlarge", "db.r6g.xlarge", true],
  ])("M7 of %s and %s is %s: what is not known is not nothing", (from, to, smaller) => {
    expect(isSmallerClass(from, to)).toBe(smaller);
  });
});
