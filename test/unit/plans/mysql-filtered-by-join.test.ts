import { describe, expect, it } from "vitest";
import { readMysqlPlan } from "../../../functions/core/plans/mysql-read-plan.ts";

const scanned = {
  ...{ table: "o", access: "index", rows: 50_000, possibleKeys: [], key: "PRIMARY" },
  ...{ refs: [], conditions: [], joinBuffer: false },
};
const lookedUp = {
  ...{ table: "c", access: "eq_ref", rows: 1, possibleKeys: ["PRIMARY", "email"], key: "PRIMARY" },
  ...{ refs: ["app.o.order_no"], conditions: ["c.email in ('1','2')"], joinBuffer: false },
};
const columns = [{ name: "order_no", type: "int" }];
const facts = { schema: "app", table: "lines", columns, indexes: [["id"]] };
const read = (second: object, context: object = {}) =>
  readMysqlPlan(
    {
      tables: [scanned, { ...lookedUp, ...second }],
      ...{ filesort: false, temporaryTable: false, dependent: false, cost: null },
    },
    {
      facts: new Map([["o", facts]]),
      ...{ order: ["id"], limited: false, folded: false, functional: false, usefulShare: 0.0004 },
      ...context,
    },
  ).suggestions.map((each) => each.columns);

describe("a table read whole whose rows another table throws away", () => {
  it("P33 wants an index on the column by which they meet", () => {
    expect(read({})).toEqual([["order_no"]]);
  });

  it("P33 wants none where its rows are used, or counted, or the other has no condition that a key may serve", () => {
    expect(read({}, { usefulShare: 0.6 })).toEqual([]);
    expect(read({}, { folded: true })).toEqual([]);
    expect(read({ conditions: [] })).toEqual([]);
    expect(read({ possibleKeys: ["PRIMARY"] })).toEqual([]);
    expect(read({ refs: ["app.x.order_no"] })).toEqual([]);
  });
});
