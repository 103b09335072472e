import { describe, expect, it } from "vitest";
import { lockManagerContention as rule } from "../../../../functions/core/rules/locks/lock-manager-contention.ts";
import { metricView } from "../../../support/metric-scene.ts";

const query = "SELECT amount FROM entries WHERE account = $1";
const wait = (waitEventType: string | null, waitEvent: string | null, observations: number) => ({
  ...{ waitEventType, waitEvent, observations, query },
  ...{ samples: 10, windowSeconds: 1, averageSessions: observations / 10, percent: 0, distinctSessions: 9 },
});
const inside = (managers: number, others: number) =>
  rule.evaluate(
    metricView({
      probes: {
        "postgres-wait-profile": [wait("LWLock", "LockManager", managers), wait(null, null, others)],
      },
    }),
  )[0];

describe("lock-manager-contention", () => {
  it("P6 speaks when a quarter of those at work, and two at a time, wait for the lock manager", () => {
    expect(inside(19, 10)).toBeUndefined();
    expect(inside(20, 61)).toBeUndefined();
    expect(inside(20, 60)).toMatchObject({ severity: "P2", actions: [] });
    expect(inside(100, 60)).toMatchObject({ severity: "P1" });
  });

  it("M1 takes it from Performance Insights, with the statement, when nobody gets in", () => {
    const item = (name: string, load: number, waits: { name: string; load: number }[] = []) => ({
      ...{ name, load, waits, id: null },
    });
    const found = rule.evaluate(
      metricView({
        context: {
          load: [
            { by: "wait-event", items: [item("LWLock:lock_manager", 12), item("CPU", 4)] },
            { by: "statement", items: [item(query, 13, [{ name: "LWLock:lock_manager", load: 12 }])] },
          ],
        },
      }),
    )[0];
    expect(found?.summary).toBe(
      `12 sessions at a time (75 % of those at work) wait for the lock manager, for nobody's lock, most of them with ${query}`,
    );
  });
});
