import { describe, expect, it } from "vitest";
import { explainable } from "../../../functions/core/plans/explainable.ts";

const columns = new Set(["id", "state", "tracking_code", "at"]);

describe("a statement inside a function of PostgreSQL", () => {
  it.each([
    [
      "SELECT id FROM parcels WHERE tracking_code = p_code AND state = $1",
      "SELECT id FROM parcels WHERE tracking_code = $1 AND state = $2",
      2,
    ],
    [
      "select 1 from parcels x, gates g where x.id = g.id and state in (v_a, v_b, v_a) and g.at > now() - v_days * interval $1",
      "select 1 from parcels x, gates g where x.id = g.id and state in ($1, $2, $1) and g.at > now() - $3 * $4::interval",
      4,
    ],
    ["UPDATE stock SET qty = qty + NEW.delta WHERE sku = NEW.sku", "select 1 from stock where sku = $1", 1],
    [
      "SELECT state, count(*) AS n FROM parcels WHERE extract(year from at) = 2026 GROUP BY state HAVING count(*) > p_n ORDER BY state, n LIMIT p_max",
      "SELECT state, count(*) AS n FROM parcels WHERE extract(year from at) = 2026 GROUP BY state HAVING count(*) > $1 ORDER BY state, n LIMIT $2",
      2,
    ],
  ])("P16 has parameters for what the function gives it: %j", (text, sql, parameters) => {
    const known = new Set([...columns, "sku", "qty"]);
    expect(explainable(text, known)).toMatchObject({ kind: "yes", parameters });
    const { sql: made = "" } = { sql: undefined, ...explainable(text, known) };
    expect(made.replace(/\s+/g, " ").toLowerCase()).toBe(sql.toLowerCase());
  });

  it("P16 of a client's statement is no name changed", () => {
    expect(explainable("SELECT id FROM parcels WHERE tracking_code = p_code")).toMatchObject({
      sql: "SELECT id FROM parcels WHERE tracking_code = p_code",
      parameters: 0,
    });
  });
});
