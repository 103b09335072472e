import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import { ddlLockQueue } from "../../../../functions/core/rules/locks/ddl-lock-queue.ts";
import { explicitLockHeld } from "../../../../functions/core/rules/locks/explicit-lock-held.ts";
import { hotRowContention } from "../../../../functions/core/rules/locks/hot-row-contention.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

/** So many sessions wait so; `work` by metric: now, and as a rule. */
function waiting(name: string, sessions: number, work: Record<string, readonly [number, number]>) {
  const waits = [{ name, load: sessions }];
  const load: LoadDimension[] = [
    { by: "wait-event", items: [{ name, id: null, load: sessions, waits: [] }] },
    { by: "statement", items: [{ name: "SELECT work FROM jobs", id: null, load: sessions, waits }] },
  ];
  const readings: MetricScene["readings"] = Object.fromEntries(
    Object.entries(work).map(([id, [, usual]]) => [
      id,
      { latest: null, baselineDay: usual, baselineWeek: usual },
    ]),
  );
  const values = Object.fromEntries(Object.entries(work).map(([id, [now]]) => [id, held(now)]));
  const view = metricView({
    self: { vcpus: 4 },
    values: { DBLoad: held(sessions), ...values },
    readings,
    context: { load },
  });
  return { ...view, server: null, connections: null, sessions: null, forests: null };
}

const fallen = { CommitThroughput: [41, 320] } as const;

describe("waits that keep the work from being done, seen from outside", () => {
  it.each([
    ["Lock:transactionid", hotRowContention],
    ["Lock:relation", ddlLockQueue],
    ["Lock:advisory", explicitLockHeld],
  ] as const)("D6 are P1 where many wait and commits fall: %s", (name, rule) => {
    const [bad] = rule.evaluate(waiting(name, 60, fallen));
    expect(bad).toMatchObject({ severity: "P1", actions: [] });
    expect(bad?.evidence).toContainEqual({
      source: "CommitThroughput",
      says: "41 commits a second, 320 as a rule",
    });
    expect(rule.evaluate(waiting(name, 60, { CommitThroughput: [250, 320] }))[0]?.severity).toBe("P2");
    expect(rule.evaluate(waiting(name, 9, fallen))[0]?.severity).toBe("P2");
    expect(rule.evaluate(waiting(name, 60, {}))[0]?.severity).toBe("P2");
  });

  it("D6 go by writes where RDS counts no commits", () => {
    const [bad] = hotRowContention.evaluate(waiting("Lock:transactionid", 60, { WriteIOPS: [72, 312] }));
    expect(bad?.severity).toBe("P1");
    expect(bad?.evidence).toContainEqual({ source: "WriteIOPS", says: "72 writes a second, 312 as a rule" });
    const idle = waiting("Lock:transactionid", 60, { WriteIOPS: [2, 9] });
    expect(hotRowContention.evaluate(idle)[0]?.severity).toBe("P2");
  });

  it("D10 are more like one transaction that keeps the rows than like turns, and still nobody is ended", () => {
    const [bad] = hotRowContention.evaluate(waiting("Lock:transactionid", 60, fallen));
    expect(bad?.summary).toContain(
      "; 41 commits a second, 320 as a rule, are more like one transaction that keeps them than like turns",
    );
    expect(bad?.summary).toContain("nobody is to be ended for it");
  });
});
