import { describe, expect, it } from "vitest";
import { readMetrics } from "../../../functions/adapters/aws/failover/failover-metrics.ts";
import { lagOf } from "../../../functions/core/failover/lag.ts";
import type { MetricQuery } from "../../../functions/core/ports.ts";
import { aLook, aNode, lsn, noAnswer, noon } from "../../support/failover-builder.ts";

const primary = (busyAgeSeconds: number, look = noAnswer) =>
  aNode("orders-db", {
    ...{ role: "writer", replicaOf: null, look },
    activity: { busy: false, ageSeconds: 60, busyAgeSeconds },
  });
const replica = (seconds: number, look = {}) =>
  aNode("orders-db-1", {
    lag: { seconds, ageSeconds: 0, before: { seconds: 1, ageSeconds: 300 } },
    look: aLook({ receiving: false, sourceWritten: null, ...look }),
  });

describe("the lag of a replica whose primary is dead", () => {
  it.each([300, -1])(
    "F3 is what it was when its stream ended, and the minute nobody watched: CloudWatch counts the outage since (%s)",
    (now) => {
      expect(lagOf(replica(now), primary(300))).toEqual({ known: true, seconds: 61, by: "metric" });
      expect(lagOf(replica(now), primary(240)).known && lagOf(replica(now), primary(240))).toMatchObject({
        seconds: 61,
      });
    },
  );

  it("F3 is not, where clients were on the primary after its stream had ended", () => {
    expect(lagOf(replica(300), primary(180))).toMatchObject({ known: true, seconds: 300 });
    expect(lagOf(replica(-1), primary(180)).known).toBe(false);
  });

  it("F3 is not, where it has not applied everything, still receives, or the primary answers", () => {
    expect(lagOf(replica(300, { received: lsn("0/900") }), primary(300))).toMatchObject({ seconds: 300 });
    expect(lagOf(replica(300, { receiving: true }), primary(300))).toMatchObject({ seconds: 300 });
    const alive = primary(300, aLook({ writable: true, written: lsn("0/900") }));
    expect(lagOf(replica(300), alive)).toMatchObject({ seconds: 300 });
  });
});

async function measured(lags: readonly number[], clients: readonly number[] = []) {
  const points = (values: readonly number[]) =>
    values.map((value, at) => ({
      ...{ value, at: new Date(noon - (values.length - at) * 60_000).toISOString() },
    }));
  const read = async (queries: readonly MetricQuery[]) => ({
    missing: [],
    series: queries.flatMap(({ name, namespace, statistic, dimensions, periodSeconds }) => {
      const values = { ReplicaLag: lags, DatabaseConnections: clients }[name] ?? [];
      return [
        {
          id: name,
          namespace,
          statistic,
          dimensions: { ...dimensions },
          periodSeconds,
          unit: null,
          points: points(values),
        },
      ];
    }),
  });
  return (await readMetrics({ read }, [{ id: "db", aurora: false }], noon, undefined)).get("db");
}

describe("what CloudWatch tells of the time before", () => {
  it.each([
    [[1, 1, 40, 100, 160], 1, 180],
    [[0, 0, 60, 120], 0, 120],
    [[2, 2, -1, -1], 2, 120],
  ])("is the last sample before the lag grew by the clock alone (%j)", async (lags, seconds, ageSeconds) => {
    expect((await measured(lags))?.lag?.before).toEqual({ seconds, ageSeconds });
  });

  it.each([[[1, 1, 1]], [[1, 5, 20]], [[100]], [[-1, -1]]])(
    "is nothing where it did not (%j)",
    async (lags) => {
      expect((await measured(lags))?.lag).not.toHaveProperty("before");
    },
  );

  it("has the last minute in which clients were there", async () => {
    expect((await measured([1], [5, 5, 0, 0]))?.activity).toEqual({
      ...{ busy: false, ageSeconds: 0, busyAgeSeconds: 120 },
    });
  });
});
