import { describe, expect, it } from "vitest";
import { planRegression as rule } from "../../../../functions/core/rules/queries/plan-regression.ts";
import { aRunning } from "../../../support/forest-builder.ts";
import { aDigest, aPlan, aStatement, lookedDeeper } from "../../../support/statement-builder.ts";

describe("plan-regression", () => {
  const before = { calls: 10_000, totalSeconds: 20, rows: 10_000 };
  const slow = {
    callsPerSecond: 20,
    meanSeconds: 0.1,
    averageSessions: 2,
    percentOfTime: 80,
    rowsPerSecond: 20,
  };
  const plan = aPlan({
    problems: [{ kind: "sequential-scan", relation: "public.orders", detail: "orders is read whole" }],
  });
  const findingsOf = (now: object, plans = [plan], scene = {}) =>
    rule.evaluate(
      lookedDeeper(
        {
          "postgres-top-statements": [aStatement({ now: { ...slow, ...now }, sinceReset: before })],
          "postgres-plans": plans,
        },
        scene,
      ),
    );

  it("D4 tells a statement that does more for the same rows, at low confidence for want of history", () => {
    const [finding] = findingsOf({});
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.confidence).toBeLessThan(0.5);
    expect(finding?.summary).toContain("its plan now: orders is read whole");
  });

  it("D4 does not call it a plan when nothing shows more work, or when there are more rows", () => {
    expect(findingsOf({}, [])).toEqual([]);
    expect(findingsOf({ rowsPerSecond: 2000 })).toEqual([]);
  });

  it("D3 does not blame the plan while the statement waits for locks", () => {
    const query = "SELECT name FROM orders WHERE id = ?";
    const sessions = [1, 2].map((id) => aRunning(id, 2, { query, waitEvent: "Lock/transactionid" }));
    expect(findingsOf({}, [plan], { sessions })).toEqual([]);
  });

  it("D4 sees it in the rows that MySQL looks at", () => {
    const digest = (examined: number) =>
      aDigest({
        now: { ...slow, rowsSentPerSecond: 20, rowsExaminedPerSecond: examined },
        sinceStart: { calls: 10_000, totalSeconds: 20, rowsExamined: 10_000 + examined, rowsSent: 10_000 },
      });
    const found = (examined: number) =>
      rule.evaluate(lookedDeeper({ "mysql-statement-digests": [digest(examined)] }, { engine: "mysql" }));
    expect(found(40_000)).toHaveLength(1);
    expect(found(60)).toEqual([]);
  });
});
