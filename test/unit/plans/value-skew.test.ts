import { describe, expect, it } from "vitest";
import type { PlanNode } from "../../../functions/core/plans/explain-json.ts";
import { valueSkew } from "../../../functions/core/plans/value-skew.ts";

const column = (name: string, distinct: number | null, top: number | null) => ({
  ...{ name, type: "int4", distinct, top },
});
const facts = (relation: string, rootRelation = relation) => ({
  ...{ schema: "public", relation, rootSchema: "public", rootRelation, partitioned: false, indexes: [] },
  rows: 100_000,
  columns: [
    column("id", 100_000, 0),
    column("tenant", 1000, 0.5),
    column("kind", 10, 0.11),
    column("x", null, null),
  ],
});
const tables = new Map(
  ["orders", "tenants", "part_1", "part_2"].map((name) => [
    `public.${name}`,
    facts(name, name.startsWith("part") ? "parts" : name),
  ]),
);
function scan(filter: string | null, more: Partial<PlanNode> = {}): PlanNode {
  const from = { type: "Seq Scan", schema: "public", relation: "orders", alias: "orders", role: null };
  const rest = {
    rows: 1,
    widthBytes: 4,
    totalCost: 1,
    joinCondition: null,
    sortKeys: [],
    plannedPartitions: 0,
  };
  return { ...from, ...rest, filter, children: [], ...more };
}
const over = (children: readonly PlanNode[], more: Partial<PlanNode> = {}): PlanNode =>
  scan(null, { type: "Append", schema: null, relation: null, alias: null, children, ...more });

describe("how many times as many rows as its plan expects a statement may find", () => {
  it.each([
    ["the most frequent value's", "(tenant = $1)", 500],
    ["no more where none stands out", "(id = $1)", 1],
    ["both columns'", "((tenant = $1) AND (kind = $2))", 550],
    ["a third of the table is taken for one bound", "(id > $1)", 3],
    ["a 200th for two", "((id >= $1) AND (id < $2))", 200],
    ["nothing where the value is known", "(tenant = 7)", 1],
  ])("P16 %s", (_name, filter, skew) => {
    expect(valueSkew(scan(filter), tables)).toBeCloseTo(skew);
  });

  it.each([
    ["either of two", "((tenant = $1) OR (kind = $2))"],
    ["any of a list", "(tenant = ANY ($1))"],
    ["all but one", "(tenant <> $1)"],
    ["an expression", "(lower(tenant) = $1)"],
    ["a column that has no statistics", "(x = $1)"],
  ])("P16 is not known of %s", (_name, filter) => {
    expect(valueSkew(scan(filter), tables)).toBeNull();
  });

  it("P16 partitions are asked for the same value, which counts once", () => {
    const part = (relation: string) => scan("(tenant = $1)", { relation, alias: relation });
    expect(valueSkew(over([part("part_1"), part("part_2")]), tables)).toBeCloseTo(500);
    const late = (relation: string) => scan("(id > $1)", { relation, alias: relation });
    expect(valueSkew(over([late("part_1"), late("part_2")]), tables)).toBe(3);
  });

  it("P16 a value that is known leads to a frequent one by a join", () => {
    const one = scan("(t.kind = 7)", { relation: "tenants", alias: "t" });
    const inner = scan(null, { alias: "o", index: { name: "by_tenant", condition: "(o.tenant = t.id)" } });
    expect(valueSkew(over([one, inner], { type: "Nested Loop" }), tables)).toBeCloseTo(500);
    const joined = { type: "Hash Join", joinCondition: "(t.id = o.tenant)" };
    expect(valueSkew(over([one, scan(null, { alias: "o" })], joined), tables)).toBeCloseTo(500);
  });
});
