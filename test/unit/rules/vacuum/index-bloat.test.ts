import { describe, expect, it } from "vitest";
import { indexBloat as rule } from "../../../../functions/core/rules/vacuum/index-bloat.ts";
import { lookedDeeper } from "../../../support/statement-builder.ts";

describe("index-bloat", () => {
  const mb = 1024 * 1024;
  const row = {
    schema: "public",
    table: "orders",
    index: "Orders_code",
    sizeBytes: 64 * mb,
    rebuiltBytes: 8 * mb,
    bloatBytes: 56 * mb,
    bloatPercent: 87,
    fillFactor: 90,
    reason: null,
  };
  const findingsOf = (overrides: object) =>
    rule.evaluate(lookedDeeper({ "postgres-index-bloat": [{ ...row, ...overrides }] }));

  it("D4 is hygiene, and shows the rebuild beside the running index", () => {
    const [finding] = findingsOf({});
    expect(finding).toMatchObject({ severity: "P3" });
    expect(finding?.actions[0]).toMatchObject({
      spec: ["A9", "A40"],
      preview: 'REINDEX INDEX CONCURRENTLY public."Orders_code"',
    });
  });

  it("T begins over 50 % and over 10 MB", () => {
    expect(findingsOf({ bloatPercent: 50 })).toEqual([]);
    expect(findingsOf({ bloatPercent: 50.1 })).toHaveLength(1);
    expect(findingsOf({ sizeBytes: 10 * mb })).toEqual([]);
    expect(findingsOf({ bloatPercent: null, bloatBytes: null })).toEqual([]);
  });
});
