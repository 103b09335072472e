import { describe, expect, it } from "vitest";
import type { PlanNode } from "../../../functions/core/plans/explain-json.ts";
import { rowEstimateProblem } from "../../../functions/core/plans/read-plan.ts";

function node(type: string, rows: number, children: readonly PlanNode[] = []): PlanNode {
  const none = { schema: null, relation: null, alias: null, role: null, filter: null, joinCondition: null };
  return { ...none, type, rows, children, widthBytes: 8, totalCost: 1, sortKeys: [], plannedPartitions: 0 };
}

describe("rows that the planner expects", () => {
  it("P16 are a problem where ten times as many or as few come", () => {
    expect(rowEstimateProblem(node("Seq Scan", 20_000), 20)?.kind).toBe("row-estimate");
    expect(rowEstimateProblem(node("Seq Scan", 20_000), 2001)).toBeNull();
    expect(rowEstimateProblem(node("Seq Scan", 20), 20_000)?.kind).toBe("row-estimate");
  });

  it("P16 under a LIMIT that is a parameter are a guess, unless more come than the planner knows of", () => {
    const limited = node("Limit", 20_000, [node("Sort", 200_000)]);
    expect(rowEstimateProblem(limited, 20)).toBeNull();
    expect(rowEstimateProblem(node("Limit", 10, [node("Sort", 100)]), 5000)?.kind).toBe("row-estimate");
  });
});
