import { describe, expect, it } from "vitest";
import { missingIndex as rule } from "../../../../functions/core/rules/queries/missing-index.ts";
import { aPlan, aStatement, busy, lookedDeeper } from "../../../support/statement-builder.ts";

/** Two statements of one table; the second is the one that takes more time. */
function findingsOf(first: string[], second: string[], costWithIndex: number | null = null) {
  const made = [first, second].map((columns, at) => {
    const queryId = String(at + 1);
    const query = `SELECT ${at} FROM orders WHERE ${columns.map((column) => `${column} = $1`).join(" AND ")}`;
    const createIndex = `CREATE INDEX CONCURRENTLY ON public.orders (${columns.join(", ")})`;
    const suggestion = {
      schema: "public",
      table: "orders",
      columns,
      createIndex,
      why: "read whole",
      costWithIndex,
    };
    const problems = [{ kind: "sequential-scan" as const, relation: "public.orders", detail: "read whole" }];
    const now = { ...busy, averageSessions: 2 + at };
    return {
      plan: aPlan({ queryId, query, problems, suggestions: [suggestion] }),
      statement: aStatement({ queryId, query, now }),
    };
  });
  const view = lookedDeeper({
    "postgres-plans": made.map(({ plan }) => plan),
    "postgres-top-statements": made.map(({ statement }) => statement),
  });
  return new Map(rule.evaluate(view).map((finding) => [finding.subject, finding]));
}

describe("two indexes that begin alike", () => {
  it("D4 proposes the one that is wanted most, and tells the other with it", () => {
    const found = findingsOf(["owner_id", "kind", "made_at"], ["owner_id", "kind", "read_at"]);
    const lesser = found.get("public.orders (owner_id, kind, made_at)");
    const wanted = found.get("public.orders (owner_id, kind, read_at)");
    expect(wanted?.actions).toMatchObject([{ id: "create-index" }]);
    expect(wanted?.explains).toContainEqual({
      ...{ cause: "missing-index", subject: "public.orders (owner_id, kind, made_at)" },
      because: "one index that begins with owner_id and kind leaves few rows for both",
    });
    expect(lesser?.actions).toEqual([]);
    expect(lesser?.evidence.at(-1)?.says).toBe(
      "an index (owner_id, kind, read_at) that begins with owner_id and kind, too, is wanted more: build that one first, and see whether this one is still missed",
    );
  });

  it.each([
    ["have one column in common", findingsOf(["owner_id", "made_at"], ["owner_id", "read_at"])],
    ["were each tried", findingsOf(["owner_id", "kind", "made_at"], ["owner_id", "kind", "read_at"], 1)],
  ])("D4 proposes both where they %s", (_, found) => {
    expect([...found.values()].map(({ actions }) => actions.map(({ id }) => id))).toEqual([
      ["create-index"],
      ["create-index"],
    ]);
  });
});
