import { describe, expect, it } from "vitest";
import { storageLow } from "../../../../functions/core/rules/resources/storage-low.ts";
import { aConnection } from "../../../support/evidence-builder.ts";
import { aVolume } from "../../../support/kind-scene.ts";
import { anEvent, held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const gib = 1024 ** 3;
const exhausted = "Allocated storage has been exhausted. Allocate additional storage to resolve.";
const low = (percent: number) =>
  `The free storage capacity for DB instance: orders-db is low at ${percent}% of the provisioned storage [Provisioned Storage: 100 GB, Free Storage: ${percent} GB].`;
const threat =
  "Free storage capacity for DB instance orders-db is low at 4% of the allocated storage [Allocated storage: 100 GB, Free storage: 4 GB]. The database will be shut down to prevent corruption.";

const told = (message: string, minutes = 10, scene: MetricScene = {}) =>
  storageLow.evaluate(metricView({ events: [anEvent(minutes, "low storage", message)], ...scene }))[0];
const down = { overrides: { connection: aConnection({ status: "not-connected", failedStep: "tcp" }) } };
const causes = (finding: ReturnType<typeof told>) => finding?.explains.map(({ cause }) => cause) ?? [];

describe("storage-low by the words of RDS", () => {
  it("S4 is found without the metric, and said to be so", () => {
    expect(told(low(8))).toMatchObject({ severity: "P2" });
    expect(told(low(8))?.summary).toContain("FreeStorageSpace itself could not be read");
    expect(told(low(2))).toMatchObject({ severity: "P1" });
    expect(told(low(8), 300)).toMatchObject({ severity: "P1" });
  });

  it("S4 takes a threat to shut down for no shutdown", () => {
    expect(told(threat)).toMatchObject({ severity: "P2" });
    expect(told(exhausted)).toMatchObject({ severity: "P0" });
  });

  it("S4 takes what was said before the space was seen for history", () => {
    const values = { FreeStorageSpace: held(45 * gib) };
    expect(told(low(8), 30, { values })).toBeUndefined();
    expect(told(exhausted, 30, { values })).toBeUndefined();
    expect(told(exhausted, 30, { values: { FreeStorageSpace: held(8 * gib) } })).toMatchObject({
      severity: "P2",
    });
  });

  it("D3 explains an outage hours after the word, while nobody gets in", () => {
    expect(told(exhausted, 200, down)).toMatchObject({ severity: "P0" });
    expect(causes(told(exhausted, 200, down))).toEqual([
      "database-unreachable",
      "restart-or-crash",
      "database-read-only",
      "write-stall",
      "io-saturated",
    ]);
  });

  it("D3 explains busy storage by the time that is left, whatever the size of the volume", () => {
    const falling = Array.from({ length: 12 }, (_, minute) => (26 - minute) * gib);
    const self = { storage: aVolume({ allocatedGib: null }) };
    const finding = storageLow.evaluate(metricView({ self, values: { FreeStorageSpace: falling } }))[0];
    expect(finding).toMatchObject({ severity: "P1", summary: expect.stringContaining("full in 15 min") });
    expect(causes(finding)).toEqual(["io-saturated"]);
    const steady = storageLow.evaluate(metricView({ self, values: { FreeStorageSpace: held(4 * gib) } }))[0];
    expect(causes(steady)).toEqual([]);
  });

  it("S4 hears of the volume of a replica, and what that explains there", () => {
    const event = { ...anEvent(9, "low storage", exhausted), subject: "orders-ro" };
    const others = [{ id: "orders-ro", role: "replica" as const, replicaOf: "orders-db" }];
    const [finding, ...more] = storageLow.evaluate(metricView({ others, events: [event] }));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ subject: "orders-ro", severity: "P2" });
    expect(finding?.explains).toContainEqual(
      expect.objectContaining({ cause: "replication-stopped", subject: "orders-ro" }),
    );
  });
});
