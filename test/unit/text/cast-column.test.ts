import { expect, it } from "vitest";
import { castColumn } from "../../../functions/core/text/cast-column.ts";

it("D4 finds the column that a plan converts, unless an index serves it all the same", () => {
  expect(castColumn("a Seq Scan of t for 9 rows, testing ((t.customer)::numeric = $1)")).toEqual({
    column: "customer",
    type: "numeric",
  });
  expect(castColumn("testing ((customer)::double precision > $1)")?.type).toBe("double precision");
  expect(castColumn("testing ((t.name)::text = $1)")).toBeNull();
  expect(castColumn("testing (t.id = $1)")).toBeNull();
});
