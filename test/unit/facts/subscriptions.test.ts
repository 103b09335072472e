import { describe, expect, it } from "vitest";
import type { SubscriptionRow } from "../../../functions/core/probes/postgres/subscriptions-rows.ts";
import { replicationLag } from "../../../functions/core/rules/replication/replication-lag.ts";
import { replicationStopped } from "../../../functions/core/rules/replication/replication-stopped.ts";
import { lookedDeeper } from "../../support/statement-builder.ts";

const well: SubscriptionRow = {
  name: "orders_feed",
  database: "app",
  enabled: true,
  disablesOnError: false,
  hasSlot: true,
  running: true,
  workerSeconds: 86_400,
  silentSeconds: 12,
  applyErrors: 0,
  copyErrors: 0,
  tables: 4,
  tablesNotReady: 0,
};
const viewWith = (row: Partial<SubscriptionRow>) =>
  lookedDeeper({ "postgres-subscriptions": [{ ...well, ...row }] });
const stopped = (row: Partial<SubscriptionRow>) => replicationStopped.evaluate(viewWith(row))[0];

describe("a subscription", () => {
  it("P12 whose worker fails again and again is stopped, with its errors counted", () => {
    for (const worker of [{ running: false, workerSeconds: null }, { workerSeconds: 2 }]) {
      const finding = stopped({ ...worker, applyErrors: 18 });
      expect(finding).toMatchObject({
        subject: "subscription:orders_feed",
        severity: "P1",
        actions: [],
      });
      expect(finding?.summary).toContain("18 errors of its apply worker");
    }
  });

  it("P12 that had errors and got over them is well, as is one that was restarted just now", () => {
    expect(stopped({ applyErrors: 18 })).toBeUndefined();
    expect(stopped({ workerSeconds: 2 })).toBeUndefined();
    expect(stopped({ tablesNotReady: 2 })).toBeUndefined();
    expect(replicationLag.evaluate(viewWith({}))).toEqual([]);
  });

  it("P12 that switched itself off is told from one that somebody disabled or detached", () => {
    const off = { enabled: false, running: false, workerSeconds: null };
    expect(stopped({ ...off, disablesOnError: true, applyErrors: 1 })).toMatchObject({ severity: "P1" });
    expect(stopped(off)).toMatchObject({ severity: "P2" });
    expect(stopped({ ...off, hasSlot: false })).toMatchObject({ severity: "P3" });
  });

  it("P12 whose first copy fails, or whose worker is not there, is stopped before 15 too", () => {
    expect(stopped({ copyErrors: 3, tablesNotReady: 1 })?.summary).toContain("the first copy of 1 table");
    expect(stopped({ running: false, workerSeconds: null, applyErrors: null })?.summary).toContain(
      "does not run",
    );
  });

  it("P12 that hears nothing from its publisher for long is late", () => {
    expect(replicationLag.evaluate(viewWith({ silentSeconds: 900 }))).toHaveLength(1);
  });
});
