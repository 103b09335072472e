import { describe, expect, it } from "vitest";
import { misjudgedTable } from "../../../functions/core/plans/mysql-misjudged-table.ts";

const read = (table: string, access: string, rows: number) => ({
  ...{ table, access, rows, key: null, joinBuffer: false },
  ...{ possibleKeys: [], conditions: [] },
});
const facts = new Map([["b", { schema: "shop", table: "big", columns: [], indexes: [] }]]);
const judged = (first: ReturnType<typeof read>, examinedPerCall: number, dependent = false) =>
  misjudgedTable(
    {
      tables: [first, read("s", "eq_ref", 1)],
      ...{ filesort: false, temporaryTable: false, dependent, cost: 0.7 },
    },
    { facts, examinedPerCall },
  );

describe("a table that a MySQL plan misjudges", () => {
  it("D4 is one that is read whole as a small one, while each call looks at far more than was planned", () => {
    expect(judged(read("b", "ALL", 1), 189_432)).toEqual({
      table: "shop.big",
      detail:
        "begins with the whole of shop.big, about 1 rows as the planner knows it, and expects to look at 2 in all: each call looks at 189432",
    });
  });

  it("D4 is none where values may be to blame, the table is known as large, or another part is run again", () => {
    expect(judged(read("b", "ref", 1), 189_432)).toBeNull();
    expect(judged(read("b", "ALL", 90_000), 189_432)).toBeNull();
    expect(judged(read("b", "ALL", 1000), 189_432)).toBeNull();
    expect(judged(read("b", "ALL", 1), 189_432, true)).toBeNull();
    expect(judged(read("other", "ALL", 1), 189_432)).toBeNull();
  });
});
