import { describe, expect, it } from "vitest";
import { cacheTooSmall } from "../../../../functions/core/rules/resources/cache-too-small.ts";
import { aTarget } from "../../../support/evidence-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const aurora = { overrides: { target: aTarget({ flavour: "aurora" as const }) } };

describe("cache-too-small", () => {
  const at = (ratio: number, reads: number, latency: number) => {
    const values = { BufferCacheHitRatio: held(ratio), ReadIOPS: held(reads), ReadLatency: held(latency) };
    const { overrides } = aurora;
    const view = metricView({ values });
    return cacheTooSmall.evaluate({ ...view, evidence: { ...view.evidence, ...overrides } })[0];
  };

  it("T speaks below 95 % of hits, and only of reads worth counting", () => {
    expect(at(95, 900, 0.001)).toBeUndefined();
    expect(at(94, 99, 0.001)).toBeUndefined();
    expect(at(94, 100, 0.001)).toMatchObject({ severity: "P3", explains: [] });
  });

  it("D6 is P2 only where storage is slow, which it then explains", () => {
    expect(at(80, 900, 0.05)).toMatchObject({ severity: "P2" });
    expect(at(80, 900, 0.05)?.explains.map(({ cause }) => cause)).toEqual(["io-saturated"]);
  });
});
