import { describe, expect, it } from "vitest";
import { costliestStep } from "../../../../functions/core/plans/costliest-step.ts";
import { parseExplain } from "../../../../functions/core/plans/explain-json.ts";
import { rerunSubquery } from "../../../../functions/core/text/rerun-subquery.ts";

function spends(filter: string): string | null {
  const plan = parseExplain([
    {
      "QUERY PLAN": [
        {
          Plan: {
            ...{ "Node Type": "Index Scan", "Relation Name": "events", "Plan Rows": 1700, "Plan Width": 40 },
            ...{ "Total Cost": 4_000_000, Filter: filter },
            Plans: [
              {
                ...{ "Node Type": "Seq Scan", "Relation Name": "sent", "Parent Relationship": "SubPlan" },
                ...{ "Plan Rows": 100_000, "Plan Width": 4, "Total Cost": 1600 },
              },
            ],
          },
        },
      ],
    },
  ]);
  return plan && costliestStep(plan);
}

describe("a subquery that a plan runs again for each row", () => {
  it("P16 is told by what it tests", () => {
    const told = spends("(NOT (SubPlan 1))");
    expect(told).toContain("runs a subquery again for each of its rows");
    expect(rerunSubquery(told)).toBe("(NOT (SubPlan 1))");
  });

  it("P16 is none where it is hashed, or where the plan spends elsewhere", () => {
    expect(spends("(NOT (hashed SubPlan 1))")).not.toContain("again for each");
    expect(rerunSubquery(spends("(NOT (hashed SubPlan 1))"))).toBeNull();
    expect(
      rerunSubquery(
        "30 % of its plan's cost: a Seq Scan of t that runs a subquery again for each of its rows",
      ),
    ).toBeNull();
    expect(rerunSubquery("100 % of its plan's cost: a Seq Scan of t for 33 rows")).toBeNull();
    expect(rerunSubquery(null)).toBeNull();
  });
});
