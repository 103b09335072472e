import { describe, expect, it } from "vitest";
import { parseMysqlExplain } from "../../../functions/core/plans/mysql-explain-json.ts";
import { withSingleValues } from "../../../functions/core/plans/mysql-made-up-values.ts";
import { readMysqlPlan } from "../../../functions/core/plans/mysql-read-plan.ts";

const facts = {
  ...{ schema: "app", table: "tickets" },
  columns: ["no", "tenant_id", "state", "updated_at"].map((name) => ({ name, type: "int" })),
  indexes: [["no"], ["tenant_id", "state"]],
};

/** As MariaDB 10.11 answers, sorted behind the range of an index. */
function planOf(indexCondition: string, more: object = {}) {
  const table = {
    ...{ table_name: "t", access_type: "range", possible_keys: ["by_state"], key: "by_state" },
    ...{ used_key_parts: ["tenant_id", "state"], rows: 4, index_condition: indexCondition, ...more },
  };
  const block = {
    select_id: 1,
    nested_loop: [{ read_sorted_file: { filesort: { sort_key: "t.updated_at desc", table } } }],
  };
  const plan = parseMysqlExplain([{ EXPLAIN: JSON.stringify({ query_block: block }) }]);
  if (plan === null) throw new Error("no plan");
  return withSingleValues(plan);
}

function suggestedFor(indexCondition: string, more: object = {}) {
  return readMysqlPlan(planOf(indexCondition, more), {
    facts: new Map([["t", facts]]),
    ...{ order: ["updated_at"], limited: true, folded: false, functional: false },
    ...{ usefulShare: 0.002, examinedPerCall: 25_000 },
  }).suggestions.map(({ columns, narrows }) => ({ columns, narrows }));
}

describe("a plan made with values that nobody kept", () => {
  it("P33 reads a made-up pair as the one value that was compared: the order goes behind it", () => {
    expect(suggestedFor("t.tenant_id in ('1','2') and t.state in ('1','2')")).toEqual([
      { columns: ["tenant_id", "state", "updated_at"], narrows: "by_state" },
    ]);
  });

  it("P33 takes MySQL's numbers for the same", () => {
    const { tables } = planOf("((`app`.`t`.`tenant_id` in (1,2)) and (`app`.`t`.`state` in ('1','2')))");
    expect(tables).toMatchObject([{ access: "ref", refs: ["const", "const"] }]);
  });

  it.each([
    [
      "a list, of which each value has its own order",
      "t.tenant_id in ('1','2') and t.state in ('1','2','3')",
    ],
    ["a range", "t.tenant_id in ('1','2') and t.state > '1'"],
  ])("P33 still sees %s", (_, condition) => {
    expect(suggestedFor(condition)).toEqual([]);
    expect(planOf(condition).tables).toMatchObject([{ access: "range" }]);
  });
});
