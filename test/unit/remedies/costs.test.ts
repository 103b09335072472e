import { describe, expect, it } from "vitest";
import { costsOf } from "../../../functions/core/remedies/costs.ts";
import { rollbackText } from "../../../functions/core/remedies/rollback-text.ts";
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

  it("A2 has nothing to roll back on a standby, which refuses what writes", () => {
    const { server } = view;
    if (server === null) throw new Error("the view has no server");
    const readOnlyBecause = "it is a standby: it replays what the writer does";
    const standby = { ...view, server: { ...server, writable: false, readOnlyBecause } };
    const session = aSession(7, { query: "SELECT 1", rowsModified: null });
    expect(rollbackText(standby, session)).toBe("on a standby it can have changed no rows");
    expect(rollbackText(view, session)).toBe("how many changes roll back is not known");
  });
});
