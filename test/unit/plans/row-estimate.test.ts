import { describe, expect, it } from "vitest";
import type { PlanNode } from "../../../functions/core/plans/explain-json.ts";
import { rowEstimateProblem } from "../../../functions/core/plans/row-estimate.ts";

function node(type: string, rows: number, children: readonly PlanNode[] = []): PlanNode {
  const none = { schema: null, relation: null, alias: null, role: null, filter: null, joinCondition: null };
  return { ...none, type, rows, children, widthBytes: 8, totalCost: 1, sortKeys: [], plannedPartitions: 0 };
}

const of = (query: string, known = 0) => ({
  query,
  tableRows: new Map([["shop.tickets", known]]),
});
const byKey = of("SELECT id FROM tickets WHERE shop = $1");

describe("rows that the planner expects", () => {
  it("P16 are a problem where ten times as many or as few come", () => {
    expect(rowEstimateProblem(node("Seq Scan", 20_000), 20, byKey)?.kind).toBe("row-estimate");
    expect(rowEstimateProblem(node("Seq Scan", 20_000), 2001, byKey)).toBeNull();
    expect(rowEstimateProblem(node("Seq Scan", 20), 20_000, byKey)?.kind).toBe("row-estimate");
  });

  it("P16 under a LIMIT that is a parameter are a guess, unless more come than the planner knows of", () => {
    const limited = node("Limit", 20_000, [node("Sort", 200_000)]);
    expect(rowEstimateProblem(limited, 20, byKey)).toBeNull();
    expect(rowEstimateProblem(node("Limit", 10, [node("Sort", 100)]), 5000, byKey)?.kind).toBe(
      "row-estimate",
    );
  });

  it.each([
    "SELECT id FROM tickets WHERE note LIKE $1",
    "SELECT id FROM tickets WHERE note ILIKE ANY ($1)",
    "SELECT id FROM tickets WHERE note ~* ($2)::text",
    "SELECT id FROM tickets WHERE opened >= $1",
    "SELECT id FROM tickets WHERE opened BETWEEN $1 AND $2",
    "SELECT id FROM tickets WHERE $1 < opened",
    "SELECT id FROM tickets WHERE data @> $1",
  ])(
    "P16 of a value that the planner takes a constant share for say nothing of its statistics: %s",
    (query) => {
      const scan = { ...node("Seq Scan", 643), schema: "shop", relation: "tickets" };
      expect(rowEstimateProblem(scan, 1.5, of(query, 128_559))).toBeNull();
      expect(rowEstimateProblem(scan, 60_000, of(query, 128_559))).toBeNull();
      expect(rowEstimateProblem({ ...scan, rows: 5 }, 60_000, of(query, 1000))?.kind).toBe("row-estimate");
    },
  );

  it.each([
    "SELECT id FROM tickets WHERE shop <> $1",
    "SELECT id FROM tickets WHERE data ->> $1 = $2",
    "SELECT id FROM tickets WHERE shop = ANY ($1)",
    "SELECT id FROM tickets ORDER BY place <-> $1",
  ])("P16 of any other value rest on statistics: %s", (query) => {
    expect(rowEstimateProblem(node("Seq Scan", 643), 1.5, of(query, 128_559))?.kind).toBe("row-estimate");
  });
});
