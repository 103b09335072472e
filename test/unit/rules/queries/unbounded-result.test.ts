import { describe, expect, it } from "vitest";
import { unboundedResult as rule } from "../../../../functions/core/rules/queries/unbounded-result.ts";
import { aRunning } from "../../../support/forest-builder.ts";
import { aStatement, lookedDeeper } from "../../../support/statement-builder.ts";

describe("unbounded-result", () => {
  const many = {
    callsPerSecond: 3,
    meanSeconds: 0.4,
    averageSessions: 1.2,
    percentOfTime: 90,
    rowsPerSecond: 60_000,
  };
  const all = "SELECT id, note FROM orders WHERE state = $1";
  const findingsOf = (overrides: Parameters<typeof aStatement>[0], scene = {}) =>
    rule.evaluate(
      lookedDeeper(
        { "postgres-top-statements": [aStatement({ query: all, now: many, ...overrides })] },
        scene,
      ),
    );

  it("D4 is P2 while so many rows keep the CPUs busy", () => {
    const [finding] = findingsOf({});
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.summary).toContain("20000 rows a call");
  });

  it.each([
    ["a limit", "SELECT id FROM orders WHERE state = $1 LIMIT $2"],
    ["FETCH FIRST", "SELECT id FROM orders FETCH FIRST 10 ROWS ONLY"],
    ["one aggregate", "SELECT count(*) FROM orders"],
    ["a change", "UPDATE orders SET note = $1"],
    ["a copy", "COPY orders TO STDOUT"],
  ])("D4 leaves out %s", (_name, query) => {
    expect(findingsOf({ query })).toEqual([]);
  });

  it("D4 leaves out an export that ran a few times, and a backup", () => {
    expect(findingsOf({ sinceReset: { calls: 4 } })).toEqual([]);
    const sessions = [
      aRunning(1, 5, { query: "SELECT id, note FROM orders WHERE state = ?", application: "pg_dump" }),
    ];
    expect(findingsOf({}, { sessions })).toEqual([]);
  });

  it("D4 begins at 5,000 rows a call", () => {
    expect(findingsOf({ now: { ...many, rowsPerSecond: 14_997 } })).toEqual([]);
    expect(findingsOf({ now: { ...many, rowsPerSecond: 15_000 } })).toHaveLength(1);
  });

  it("D4 is hygiene when it was only called before", () => {
    const idle = {
      callsPerSecond: 0,
      rowsPerSecond: 0,
      averageSessions: 0,
      percentOfTime: 0,
      meanSeconds: null,
    };
    expect(findingsOf({ now: idle, sinceReset: { calls: 20, rows: 400_000 } })[0]).toMatchObject({
      severity: "P3",
    });
  });
});
