import { describe, expect, it } from "vitest";
import { replicationLag } from "../../../../functions/core/rules/replication/replication-lag.ts";
import { aConnection } from "../../../support/evidence-builder.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const line = (from: number, aMinute: number) =>
  Array.from({ length: 15 }, (_, minute) => from + aMinute * minute);

function told(lag: readonly number[], scene: MetricScene = {}) {
  const { values = {}, ...more } = scene;
  const view = metricView({
    self: { role: "replica", replicaOf: "orders-main" },
    values: { ReplicaLag: lag, ...values },
    ...more,
    overrides: { connection: aConnection({ status: "not-tried" }), probes: [] },
  });
  return replicationLag.evaluate(view)[0]?.summary;
}

const behind = "this replica; what it answers is that old";

describe("how a lag moves", () => {
  it("D2 grows as fast as the clock while nothing is applied", () => {
    expect(told(line(1600, 60))).toBe(
      `40 min 40 s behind: ${behind}; it grows as fast as the clock: next to nothing is applied`,
    );
  });

  it("D2 tells what the replica itself writes meanwhile, where that is much less than as a rule", () => {
    const writes = (rate: number) => ({
      values: { WriteIOPS: held(rate, 15) },
      readings: { WriteIOPS: { latest: null, baselineDay: 250, baselineWeek: 242 } },
    });
    expect(told(line(1600, 60), writes(32))).toMatch(
      /next to nothing is applied; it writes 32 times a second, 250 as a rule: it is in the midst of one change, or waits$/,
    );
    expect(told(line(1600, 60), writes(240))).toMatch(/next to nothing is applied$/);
  });

  it("D2 grows more slowly while it applies less than comes, and shrinks while it catches up", () => {
    expect(told(line(300, 20))).toBe(`9 min 40 s behind: ${behind}; it grows by 20 s a minute`);
    expect(told(line(1600, -30))).toBe(
      `19 min 40 s behind: ${behind}; it catches up, at this pace in 39 min 20 s`,
    );
  });

  it("D7 says nothing of a lag that stays, of a short look, and where it may be none at all", () => {
    expect(told(held(1600, 15))).toBe(`26 min 40 s behind: ${behind}`);
    expect(told([1600, 1660, 1720])).toBe(`28 min 40 s behind: ${behind}`);
  });
});
