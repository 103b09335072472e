import { describe, expect, it } from "vitest";
import { burstBalanceExhausted } from "../../../../functions/core/rules/resources/burst-balance-exhausted.ts";
import { ioSaturated } from "../../../../functions/core/rules/resources/io-saturated.ts";
import { writeStall } from "../../../../functions/core/rules/resources/write-stall.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const stalled = {
  WriteIOPS: [420, 410, 430, 400, 90, 4, 1, 0, 0, 0],
  WriteLatency: [0.003, 0.003, 0.004, 0.004, 0.4, 2.1, 3.4, 5.2, 6, 6.4],
  DiskQueueDepth: [0.6, 0.5, 0.7, 0.6, 9, 24, 38, 44, 47, 49],
};
const at = (values: Record<string, readonly number[]>, scene: MetricScene = {}) => {
  const view = metricView({ values, ...scene });
  return { stall: writeStall.evaluate(view)[0], io: ioSaturated.evaluate(view)[0], view };
};

describe("write-stall", () => {
  it("D4 is no operations with a queue and long waits, and leads to what storage shows", () => {
    const { stall, io } = at(stalled);
    expect(stall).toMatchObject({
      severity: "P1",
      summary: expect.stringContaining("0 a second of 430 before, while 49 requests have waited for storage"),
    });
    expect(stall?.explains.map(({ cause }) => cause)).toContain("io-saturated");
    expect(io).toMatchObject({ severity: "P1" });
  });

  it("D4 is seen where nothing ends, so that no latency is published", () => {
    const { WriteIOPS, DiskQueueDepth } = stalled;
    expect(at({ WriteIOPS, DiskQueueDepth }).stall).toMatchObject({ severity: "P1" });
  });

  it("D4 is seen by the crowd of sessions where no queue was read", () => {
    const { WriteIOPS, WriteLatency } = stalled;
    expect(at({ WriteIOPS, WriteLatency, DBLoad: held(9) }).stall).toMatchObject({ severity: "P1" });
    expect(at({ WriteIOPS, WriteLatency, DBLoad: held(0.2) }).stall).toBeUndefined();
    expect(at({ WriteIOPS, WriteLatency }).stall).toBeUndefined();
  });

  it("D4 takes a database that has little to do for well, however slow its one write was", () => {
    const idle = { WriteIOPS: held(2), WriteLatency: held(0.05), DiskQueueDepth: held(0.1) };
    expect(at(idle)).toMatchObject({ stall: undefined, io: undefined });
    const wentHome = { ...stalled, WriteLatency: held(0.004), DiskQueueDepth: held(0.2) };
    expect(at(wentHome).stall).toBeUndefined();
  });

  it("D4 is not a queue that stands there every day, nor one behind as many writes as ever", () => {
    const readings = { DiskQueueDepth: { baselineDay: 44 } };
    expect(at(stalled, { readings }).stall).toBeUndefined();
    expect(at({ ...stalled, WriteIOPS: held(420) }).stall).toBeUndefined();
  });

  it("D3 credits that are used up explain the lag of the replica whose they are, and of no other", () => {
    const view = metricView({ values: { BurstBalance: [3, 2, 1, 0] } });
    const lags = burstBalanceExhausted
      .evaluate(view)[0]
      ?.explains.filter(({ cause }) => cause === "replication-lag")
      .map(({ subject }) => subject);
    expect(lags).toEqual(["", "orders-db"]);
    const filling = metricView({ values: { BurstBalance: [1, 2, 3, 4] } });
    expect(burstBalanceExhausted.evaluate(filling)[0]?.explains).toEqual([]);
  });

  it("D3 is explained by credits that are used up", () => {
    const view = metricView({ values: { ...stalled, BurstBalance: [40, 30, 20, 10, 2] } });
    expect(burstBalanceExhausted.evaluate(view)[0]?.explains.map(({ cause }) => cause)).toEqual([
      "io-saturated",
      "write-stall",
      "replication-lag",
      "replication-lag",
    ]);
  });
});
