import { describe, expect, it } from "vitest";
import { longRunningQuery } from "../../../../functions/core/rules/queries/long-running-query.ts";
import { replicationLag } from "../../../../functions/core/rules/replication/replication-lag.ts";
import { aConnection, aMetric } from "../../../support/evidence-builder.ts";
import { aRunning } from "../../../support/forest-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const reads = { waitEvent: "IO/DataFileRead" } as const;
const volume = { type: "gp3", allocatedGib: 380, limitGib: null, iops: 3000, throughputMibps: 125 };
const self = { storage: { ...volume, operation: null, operationPercent: null } };
const operations = (total: readonly number[]) => ({
  ReadIOPS: total.map((value) => value * 0.7),
  WriteIOPS: total.map((value) => value * 0.3),
});

/** A report has run for so long; the volume has been at its limit of 3000 operations for so many minutes. */
function told(seconds: number, minutes: number, replicates: "surge" | "busy" | null = null) {
  const calm = 14 - minutes;
  const full = operations([...held(900, calm), ...held(2990, minutes)]);
  const source = { WriteThroughput: replicates === "surge" ? [...held(19e6, 4), ...held(88e6)] : held(19e6) };
  const metrics = [
    ...Object.entries(full).map(([id, values]) => aMetric(id, values)),
    ...Object.entries(source).map(([id, values]) => aMetric(id, values, "orders-main")),
  ];
  const replica = { role: "replica" as const, replicaOf: "orders-main" };
  const view = metricView({
    self: { ...self, ...(replicates === null ? {} : replica) },
    ...(replicates === null ? {} : { others: [{ id: "orders-main", role: "writer" as const }] }),
    sessions: [aRunning(1, seconds, reads)],
    overrides: { metrics },
  });
  const [finding] = longRunningQuery.evaluate(view);
  return { severity: finding?.severity, actions: finding?.actions.map(({ id }) => id) };
}

describe("a report beside a volume that is at its limit", () => {
  it("D11 is its cause by what is seen only where the limit was not reached before it began", () => {
    expect(told(400, 5)).toEqual({ severity: "P2", actions: ["cancel-query"] });
    expect(told(400, 14)).toEqual({ severity: "P3", actions: [] });
    expect(told(1200, 14)).toEqual({ severity: "P2", actions: ["cancel-query"] });
  });

  it("D11 is not cleared by what has been slow for ever beside the limit", () => {
    const full = operations([...held(900, 9), ...held(2990, 5)]);
    const view = metricView({
      self,
      values: { ...full, WriteLatency: held(0.03, 14) },
      readings: { WriteLatency: { baselineDay: 0.03, baselineWeek: 0.03, heldDay: 0.03, heldWeek: 0.03 } },
      sessions: [aRunning(1, 400, reads)],
    });
    expect(longRunningQuery.evaluate(view)[0]?.actions.map(({ id }) => id)).toEqual(["cancel-query"]);
  });

  it("D11 is not ended on a replica that is full of what its source writes, however long it has run", () => {
    expect(told(1200, 14, "surge")).toEqual({ severity: "P3", actions: [] });
    expect(told(1200, 14, "busy")).toEqual({ severity: "P2", actions: ["cancel-query"] });
  });
});

describe("replication-lag and the replica's own volume", () => {
  const lagging = (total: number) => {
    const own = { ReplicaLag: held(900), ...operations(held(total, 14)) };
    return replicationLag.evaluate(
      metricView({
        self: { ...self, role: "replica", replicaOf: "orders-main" },
        others: [{ id: "orders-main", role: "writer" }],
        overrides: {
          connection: aConnection({ status: "not-tried" }),
          probes: [],
          metrics: [
            ...Object.entries(own).map(([id, values]) => aMetric(id, values)),
            aMetric("WriteThroughput", [...held(19e6, 4), ...held(88e6)], "orders-main"),
          ],
        },
      }),
    )[0]?.summary;
  };

  it("D2 says that the replica applies no faster because its own volume is at its limit", () => {
    expect(lagging(2990)).toContain(
      "more than the replica applies; its own storage has been at its limit for 14 min: 2990 operations a second of 3000",
    );
    expect(lagging(900)).not.toContain("its own storage");
  });
});
