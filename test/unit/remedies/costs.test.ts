import { describe, expect, it } from "vitest";
import { costsOf } from "../../../functions/core/remedies/costs.ts";
import { aView } from "../../support/evidence-builder.ts";
import { anIdleTransaction, aSession } from "../../support/forest-builder.ts";

const view = aView({ engine: "postgres" });

describe("what is lost on PostgreSQL", () => {
  const running = (query: string, waitedSeconds: number | null = null) =>
    costsOf(view, aSession(7, { query, statementSeconds: 20, transactionSeconds: 20 }), waitedSeconds)?.says;

  it("D11 is known of what surely only reads, and of nothing that writes or calls what may work elsewhere", () => {
    expect(running("SELECT count(*) FROM orders o WHERE o.total > 5")).toMatch(/only reads/);
    for (const query of [
      "UPDATE orders SET v = 1",
      "UPDATE orders SET v = send(id)",
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
  });

  it("D11 claims nothing of what the client of an idle transaction did elsewhere, nor of one without a name", () => {
    expect(costsOf(view, anIdleTransaction(7, 90))?.says).toMatch(
      /what its client did meanwhile is not seen/,
    );
    expect(costsOf(view, anIdleTransaction(7, 90, { application: null }))).toBeUndefined();
  });
});
