import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { sourceWrites } from "../../../../functions/core/facts/source-writes.ts";
import { replicationLag } from "../../../../functions/core/rules/replication/replication-lag.ts";
import { replicationStopped } from "../../../../functions/core/rules/replication/replication-stopped.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aConnection, aMetric, anAlarm } from "../../../support/evidence-builder.ts";
import { anEvent, held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const mib = 1024 ** 2;
const gib = 1024 ** 3;
const self = { role: "replica" as const, replicaOf: "orders-main" };
const others = [{ id: "orders-main", role: "writer" as const }];

/** A replica that was looked at from outside, and what was measured of its source. */
function replica(
  own: Record<string, readonly number[]>,
  source: Record<string, readonly number[]>,
  scene: MetricScene = {},
) {
  const metrics = [
    ...Object.entries(own).map(([id, values]) => aMetric(id, values)),
    ...Object.entries(source).map(([id, values]) => aMetric(id, values, "orders-main")),
  ];
  const connection = aConnection({ status: "not-tried" });
  return metricView({
    self,
    others,
    ...scene,
    overrides: { metrics, connection, probes: [], ...scene.overrides },
  });
}

const bulk = { TransactionLogsGeneration: [2, 2, 3, 24, 45, 52, 58, 60, 61, 60].map((rate) => rate * mib) };
const idle = { WriteIOPS: held(3), TransactionLogsGeneration: held(0.2 * mib) };
const busy = { WriteIOPS: held(300), TransactionLogsGeneration: held(4 * mib) };
const lag = { ReplicaLag: held(240) };
const sourceLoad: LoadDimension[] = [
  { by: "statement", items: [{ name: "INSERT INTO archive SELECT $1", id: null, load: 3, waits: [] }] },
];
const found = (view: ReturnType<typeof replica>) => replicationLag.evaluate(view)[0];

describe("replication-lag and its source", () => {
  it("D3 tells the bulk write that outruns the replica, and who writes it", () => {
    const finding = found(replica(lag, bulk, { context: { sourceLoad } }));
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.summary).toContain("its source orders-main makes 60 MiB of WAL a second, 2 MiB");
    expect(finding?.summary).toContain("what writes most: INSERT INTO archive SELECT $1 (100 % of the load)");
    expect(finding?.explains.map(({ cause }) => cause)).toEqual(["io-saturated", "cpu-saturated"]);
  });

  it("D3 takes the lag for what a full CPU, or a slow volume, of the replica makes, unless the source outruns it", () => {
    const full = { ...lag, CPUUtilization: held(99), DBLoadCPU: held(7) };
    const roots = (
      own: typeof full | Record<string, readonly number[]>,
      source: Record<string, readonly number[]>,
    ) => diagnose(replica(own, source).evidence, defaultSettings).rootCauses;
    expect(roots(full, busy)).toEqual(["cpu-saturated"]);
    expect(roots({ ...lag, ReadLatency: held(0.05), ReadIOPS: held(400) }, busy)).toEqual(["io-saturated"]);
    expect(roots(full, bulk)).toEqual(["replication-lag:orders-db"]);
    expect(roots(lag, busy)).toEqual(["replication-lag:orders-db"]);
    // The lag of another one is its own.
    const writer = metricView({
      values: { CPUUtilization: held(99), DBLoadCPU: held(7) },
      others: [{ id: "orders-replica", role: "replica", replicaOf: "orders-db" }],
      overrides: {
        metrics: [
          aMetric("CPUUtilization", held(99)),
          aMetric("DBLoadCPU", held(7)),
          aMetric("ReplicaLag", held(240), "orders-replica"),
        ],
        connection: aConnection({ status: "not-tried" }),
        probes: [],
      },
    });
    expect(diagnose(writer.evidence, defaultSettings).rootCauses).toContain("replication-lag:orders-replica");
  });

  it("D7 doubts a lag of minutes while the source is idle, and not while it writes", () => {
    expect(found(replica(lag, idle))).toMatchObject({ severity: "P3" });
    expect(found(replica(lag, idle))?.summary).toContain("writes next to nothing");
    expect(found(replica(lag, busy))).toMatchObject({ severity: "P2", explains: [] });
  });

  it("D4 takes what is usual at this time for no surge, whatever the window shows", () => {
    const nightly = { subject: "orders-main", baselineDay: 55 * mib };
    const view = replica(lag, bulk, { readings: { TransactionLogsGeneration: nightly } });
    expect(sourceWrites(view, "orders-db")?.state).toBe("busy");
  });

  it("D4 knows the source as itself when a replica of it lags", () => {
    const metrics = [
      aMetric("WriteIOPS", [150, 160, 150, 900, 1400]),
      aMetric("ReplicaLag", held(400), "ro"),
    ];
    const view = metricView({
      others: [{ id: "ro", role: "replica", replicaOf: "orders-db" }],
      overrides: { metrics },
    });
    expect(found(view)?.summary).toContain("its source orders-db makes 1400 write operations a second");
    expect(found(view)?.explains).toEqual([]);
  });
});

