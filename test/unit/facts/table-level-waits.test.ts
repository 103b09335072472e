import { describe, expect, it } from "vitest";
import type { Session } from "../../../functions/core/contract/session.ts";
import { unsureRefusal } from "../../../functions/core/policy/sure.ts";
import { blockedByRunningQuery } from "../../../functions/core/rules/locks/blocked-by-running-query.ts";
import { aView } from "../../support/evidence-builder.ts";
import { aRunning } from "../../support/forest-builder.ts";

const state = "Waiting for table level lock";
const report = aRunning(1, 400, { query: "SELECT COUNT(*) FROM app.orders", waitEvent: "Sending data" });
const writers = Array.from({ length: 4 }, (_, index) =>
  aRunning(50 + index, 390, { query: "UPDATE orders SET n = n + ? WHERE id = ?", waitEvent: state }),
);
const readers = Array.from({ length: 11 }, (_, index) =>
  aRunning(100 + index, 80, { query: "SELECT n FROM `orders` WHERE id = ?", waitEvent: state }),
);

const findingsOf = (...sessions: Session[]) =>
  blockedByRunningQuery.evaluate(aView({ engine: "mysql", sessions, forests: [] }));

describe("waits for a table level lock", () => {
  it("P25 name the oldest statement on the table that does not wait, readers behind the writers included", () => {
    const [finding, ...others] = findingsOf(report, ...writers, ...readers);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ subject: "session:1", severity: "P1" });
    expect(finding?.summary).toContain("blocks 15 sessions on table orders");
    expect(finding?.actions[0]).toMatchObject({ id: "cancel-query", frees: 15 });
  });

  it("D11 leave its end to a person: who has the lock is not shown", () => {
    const [cancel] = findingsOf(report, ...writers)[0]?.actions ?? [];
    expect(cancel).toBeDefined();
    expect(cancel?.causes).toBeUndefined();
    expect(cancel && unsureRefusal(cancel)).not.toBeNull();
  });

  it("D11 propose no end of a statement that changes rows: without transactions it would stay half done", () => {
    const change = { ...report, query: "UPDATE orders SET n = n + ?" };
    const [finding] = findingsOf(change, ...writers, ...readers);
    expect(finding).toMatchObject({ subject: "session:1", actions: [] });
  });

  it("D10 blame nobody where the table goes from hand to hand, and nobody where its holder runs nothing", () => {
    const turn = aRunning(1, 0, { query: "UPDATE orders SET n = n + ?", waitEvent: "updating" });
    const short = writers.map((writer) => ({ ...writer, statementSeconds: 0.4, stateSeconds: 0.4 }));
    expect(findingsOf(turn, ...short)).toEqual([]);
    expect(findingsOf({ ...turn, statementSeconds: 0.05 }, ...writers)).toEqual([]);
    expect(findingsOf(...writers, ...readers)).toEqual([]);
  });
});
