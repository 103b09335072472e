import { describe, expect, it } from "vitest";
import type { CountedCall } from "../../../functions/core/plans/counted-search.ts";
import type { PlanNode } from "../../../functions/core/plans/explain-json.ts";
import { readPlan } from "../../../functions/core/plans/read-plan.ts";
import { suggestIndex } from "../../../functions/core/plans/suggest-index.ts";
import type { TableFacts } from "../../../functions/core/plans/table-facts.ts";

const facts: TableFacts = {
  ...{ schema: "s", relation: "outbox", rootSchema: "s", rootRelation: "outbox", partitioned: false },
  columns: [
    { name: "id", type: "int8", distinct: 240_000 },
    { name: "status", type: "text", distinct: 1 },
    { name: "kind", type: "text", distinct: 6 },
    { name: "sent_at", type: "timestamptz", distinct: 1 },
  ],
  indexes: [["id"], ["kind"]],
  named: [
    { index: "outbox_pkey", columns: ["id"] },
    { index: "outbox_kind", columns: ["kind"] },
  ],
};

function node(type: string, rows: number, more: Partial<PlanNode> = {}): PlanNode {
  const none = { schema: null, relation: null, alias: null, role: null, filter: null, joinCondition: null };
  const rest = { widthBytes: 100, totalCost: 10, sortKeys: [], plannedPartitions: 0, children: [] };
  return { ...none, ...rest, type, rows, ...more };
}
const table = { schema: "s", relation: "outbox", alias: "outbox" };
const scan = (rows: number, filter: string, more: Partial<PlanNode> = {}): PlanNode =>
  node("Seq Scan", rows, { ...table, filter, ...more });
const sorted = (by: string, child: PlanNode): PlanNode =>
  node("Limit", Math.min(50, child.rows), {
    children: [node("Sort", child.rows, { sortKeys: [by], children: [child] })],
  });

function suggested(plan: PlanNode, call: CountedCall | null = null, counted = ["s.outbox"], known = facts) {
  const limits = { workMemBytes: 4e6, hashMemBytes: 8e6, tableRows: new Map([["s.outbox", 240_000]]) };
  const { candidates } = readPlan(plan, { ...limits, call, counted: new Set(counted) });
  return candidates.flatMap((candidate) => suggestIndex(candidate, known) ?? []);
}

describe("rows that are rare in a column of few values", () => {
  const unsent = sorted("outbox.id", scan(1, "(outbox.sent_at IS NULL)"));

  it("P16 want an index of those rows alone, in the order in which they are asked for", () => {
    expect(suggested(unsent)).toMatchObject([
      {
        columns: ["id"],
        where: "sent_at IS NULL",
        createIndex: "CREATE INDEX CONCURRENTLY ON s.outbox (id) WHERE sent_at IS NULL",
      },
    ]);
    expect(suggested(scan(1, "(outbox.sent_at IS NULL)"))).toMatchObject([
      { createIndex: "CREATE INDEX CONCURRENTLY ON s.outbox (sent_at) WHERE sent_at IS NULL" },
    ]);
  });

  it("P16 have one already where an index begins with what is absent", () => {
    expect(suggested(unsent, null, [], { ...facts, indexes: [["sent_at", "id"]] })).toEqual([]);
  });

  it("P16 are not rare where the planner expects a share of the table", () => {
    expect(suggested(scan(20_000, "(outbox.sent_at IS NULL)"))).toEqual([]);
    expect(suggested(scan(200_000, "(outbox.sent_at IS NULL)"))).toEqual([]);
  });

  it("P16 are found by an order that no index gives, all that is tested going before it", () => {
    const by = sorted("outbox.id", scan(230_000, "(outbox.status = $1)"));
    expect(suggested(by)).toMatchObject([{ columns: ["status", "id"] }]);
    const more = "((outbox.status = $1) AND (outbox.kind ~~ '%a'::text))";
    expect(suggested(sorted("outbox.id", scan(230_000, more)))).not.toMatchObject([
      { columns: ["status", "id"] },
    ]);
  });

  it("P16 want none on a sixth of the table for the first rows of an order that it does not give", () => {
    const by = sorted("(abs(outbox.id))", scan(40_000, "(outbox.kind = $1)"));
    expect(suggested(by, null, [], { ...facts, indexes: [["id"]] })).toEqual([]);
  });
});

describe("what a call comes upon, against what a plan expects", () => {
  const walk = node("Index Scan", 240_000, {
    ...table,
    walks: "outbox_pkey",
    filter: "(outbox.status = $1)",
  });
  const first = node("Limit", 24_000, { children: [walk] });
  const locked = node("Limit", 24_000, { children: [node("LockRows", 240_000, { children: [walk] })] });
  const call = { rows: 3, pages: 6000 };

  it.each([
    ["the first rows", first],
    ["the first rows, locked", locked],
  ])("P16 wants what is tested before the order that is walked: %s", (_, plan) => {
    expect(suggested(plan, call)).toMatchObject([
      {
        columns: ["status", "id"],
        counted: true,
        why: "s.outbox is read along index outbox_pkey: 6000 pages are come upon for 3 rows, each call, whatever the plan expects",
      },
    ]);
  });

  it("P16 wants an index for the few rows that come of a table that is read whole", () => {
    expect(suggested(scan(240_000, "(outbox.status = $1)"), call)).toMatchObject([{ columns: ["status"] }]);
  });

  it("P16 wants what is filtered before what an index leaves", () => {
    const index = { name: "outbox_kind", condition: "(outbox.kind = $1)" };
    const wide = node("Index Scan", 300, { ...table, index, filter: "(outbox.status = $2)" });
    expect(suggested(wide, call)).toMatchObject([
      { columns: ["kind", "status"], narrows: "outbox_kind", counted: true },
    ]);
  });

  const grouped = node("Aggregate", 1, { children: [scan(240_000, "(outbox.status = $1)")] });
  const twice = node("Nested Loop", 1, { children: [scan(240_000, "(outbox.status = $1)"), walk] });
  it.each([
    ["few pages are come upon", first, { rows: 3, pages: 500 }],
    ["as many rows as pages come", first, { rows: 50, pages: 6000 }],
    ["many rows come", scan(240_000, "(outbox.status = $1)"), { rows: 9000, pages: 9_000_000 }],
    ["rows are counted", grouped, call],
    ["two tables are read", twice, call],
    ["nothing is counted", first, null],
    [
      "a LIMIT takes the first of all that were found and sorted",
      sorted("(abs(outbox.id))", scan(240_000, "(outbox.status = $1)")),
      { rows: 10, pages: 6000 },
    ],
    [
      "something else is tested, too",
      node("Limit", 1, { children: [{ ...walk, filter: "((outbox.status = $1) AND (outbox.id > $2))" }] }),
      call,
    ],
  ])("P16 wants none where %s", (_, plan, counted) => {
    expect(suggested(plan, counted)).toEqual([]);
  });

  it("P16 wants none where the pages are dead rows or values kept elsewhere", () => {
    expect(suggested(first, call, [])).toEqual([]);
  });
});
