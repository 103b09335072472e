import { describe, expect, it } from "vitest";
import type { Session } from "../../../functions/core/contract/session.ts";
import { unsureRefusal } from "../../../functions/core/policy/sure.ts";
import { blockedByRunningQuery } from "../../../functions/core/rules/locks/blocked-by-running-query.ts";
import { aView } from "../../support/evidence-builder.ts";
import { aRunning } from "../../support/forest-builder.ts";

const state = "Waiting for table flush";
const report = aRunning(1, 400, { query: "SELECT COUNT(*) FROM app.orders", waitEvent: "executing" });
const flush = aRunning(2, 90, { query: "FLUSH TABLES", waitEvent: state });
const readers = Array.from({ length: 15 }, (_, index) =>
  aRunning(100 + index, 80, { query: "SELECT n FROM orders WHERE id = ?", waitEvent: state }),
);

const findingsOf = (...sessions: Session[]) =>
  blockedByRunningQuery.evaluate(aView({ engine: "mysql", sessions, forests: [] }));

describe("waits for a table to be flushed", () => {
  it("P25 name the oldest statement that uses the table, and not the FLUSH, whose end frees nobody", () => {
    const [finding, ...others] = findingsOf(report, flush, ...readers);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ subject: "session:1", severity: "P1" });
    expect(finding?.summary).toContain("blocks 16 sessions on table orders");
    expect(JSON.stringify(finding?.evidence)).toContain("ending the FLUSH frees nobody");
    expect(finding?.actions[0]).toMatchObject({ id: "cancel-query", frees: 16 });
  });

  it("D11 leave the end of that statement to a person: it is known by its words alone", () => {
    const [finding] = findingsOf(report, flush, ...readers);
    const [cancel] = finding?.actions ?? [];
    expect(cancel).toBeDefined();
    expect(cancel?.causes).toBeUndefined();
    expect(cancel && unsureRefusal(cancel)).not.toBeNull();
  });

  it("P25 are still told when the FLUSH itself has been killed", () => {
    expect(findingsOf(report, ...readers)[0]).toMatchObject({ subject: "session:1" });
  });

  it("D4 blame nobody who uses another table, or who came later", () => {
    const elsewhere = { ...report, query: "SELECT COUNT(*) FROM invoices" };
    expect(findingsOf(elsewhere, flush, ...readers)).toEqual([]);
    const later = aRunning(1, 20, { query: "SELECT COUNT(*) FROM orders" });
    expect(findingsOf(later, flush, ...readers)).toEqual([]);
  });

  it("D8 say that several use the table, and that one of them alone frees nobody", () => {
    const second = aRunning(3, 300, { query: "SELECT MAX(n) FROM orders" });
    const [finding] = findingsOf(report, second, flush, ...readers);
    expect(finding?.actions.filter(({ automatic }) => automatic)).toEqual([]);
    expect(finding?.summary).toContain("one of 2");
  });
});
