import { describe, expect, it } from "vitest";
import { statementStatsSaturated as rule } from "../../../../functions/core/rules/queries/statement-stats-saturated.ts";
import { lookedDeeper } from "../../../support/statement-builder.ts";

describe("statement-stats-saturated", () => {
  const row = {
    entries: 4800,
    maxEntries: 5000,
    percent: 96,
    evictions: 12,
    evictionsPerSecond: 0,
    statsSeconds: 86_400,
    track: "top",
    extensionVersion: "1.11",
  };
  const findingsOf = (overrides: object) =>
    rule.evaluate(lookedDeeper({ "postgres-top-statements-capacity": [{ ...row, ...overrides }] }));

  it("D4 is hygiene, and shows how to empty them", () => {
    const [finding] = findingsOf({});
    expect(finding).toMatchObject({ severity: "P3" });
    expect(finding?.actions[0]).toMatchObject({
      spec: ["A12", "A40"],
      preview: "SELECT pg_stat_statements_reset()",
    });
  });

  it("D4 needs both: full, and entries thrown out", () => {
    expect(findingsOf({ percent: 89.9 })).toEqual([]);
    expect(findingsOf({ percent: 90 })).toHaveLength(1);
    expect(findingsOf({ evictions: 0 })).toEqual([]);
  });

  it("D4 trusts itself less where the version does not count evictions", () => {
    expect(findingsOf({ evictions: null })[0]).toMatchObject({ confidence: 0.5 });
  });

  it("D4 believes MySQL's own word", () => {
    const digests = (saturated: boolean) => ({
      "mysql-statement-digests-capacity": [
        {
          entries: 10_000,
          maxEntries: 10_000,
          percent: 100,
          callsWithoutDigest: 90_000,
          callsWithoutDigestPerSecond: 40,
          callsWithoutDigestPercent: 12,
          secondsWithoutDigest: 70,
          lost: 90_000,
          saturated,
        },
      ],
    });
    expect(rule.evaluate(lookedDeeper(digests(true), { engine: "mysql" }))[0]?.summary).toContain("12 %");
    expect(rule.evaluate(lookedDeeper(digests(false), { engine: "mysql" }))).toEqual([]);
  });
});
