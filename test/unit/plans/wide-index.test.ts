import { describe, expect, it } from "vitest";
import { parseExplain } from "../../../functions/core/plans/explain-json.ts";
import { readPlan } from "../../../functions/core/plans/read-plan.ts";

const docs = { Schema: "public", "Relation Name": "docs", Alias: "docs", "Plan Width": 40 };
const limits = {
  workMemBytes: 4 << 20,
  hashMemBytes: 8 << 20,
  tableRows: new Map([["public.docs", 60_000]]),
};

function read(heap: object = {}, bitmap: object = {}) {
  const plan = parseExplain([
    {
      "QUERY PLAN": [
        {
          Plan: {
            ...{ "Node Type": "Bitmap Heap Scan", ...docs, "Plan Rows": 1, "Total Cost": 1100 },
            Filter: "((docs.external_ref)::text = $2)",
            ...heap,
            Plans: [
              {
                ...{ "Node Type": "Bitmap Index Scan", "Parent Relationship": "Outer", "Plan Width": 0 },
                ...{ "Plan Rows": 3100, "Total Cost": 45, "Index Name": "live" },
                "Index Cond": "((docs.tenant_id = $1) AND (docs.deleted_at IS NULL))",
                ...bitmap,
              },
            ],
          },
        },
      ],
    },
  ]);
  if (plan === null) throw new Error("the plan of the test is none");
  return readPlan(plan, limits);
}

describe("an index that leaves thousands of rows of which the filter keeps one", () => {
  it("P16 wants one for all that is compared", () => {
    const { problems, candidates } = read();
    expect(problems).toMatchObject([
      {
        kind: "wide-index",
        detail: expect.stringContaining("live of public.docs leaves about 3100 rows"),
      },
    ]);
    expect(candidates).toMatchObject([
      {
        equality: [
          { column: "external_ref", cast: "text" },
          { column: "tenant_id", cast: null },
          { column: "deleted_at", cast: null },
        ],
        narrows: "live",
      },
    ]);
  });

  it.each([
    ["it leaves few rows", read({}, { "Plan Rows": 90 })],
    ["most of what it leaves is kept", read({ "Plan Rows": 2000 })],
    ["nothing else is tested", read({ Filter: undefined })],
    ["a pattern is tested, too", read({ Filter: "((docs.kind = $2) AND (docs.title ~~ '%a%'::text))" })],
    ["no column is compared for equality", read({ Filter: "(docs.made_at > $2)" })],
  ])("P16 wants none where %s", (_why, { problems, candidates }) => {
    expect([...problems, ...candidates]).toEqual([]);
  });
});
