import { describe, expect, it } from "vitest";
import { costsOf } from "../../../functions/core/remedies/costs.ts";
import { aView } from "../../support/evidence-builder.ts";
import { anIdleTransaction, aSession } from "../../support/forest-builder.ts";

const view = aView({ engine: "postgres" });

describe("what is lost on PostgreSQL", () => {
  const running = (query: string, waitedSeconds: number | null = null) =>
    costsOf(view, aSession(7, { query, statementSeconds: 20, transactionSeconds: 20 }), waitedSeconds)?.says;

  it("D11 is not known of anything that runs: triggers, views and functions may work elsewhere", () => {
    for (const query of [
      "SELECT count(*) FROM orders o WHERE o.total > 5",
      "UPDATE orders SET v = 1",
      "SELECT id, send(id) FROM orders",
      "COPY orders TO PROGRAM 'x'",
      "DO $$ begin perform 1; end $$",
    ])
      expect(running(query), query).toBeUndefined();
  });

  it("D11 is nothing of queued DDL that has waited ever since it began, alone in its text", () => {
    expect(running("ALTER TABLE orders ADD v int", 19.5)).toMatch(/nothing yet that could be lost/);
    expect(running("ALTER TABLE orders ADD v int", 3)).toBeUndefined();
    expect(running("INSERT INTO log SELECT 1; ALTER TABLE orders ADD v int", 19.5)).toBeUndefined();
    expect(running("DO $$ begin lock table orders; end $$", 19.5)).toBeUndefined();
    expect(running("LOCK TABLE orders", 19.5)).toBeUndefined();
    const later = aSession(7, {
      query: "ALTER TABLE orders ADD v int",
      statementSeconds: 20,
      transactionSeconds: 21,
    });
    expect(costsOf(view, later, 20)).toBeUndefined();
  });

  it("D11 claims nothing of what the client of an idle transaction did elsewhere, nor of one without a name", () => {
    expect(costsOf(view, anIdleTransaction(7, 90))?.says).toMatch(
      /what its client did meanwhile is not seen/,
    );
    expect(costsOf(view, anIdleTransaction(7, 90, { application: null }))).toBeUndefined();
  });
});
