import { describe, expect, it } from "vitest";
import type { PlanNode } from "../../../functions/core/plans/explain-json.ts";
import { loopEstimates, outlasting } from "../../../functions/core/plans/loop-estimate.ts";

function node(type: string, rows: number, more: Partial<PlanNode> = {}): PlanNode {
  const none = { schema: null, relation: null, alias: null, role: null, filter: null, joinCondition: null };
  const rest = { widthBytes: 100, totalCost: 8.7, sortKeys: [], plannedPartitions: 0, children: [] };
  return { ...none, ...rest, type, rows, ...more };
}
const scan = (relation: string, rows: number, condition: string): PlanNode =>
  node("Index Scan", rows, {
    ...{ schema: "s", relation, alias: relation, index: { name: `${relation}_day`, condition } },
  });
const today = "(day = CURRENT_DATE)";
const loop = (rows = 1, condition = today, cost = 8.7): PlanNode =>
  node("Aggregate", 1, {
    totalCost: cost,
    children: [
      node("Nested Loop", 1, { children: [scan("parcels", rows, condition), scan("scans", 1, today)] }),
    ],
  });
const tables = new Map([
  ["s.parcels", 92_851],
  ["s.scans", 92_851],
]);
const call = { rows: 7, pages: 65_596 };

describe("a nested loop over rows that the planner does not know", () => {
  it("P16 is told of both tables where a call comes upon far more pages than the plan costs", () => {
    expect(loopEstimates(loop(), { call, ran: null }, tables)).toEqual(
      ["s.parcels", "s.scans"].map((relation) => ({
        ...{ kind: "loop-estimate", relation },
        detail:
          "about 1 rows are expected to be looked up one by one in s.scans, and 8.7 is the cost of it all: each call comes upon 65596 pages",
      })),
    );
    expect(loopEstimates(loop(), { call, ran: null }, new Map([["s.parcels", 92_851]]))).toHaveLength(1);
  });

  it.each([
    ["nothing is counted", loop(), null],
    ["it waits, and works little", loop(), { rows: 7, pages: 400 }],
    ["it costs what it comes upon", loop(1, today, 20_000), call],
    ["many rows are expected", loop(2800), call],
    ["the rows are those of a parameter, which may be the one that has many", loop(1, "(day = $1)"), call],
    ["a LIMIT promised an early end", node("Limit", 1, { children: [loop()] }), call],
    ["no row is joined", node("Aggregate", 1, { children: [scan("parcels", 1, today)] }), call],
  ])("P16 is none where %s", (_, plan, counted) => {
    expect(loopEstimates(plan, { call: counted, ran: null }, tables)).toEqual([]);
  });

  it.each([
    ["it takes far longer than calls do", { calls: 1000, seconds: 40, pages: 9000 }, 4.4],
    ["calls come upon many pages", { calls: 10, seconds: 44, pages: 40_000 }, 4.4],
    ["pages are not counted", { calls: 10, seconds: 44, pages: null }, 4.4],
    [
      "every call is slow and comes upon few pages, as on a slow disk",
      { calls: 10, seconds: 44, pages: 90 },
      null,
    ],
  ])("P16 counts the time of a call where %s", (_, counted, ran) => {
    expect(outlasting(4.4, counted)).toBe(ran);
    expect(outlasting(null, counted)).toBeNull();
  });

  it("P16 is told of a call that has run far longer than its cost stands for, where pages are not known", () => {
    const ran = (seconds: number, cost = 8.7) =>
      loopEstimates(loop(1, today, cost), { call: null, ran: seconds }, tables)[0]?.detail;
    expect(ran(2.6)).toContain("8.7 is the cost of it all: one has run for 2.6 s");
    expect(ran(0.8)).toBeUndefined();
    expect(ran(2.6, 900)).toBeUndefined();
  });
});
