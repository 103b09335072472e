import { describe, expect, it } from "vitest";
import { nPlusOne as rule } from "../../../../functions/core/rules/queries/n-plus-one.ts";
import { anAlarm } from "../../../support/evidence-builder.ts";
import { aRunning } from "../../../support/forest-builder.ts";
import { aStatement, lookedDeeper } from "../../../support/statement-builder.ts";

describe("n-plus-one", () => {
  const lookup = aStatement({
    queryId: "2",
    query: "SELECT label FROM items WHERE list_id = $1",
    now: {
      callsPerSecond: 2000,
      meanSeconds: 0.0001,
      averageSessions: 0.2,
      rowsPerSecond: 2000,
      percentOfTime: 90,
    },
  });
  const list = (rowsPerSecond: number, overrides = {}) =>
    aStatement({
      queryId: "1",
      query: "SELECT id FROM lists WHERE owner = $1 ORDER BY id LIMIT $2",
      now: { callsPerSecond: 50, rowsPerSecond, percentOfTime: 5 },
      ...overrides,
    });
  const alarm = { overrides: { signal: anAlarm("CPUUtilization") } };
  const findingsOf = (rows: ReturnType<typeof aStatement>[], scene = {}) =>
    rule.evaluate(lookedDeeper({ "postgres-top-statements": rows }, scene));

  it("D4 sees the list behind the lookups, and is P2 while the CPU is full", () => {
    const [finding] = findingsOf([lookup, list(2000)], alarm);
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.summary).toContain("2000 times a second");
    expect(finding?.explains).toContainEqual(expect.objectContaining({ cause: "cpu-saturated" }));
  });

  it("D4 is hygiene while nothing is short", () => {
    expect(findingsOf([lookup, list(2000)])[0]).toMatchObject({ severity: "P3" });
  });

  it("D4 takes many lookups by key with no list behind them for what they are", () => {
    expect(findingsOf([lookup], alarm)).toEqual([]);
    expect(findingsOf([lookup, list(900)], alarm)).toEqual([]);
    expect(findingsOf([lookup, list(4100)], alarm)).toEqual([]);
    expect(findingsOf([lookup, list(2000, { user: "billing" })], alarm)).toEqual([]);
  });

  it("D4 begins at 100 calls a second", () => {
    const at = (callsPerSecond: number) =>
      findingsOf(
        [
          { ...lookup, now: { ...lookup.now, callsPerSecond, rowsPerSecond: callsPerSecond } },
          list(100, { now: { callsPerSecond: 4, rowsPerSecond: 100 } }),
        ],
        alarm,
      );
    expect(at(99)).toEqual([]);
    expect(at(100)).toHaveLength(1);
  });

  it("C1 names the application seen calling it", () => {
    const query = "SELECT label FROM items WHERE list_id = ?";
    const sessions = [aRunning(1, 0.1, { query, application: "storefront" })];
    expect(findingsOf([lookup, list(2000)], { sessions })[0]?.summary).toContain("by storefront");
  });
});
