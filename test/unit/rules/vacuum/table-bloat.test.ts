import { describe, expect, it } from "vitest";
import { tableBloat as rule } from "../../../../functions/core/rules/vacuum/table-bloat.ts";
import { aTable, lookedDeeper } from "../../../support/statement-builder.ts";

describe("table-bloat", () => {
  const mb = 1024 * 1024;
  const findingsOf = (percent: number, bytes: number) =>
    rule.evaluate(
      lookedDeeper({ "postgres-tables": [aTable({ bloat: { bytes, percent, basis: "statistics" } })] }),
    );

  it("D4 is hygiene, and warns what VACUUM FULL does", () => {
    const [finding] = findingsOf(80, 1024 * mb);
    expect(finding).toMatchObject({ subject: "public.orders", severity: "P3" });
    expect(finding?.actions[0]).toMatchObject({ risk: "disruptive", automatic: false });
  });

  it("P19 locks nobody out for room that is used again anyhow", () => {
    expect(findingsOf(80, 1024 * mb - 1)[0]?.actions).toEqual([]);
  });

  it("T begins above both thresholds", () => {
    expect(findingsOf(50, 64 * mb)).toEqual([]);
    expect(findingsOf(80, 10 * mb)).toEqual([]);
    expect(findingsOf(50.1, 10 * mb + 1)).toHaveLength(1);
  });

  it("D4 says nothing without an estimate", () => {
    const table = aTable({ bloat: null, bloatUnavailable: "never analyzed" });
    expect(rule.evaluate(lookedDeeper({ "postgres-tables": [table] }))).toEqual([]);
  });
});
