import { describe, expect, it } from "vitest";
import { errorStorm as rule } from "../../../../functions/core/rules/queries/error-storm.ts";
import { metricView } from "../../../support/metric-scene.ts";

function rates(commitsPerSecond: number, rollbacksPerSecond: number) {
  return {
    database: "shop",
    connections: 9,
    intervalSeconds: 1,
    commitsPerSecond,
    rollbacksPerSecond,
    blocksHit: 0,
    blocksRead: 0,
    cacheHitPercent: null,
    tempFilesPerSecond: 0,
    tempBytesPerSecond: 0,
    rowsReturnedPerSecond: 0,
    rowsFetchedPerSecond: 0,
    rowsChangedPerSecond: 0,
    deadlocks: 0,
    conflicts: 0,
    checksumFailures: 0,
    sinceReset: {
      statsSeconds: null,
      cacheHitPercent: null,
      tempFiles: 0,
      tempBytes: 0,
      deadlocks: 0,
      conflicts: 0,
      checksumFailures: 0,
      lastChecksumFailureSeconds: null,
    },
  };
}
const at = (commits: number, rollbacks: number) =>
  rule.evaluate(metricView({ probes: { "postgres-database-rates": [rates(commits, rollbacks)] } }));

describe("error-storm", () => {
  it("T speaks at 5 % of what is not a handful", () => {
    expect(at(95.1, 4.9)).toEqual([]);
    expect(at(95, 5)).toHaveLength(1);
    expect(at(20, 20)).toEqual([]);
  });

  it("P19 wakes nobody for rollbacks that the log does not call errors: some applications end every read so", () => {
    expect(at(10, 90)[0]).toMatchObject({ severity: "P3", actions: [], explains: [] });
    expect(at(10, 90)[0]?.summary).toContain("whether by errors or on purpose could not be seen");
  });

  it("P19 wakes somebody when the log is full of errors, and says which", () => {
    const line = '2026-11-21 09:58:01 UTC:10.0.0.1(1):a@b:[1]:ERROR:  relation "orders_new" does not exist';
    const log = {
      file: "error/postgresql.log",
      kind: "error" as const,
      lastWrittenAt: null,
      truncated: false,
    };
    const withLog = (count: number) => {
      const view = metricView({ probes: { "postgres-database-rates": [rates(10, 90)] } });
      const { context } = view.evidence;
      if (!context) throw new Error("the scene has no context");
      const logs = [{ ...log, lines: Array.from({ length: count }, () => line) }];
      return rule.evaluate({ ...view, evidence: { ...view.evidence, context: { ...context, logs } } })[0];
    };
    expect(withLog(9)?.severity).toBe("P3");
    expect(withLog(10)).toMatchObject({ severity: "P2", confidence: 0.8 });
    expect(JSON.stringify(withLog(10)?.evidence)).toContain("does not exist (10)");
  });
});
