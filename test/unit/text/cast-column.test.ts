import { expect, it } from "vitest";
import { castColumn, insteadOfCast } from "../../../functions/core/text/cast-column.ts";

it("D4 finds the column that a plan converts, unless an index serves it all the same", () => {
  expect(castColumn("a Seq Scan of t for 9 rows, testing ((t.customer)::numeric = $1)", null)).toEqual({
    column: "customer",
    type: "numeric",
    asWritten: false,
  });
  expect(castColumn("testing ((customer)::double precision > $1)", null)?.type).toBe("double precision");
  expect(castColumn("testing ((t.name)::text = $1)", "select 1 from t where name = $1")).toBeNull();
  expect(castColumn("testing (t.id = $1)", null)).toBeNull();
});

it.each([
  'SELECT "w"."email" FROM "lists" "w" WHERE "w"."id"::text = $1',
  "select 1 from lists w where cast(w.id as varchar) = $1",
])("D4 takes a cast to text for the statement's own where its words say so: %s", (query) => {
  const cast = castColumn("a Seq Scan of lists for 9 rows, testing ((w.id)::text = $1)", query);
  expect(cast).toEqual({ column: "id", type: "text", asWritten: true });
  expect(insteadOfCast(cast)).toContain("id = $1::…");
  expect(castColumn("testing ((w.name)::text = $1)", query)).toBeNull();
});
