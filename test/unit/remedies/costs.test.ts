import { describe, expect, it } from "vitest";
import { costsOf } from "../../../functions/core/remedies/costs.ts";
import { aView } from "../../support/evidence-builder.ts";
import { anIdleTransaction, aSession } from "../../support/forest-builder.ts";

const view = aView({ engine: "postgres" });

describe("what is lost on PostgreSQL", () => {
  const running = (query: string) =>
    costsOf(view, aSession(7, { query, statementSeconds: 20, transactionSeconds: 20 }))?.says;

  it("D11 is not known of anything that runs: triggers, views and functions may work elsewhere", () => {
    for (const query of [
      "SELECT count(*) FROM orders o WHERE o.total > 5",
      "UPDATE orders SET v = 1",
      "SELECT id, send(id) FROM orders",
      "COPY orders TO PROGRAM 'x'",
      "DO $$ begin perform 1; end $$",
      "ALTER TABLE orders ADD v int",
    ])
      expect(running(query), query).toBeUndefined();
  });

  it("D11 claims nothing of what the client of an idle transaction did elsewhere, nor of one without a name", () => {
    expect(costsOf(view, anIdleTransaction(7, 90))?.says).toMatch(
      /what its client did meanwhile is not seen/,
    );
    expect(costsOf(view, anIdleTransaction(7, 90, { application: null }))).toBeUndefined();
  });
});
