import { describe, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aGroup, aTarget } from "../../support/evidence-builder.ts";
import { anEvent, held, type MetricScene, metricView } from "../../support/metric-scene.ts";

const gib = 1024 ** 3;

const volume = (type: string, allocatedGib: number, iops: number | null, throughputMibps: number | null) => ({
  ...{ type, allocatedGib, iops, throughputMibps, limitGib: null, operation: null, operationPercent: null },
});

function rootsOf(scene: MetricScene) {
  const { rootCauses, headline, findings } = diagnose(
    metricView({ engine: "mysql", ...scene }).evidence,
    defaultSettings,
  );
  return { roots: rootCauses, headline, findings };
}

describe("slots that are full of sessions which wait for storage", () => {
  const usual = (value: number) => ({ baselineDay: value, baselineWeek: value });
  const of = (active: number, waitingOnLock = 0) =>
    rootsOf({
      groups: [aGroup(active, { state: "active", waitingOnLock }), aGroup(96 - active, { state: "idle" })],
      values: {
        BurstBalance: held(0, 14),
        ReadLatency: held(0.12, 14),
        WriteLatency: held(0.13, 14),
        ReadIOPS: held(140, 14),
        WriteIOPS: held(160, 14),
      },
      readings: { ReadLatency: usual(0.001), WriteLatency: usual(0.002) },
      self: { storage: volume("gp2", 100, null, null) },
    });

  it("D3 are a symptom of the credits that are used up", () => {
    const { roots, headline } = of(88);
    expect(roots).toEqual(["burst-balance-exhausted:BurstBalance"]);
    expect(headline).not.toContain("independent");
  });

  it("D3 are a cause of their own where most are idle, or wait for a lock", () => {
    expect(of(5).roots).toContain("connections-near-limit");
    expect(of(88, 84).roots).toContain("connections-near-limit");
  });
});

describe("a reader that Aurora restarts for its lag", () => {
  const of = (said: string) =>
    rootsOf({
      self: { id: "orders-db", role: "reader" },
      others: [{ id: "orders-w", role: "writer" }],
      values: { AuroraReplicaLag: held(44_000, 14) },
      events: [anEvent(11, "notification", said), anEvent(10, "availability", "DB instance restarted")],
      overrides: { target: aTarget({ engine: "mysql", flavour: "aurora", role: "reader" }) },
    });

  it("D3 has one trouble: the restart comes of the lag, whose words are Aurora's", () => {
    const { roots, findings } = of("Read Replica has fallen behind the master too much. Restarting MySQL.");
    expect(roots.some((key) => key.startsWith("restart-or-crash"))).toBe(false);
    const lag = findings.find(({ id }) => id === "replication-lag");
    const says = lag?.evidence.map((each) => each.says).join("\n");
    expect(says).toContain("an Aurora reader shares the writer's volume");
    expect(says).not.toContain("a table without a key");
  });

  it("D3 has two where it restarted for another reason", () => {
    const { roots } = of("Recovery of the DB instance has started");
    expect(roots.some((key) => key.startsWith("restart-or-crash"))).toBe(true);
  });
});

describe("the volume of a replica whose applier stands", () => {
  const free = Array.from({ length: 14 }, (_, minute) => (18 - minute * 0.15) * gib);
  const of = (error: string, more: Partial<MetricScene> = {}) =>
    rootsOf({
      self: {
        id: "orders-db",
        role: "replica",
        replicaOf: "orders-main",
        replication: { status: "error", normal: false, message: error },
        storage: volume("gp3", 500, 12_000, 500),
      },
      values: { FreeStorageSpace: free },
      readings: { FreeStorageSpace: { baselineDay: 118 * gib } },
      ...more,
    });
  const row = "Error 1032: Could not execute Update_rows event on table crm.contacts; Can't find record";

  it("D3 fills by what is received and not applied, and no room is bought for it", () => {
    const { roots, headline, findings } = of(row);
    expect(roots[0]).toBe("replication-stopped:orders-db");
    expect(roots).not.toContain("storage-low");
    expect(headline).toMatch(/what it receives and does not apply fills its volume, in 1 h \d+ min/);
    const low = findings.find(({ id }) => id === "storage-low");
    expect(low?.actions.map(({ automatic }) => automatic)).not.toContain(true);
    expect(low?.actions[0]?.preview).toContain("relay log");
  });

  it("A23 is offered more room where it is all but full, as nobody mends a replica so soon; what it comes from is said", () => {
    const last = free.map((bytes) => bytes / 12);
    const { findings } = of(row, { values: { FreeStorageSpace: last } });
    const low = findings.find(({ id }) => id === "storage-low");
    const grow = low?.actions.find(({ id }) => id === "grow-storage");
    expect(low?.severity).toBe("P1");
    expect(grow?.automatic).toBe(true);
    expect(grow?.consequence).toMatch(/^As well: what fills it is the relay log .* made anew/);
  });

  it("D3 fills by something else where nothing is received, and where its applier works", () => {
    const receiver = of("Error 1236: Got fatal error from source when reading data from binary log");
    expect(receiver.roots).toContain("storage-low");
    const well = of(row, { self: { replicaOf: "orders-main", replication: null } });
    expect(well.roots).toContain("storage-low");
  });
});
