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

  it("P16 wants one for what two indexes leave together, too", () => {
    const index = {
      "Node Type": "Bitmap Index Scan",
      "Plan Width": 0,
      "Plan Rows": 20_000,
      "Total Cost": 220,
    };
    const { candidates, problems } = read(
      {},
      {
        ...{ "Node Type": "BitmapAnd", "Plan Rows": 5000, "Index Name": undefined, "Index Cond": undefined },
        Plans: [
          { ...index, "Index Name": "of_kind", "Index Cond": "(docs.kind = $3)" },
          { ...index, "Index Name": "of_tenant", "Index Cond": "(docs.tenant_id = $1)" },
        ],
      },
    );
    expect(problems[0]?.detail).toBe(
      "index of_kind with index of_tenant of public.docs leaves about 5000 rows of an average value, each of which is tested for 1",
    );
    expect(candidates).toMatchObject([
      {
        equality: [{ column: "external_ref" }, { column: "kind" }, { column: "tenant_id" }],
        narrows: "of_kind with index of_tenant",
      },
    ]);
  });

  it("P16 wants none where one of the two is not known to be of an index", () => {
    const index = {
      "Node Type": "Bitmap Index Scan",
      "Plan Width": 0,
      "Plan Rows": 20_000,
      "Total Cost": 220,
    };
    const either = { ...index, "Node Type": "BitmapOr" };
    const Plans = [{ ...index, "Index Name": "of_kind", "Index Cond": "(docs.kind = $3)" }, either];
    const and = {
      "Node Type": "BitmapAnd",
      "Plan Rows": 5000,
      "Index Name": undefined,
      "Index Cond": undefined,
    };
    const { problems, candidates } = read({}, { ...and, Plans });
    expect([...problems, ...candidates]).toEqual([]);
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
