import { describe, expect, it } from "vitest";
import { parseMysqlExplain } from "../../../functions/core/plans/mysql-explain-json.ts";
import { readMysqlPlan } from "../../../functions/core/plans/mysql-read-plan.ts";

const scan = (table: string, rows: number) => ({
  table_name: table,
  access_type: "index",
  key: "PRIMARY",
  rows_examined_per_scan: rows,
});

/** As MySQL 9.7 explains `… FROM shipments s LEFT JOIN (SELECT … FROM shipment_events GROUP BY …) h ON …`. */
function explained(derived: object, ...joined: readonly object[]) {
  const one = { table_name: "s", access_type: "const", rows_examined_per_scan: 1 };
  const query_block = { nested_loop: [{ table: one }, { table: derived }, ...joined] };
  return parseMysqlExplain([{ EXPLAIN: JSON.stringify({ query_block }) }]);
}

const derived = (alias: string) => ({
  table_name: alias,
  access_type: "ref",
  rows_examined_per_scan: 10,
  materialized_from_subquery: {
    dependent: false,
    query_block: { grouping_operation: { table: scan("shipment_events", 85_091) } },
  },
});

const spent = (plan: ReturnType<typeof explained>) => {
  if (plan === null) throw new Error("not understood");
  const context = {
    facts: new Map(),
    limited: false,
    folded: false,
    order: [],
    functional: false,
    usefulShare: null,
  };
  return readMysqlPlan(plan, { ...context, examinedPerCall: 1 }).spends;
};

describe("a derived table of MySQL", () => {
  it("P33 is put together for each call: nothing is joined to what it is made of", () => {
    const plan = explained(derived("h"));
    expect(plan?.tables.map(({ table, builtInto }) => [table, builtInto])).toEqual([
      ["s", undefined],
      ["h", undefined],
      ["shipment_events", "h"],
    ]);
    expect(spent(plan)).toBe(
      "h is put together for each call, whatever is asked of it, out of about 85091 rows of shipment_events",
    );
  });

  it("P33 is told from a join that no index serves", () => {
    const outer = { table: { ...scan("orders", 500), access_type: "ref" } };
    const plan = explained({ ...scan("s2", 1), access_type: "const" }, outer, { table: scan("lines", 9000) });
    expect(spent(plan)).toBe("each of about 500 rows of orders meets about 9000 of lines, found by no index");
  });
});