describe("a lag that was not read", () => {
  const behind = anEvent(6, "read replica", "Read replica orders-db is 14 minutes behind its source.");

  it("D7 is likely by an event and the source's writes, and says that it was not read", () => {
    const finding = found(replica({}, bulk, { events: [behind] }));
    expect(finding?.summary).toMatch(/^Likely behind: this replica .*ReplicaLag itself could not be read/);
    expect(finding?.summary).toContain("60 MiB of WAL a second");
    expect(finding?.confidence).toBeCloseTo(0.42);
    expect(found(replica({}, busy, { events: [behind] }))?.confidence).toBeLessThan(0.35);
  });

  it("D7 is read from the points of the alarm on it", () => {
    const signal = anAlarm("ReplicaLag", { recentDatapoints: [700, 840] });
    expect(found(replica({}, busy, { overrides: { signal } }))?.summary).toContain("14 min behind");
    const low = anAlarm("ReplicaLag", { comparison: "LessThanThreshold" });
    expect(found(replica({}, bulk, { overrides: { signal: low } }))).toBeUndefined();
  });

  it("D7 is likely by what the source keeps for it", () => {
    expect(found(replica({}, { OldestReplicationSlotLag: held(3 * gib) }))?.summary).toContain("keeps 3 GiB");
  });

  it("D4 is not made up from a source that writes much", () => {
    expect(found(replica({}, bulk))).toBeUndefined();
  });
});

describe("replication-stopped by the events of a replica", () => {
  const of = (subject: string, minutes: number, message: string) => ({
    ...anEvent(minutes, "read replica", message),
    subject,
  });
  const stopped = (...events: ReturnType<typeof of>[]) =>
    replicationStopped.evaluate(
      metricView({ others: [{ id: "ro", role: "replica", replicaOf: "orders-db" }], events }),
    );

  it("S4 hears the replica's own words while its writer is looked at", () => {
    expect(stopped(of("ro", 12, "Replication has stopped."))).toMatchObject([
      { subject: "ro", severity: "P1", summary: expect.stringContaining("RDS said 12 min ago") },
    ]);
    expect(stopped(of("ro", 12, "Replication streaming has been terminated."))).toHaveLength(1);
    const [asked] = stopped(of("ro", 9, "Replication for the Read Replica has been manually stopped."));
    expect(asked).toMatchObject({ severity: "P2", summary: expect.stringContaining("it was asked for") });
  });

  it("S4 is over when RDS said so since, or a younger lag does", () => {
    const stop = of("ro", 12, "Replication has stopped.");
    expect(stopped(stop, of("ro", 3, "Replication for the Read Replica resumed."))).toEqual([]);
    const metrics = [aMetric("ReplicaLag", held(2), "ro")];
    const view = metricView({
      others: [{ id: "ro", role: "replica", replicaOf: "orders-db" }],
      events: [stop],
      overrides: { metrics },
    });
    expect(replicationStopped.evaluate(view)).toEqual([]);
  });
});

it("D4 commits of Aurora's writer are a surge where they are thousands, and twice as many", () => {
  const state = (usual: number, now: number) =>
    sourceWrites(replica({}, { CommitThroughput: [usual, usual, usual, now, now, now] }), "orders-db")?.state;
  expect(state(300, 4300)).toBe("surge");
  expect(state(100, 210)).toBe("busy");
});
