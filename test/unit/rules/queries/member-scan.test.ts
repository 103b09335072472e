import { describe, expect, it } from "vitest";
import { missingIndex } from "../../../../functions/core/rules/queries/missing-index.ts";
import { aPlan, aStatement, lookedDeeper } from "../../../support/statement-builder.ts";

const query = "SELECT id FROM hooks WHERE payload ->> $2 = $1";
const busy = aStatement({
  query,
  now: { callsPerSecond: 36, averageSessions: 4.7, meanSeconds: 0.13, percentOfTime: 99 },
});
const testing = (condition: string) =>
  `100 % of its plan's cost: a Seq Scan of hooks for 995 rows, testing ${condition}`;
const scan = {
  kind: "sequential-scan",
  relation: "public.hooks",
  detail: "public.hooks (199052 rows) is read whole for 995 rows",
} as const;
const told = (plan: Parameters<typeof aPlan>[0], statement = busy) =>
  missingIndex.evaluate(
    lookedDeeper({
      "postgres-plans": [
        aPlan({ query, problems: [scan], spends: testing("((hooks.payload ->> $1) = $2)"), ...plan }),
      ],
      "postgres-top-statements": [statement],
    }),
  );

describe("a table read whole for a member of a document", () => {
  it("D4 lacks an index that only its author can write, and no index is made for it", () => {
    const [finding, ...others] = told({});
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.summary).toContain("serves a condition on a member of payload");
    expect(finding?.evidence.at(-1)?.says).toContain(
      "CREATE INDEX CONCURRENTLY ON public.hooks ((payload ->> '…'))",
    );
  });

  it.each([
    ["gives very many rows", { meanRows: 50_000 }],
    ["tests no equality", { spends: testing("((hooks.payload ->> $1) > $2)") }],
    ["tests a column", { spends: testing("(hooks.state = $1)") }],
    ["reads no table whole", { problems: [] }],
  ])("D4 is nothing of the kind where the statement %s", (_, plan) => {
    expect(told(plan)).toEqual([]);
  });

  it("D4 is nothing where the statement takes next to no time", () => {
    expect(told({}, aStatement({ query }))).toEqual([]);
  });
});
