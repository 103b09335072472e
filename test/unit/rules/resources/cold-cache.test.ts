import { describe, expect, it } from "vitest";
import { coldCache as rule } from "../../../../functions/core/rules/resources/cold-cache.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

function found(
  uptimeSeconds: number,
  given: { ratio?: number; reads?: readonly number[]; latency?: number } = {},
) {
  const { ratio = 70, reads = held(900), latency = 0.05 } = given;
  const values = { BufferCacheHitRatio: held(ratio), ReadIOPS: reads, ReadLatency: held(latency) };
  return rule.evaluate(metricView({ server: { uptimeSeconds }, values }))[0];
}

describe("cold-cache", () => {
  it("P7 speaks within half an hour of a restart, of a cache that misses what is wanted", () => {
    expect(found(1799)).toMatchObject({ severity: "P2", actions: [] });
    expect(found(1800)).toBeUndefined();
    expect(found(60, { ratio: 95 })).toBeUndefined();
    expect(found(60, { latency: 0.001 })).toMatchObject({ severity: "P3" });
  });

  it("P7 explains the small cache and the slow storage, and says whether it gets better", () => {
    expect(found(60)?.explains.map(({ cause }) => cause)).toEqual(["cache-too-small", "io-saturated"]);
    expect(found(60)?.summary).toContain(
      "it does not get better yet: 900 reads a second at the most, 900 now",
    );
    expect(found(60, { reads: [4000, 3000, 2000, 900] })?.summary).toContain("it gets better");
  });

  it("P9 knows a crash by the checkpointer, which starts anew while the server does not", () => {
    const zeros = { backgroundBuffersPerSecond: 0, backendBuffersPerSecond: 0, allocatedBuffersPerSecond: 0 };
    const writer = {
      ...{ intervalSeconds: 1, checkpointBuffersPerSecond: 0, maxWrittenStopsPerSecond: 0, ...zeros },
      ...{ walBytesPerSecond: 0, checkpointsTimed: 0, checkpointsRequested: 0, checkpointerSeconds: 120 },
      sinceReset: {
        ...{ statsSeconds: null, checkpointsTimed: 0, checkpointsRequested: 0 },
        ...{ checkpointWriteSeconds: 0, checkpointSyncSeconds: 0 },
      },
    };
    const values = { BufferCacheHitRatio: held(70), ReadIOPS: held(900), ReadLatency: held(0.05) };
    const probes = { "postgres-database-rates-writer": [writer] };
    const [finding] = rule.evaluate(metricView({ server: { uptimeSeconds: 90_000 }, values, probes }));
    expect(JSON.stringify(finding?.evidence)).toContain("the server crashed and recovered");
  });
});
