import { describe, expect, it } from "vitest";
import { columnConditions, sortColumn } from "../../../functions/core/plans/plan-conditions.ts";

const short = (expression: string) =>
  columnConditions(expression).map(({ alias, column, kind, cast }) => [alias, column, kind, cast]);

describe("conditions of a plan", () => {
  it.each([
    ["(o.id = $1)", [["o", "id", "equality", null]]],
    [
      "((o.a = $1) AND (o.at > '2026 AND 1'::text))",
      [
        ["o", "a", "equality", null],
        ["o", "at", "range", null],
      ],
    ],
    ["((o.status)::text = 'x) AND (y'::text)", [["o", "status", "equality", "text"]]],
    ["(o.id = ANY ($1))", [["o", "id", "equality", null]]],
    ["(o.gone IS NULL)", [["o", "gone", "equality", null]]],
    ['(o."Some ""Name" = 1)', [["o", 'Some "Name', "equality", null]]],
    ["(c.id = o.customer_id)", [["c", "id", "equality", null]]],
    ["($1 = o.id)", [["o", "id", "equality", null]]],
    [
      "((a = 1) AND ((b = 2) AND (c < 3)))",
      [
        [null, "a", "equality", null],
        [null, "b", "equality", null],
        [null, "c", "range", null],
      ],
    ],
  ])("P16 reads %s", (expression, expected) => {
    expect(short(expression)).toEqual(expected);
  });

  it.each([
    "((o.a = 1) OR (o.b = 2))",
    "(lower(o.name) = 'x'::text)",
    "(o.a = o.b)",
    "(o.name ~~ 'x%'::text)",
    "o.flag",
    "((",
    "",
    "(o.a <> 1)",
  ])("P16 finds nothing that an index serves in %s", (expression) => {
    expect(short(expression)).toEqual([]);
  });

  it("P16 keeps how an order is sorted, and takes no expressions", () => {
    expect(sortColumn("o.at DESC NULLS LAST")).toEqual({
      alias: "o",
      column: "at",
      order: "DESC NULLS LAST",
    });
    expect(sortColumn("(lower(o.name))")).toBeNull();
  });
});
