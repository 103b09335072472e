import { describe, expect, it } from "vitest";
import { staleStatistics as rule } from "../../../../functions/core/rules/queries/stale-statistics.ts";
import { aPlan, aStatement, aTable, busy, lookedDeeper } from "../../../support/statement-builder.ts";

describe("stale-statistics", () => {
  const query = "SELECT id FROM orders WHERE batch = $1";
  const wrong = aPlan({
    query,
    estimatedRows: 1,
    meanRows: 3000,
    problems: [{ kind: "row-estimate", relation: null, detail: "1 rows are expected, 3000 come on average" }],
  });
  const stale = { changedSinceAnalyze: 90_000, lastAutoanalyzeSeconds: 7200 };
  const findingsOf = (table: Parameters<typeof aTable>[0], now = {}, plan = wrong) =>
    rule.evaluate(
      lookedDeeper({
        "postgres-tables": [aTable(table)],
        "postgres-plans": [plan],
        "postgres-top-statements": [aStatement({ query, now })],
      }),
    );

  it("D4 is P2 when a statement that it misleads keeps the CPUs busy, and proposes ANALYZE", () => {
    const [finding] = findingsOf(stale, busy);
    expect(finding).toMatchObject({ subject: "public.orders", severity: "P2" });
    expect(finding?.summary).toContain("expects 1 rows and gets 3000");
    expect(finding?.actions[0]).toMatchObject({ id: "analyze-table", preview: "ANALYZE public.orders" });
  });

  it("D4 is hygiene while no statement suffers", () => {
    expect(findingsOf(stale)[0]).toMatchObject({ severity: "P3" });
    expect(findingsOf(stale, busy, aPlan({ query: "SELECT 1 FROM carts" }))[0]).toMatchObject({
      severity: "P3",
    });
  });

  it("D4 waits until autoanalyze had its chance three times over", () => {
    expect(findingsOf({ ...stale, changedSinceAnalyze: 30_150 }, busy)).toEqual([]);
    expect(findingsOf({ ...stale, changedSinceAnalyze: 30_151 }, busy)).toHaveLength(1);
  });

  it("D4 leaves it to autoanalyze for a minute where nothing suffers: what was loaded and analyzed at once is counted twice", () => {
    const now = { changedSinceAnalyze: 90_000, lastAnalyzeSeconds: 17 };
    expect(findingsOf(now)).toEqual([]);
    expect(findingsOf({ ...now, lastAnalyzeSeconds: 60 })[0]).toMatchObject({ severity: "P3" });
    expect(findingsOf({ ...now, autovacuumEnabled: false })[0]).toMatchObject({ severity: "P3" });
    expect(findingsOf(now, busy)[0]).toMatchObject({ severity: "P2" });
  });

  it("D4 says nothing of a table loaded and analyzed just now, nor of a small one", () => {
    expect(findingsOf({ changedSinceAnalyze: 0, lastAnalyzeSeconds: 3 }, busy)).toEqual([]);
    expect(findingsOf({ ...stale, liveRows: 9999 }, busy)).toEqual([]);
  });

  it("D4 knows a table that nobody ever analyzed", () => {
    const never = { lastAnalyzeSeconds: null, lastAutoanalyzeSeconds: null, changedSinceAnalyze: 100_000 };
    expect(findingsOf(never)[0]?.summary).toContain("never analyzed");
  });
});
