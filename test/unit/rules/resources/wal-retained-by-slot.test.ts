import { describe, expect, it } from "vitest";
import type { Member } from "../../../../functions/core/contract/topology.ts";
import type { ReplicationSlotRow } from "../../../../functions/core/probes/postgres/replication-slots-rows.ts";
import { walRetainedBySlot } from "../../../../functions/core/rules/resources/wal-retained-by-slot.ts";
import { aMetric } from "../../../support/evidence-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const gib = 1024 ** 3;

function slot(overrides: Partial<ReplicationSlotRow> = {}): ReplicationSlotRow {
  return {
    slot: "sink",
    kind: "logical",
    plugin: "pgoutput",
    database: "shop",
    active: false,
    activePid: null,
    temporary: false,
    retainedBytes: 2 * gib,
    unconfirmedBytes: null,
    walStatus: "extended",
    safeWalBytes: null,
    keepLimitBytes: null,
    inactiveSeconds: 7200,
    invalidationReason: null,
    xminAge: null,
    catalogXminAge: null,
    ...overrides,
  };
}

const writes = {
  intervalSeconds: 1,
  checkpointBuffersPerSecond: 0,
  backgroundBuffersPerSecond: 0,
  backendBuffersPerSecond: 0,
  allocatedBuffersPerSecond: 0,
  maxWrittenStopsPerSecond: 0,
  walBytesPerSecond: 1024 ** 2,
  checkpointsTimed: 0,
  checkpointsRequested: 0,
  sinceReset: {
    statsSeconds: 60,
    checkpointsTimed: 0,
    checkpointsRequested: 0,
    checkpointWriteSeconds: 0,
    checkpointSyncSeconds: 0,
  },
};

function told(row: ReplicationSlotRow, freeGib?: number) {
  const probes = { "postgres-replication-slots": [row], "postgres-database-rates-writer": [writes] };
  const values = freeGib === undefined ? {} : { FreeStorageSpace: held(freeGib * gib) };
  return walRetainedBySlot.evaluate(metricView({ probes, values }))[0];
}

describe("wal-retained-by-slot", () => {
  it("D4 notes at once what nobody reads beyond max_wal_size, and leaves alone what is read or fits", () => {
    expect(told(slot())).toMatchObject({ severity: "P3" });
    expect(told(slot({ walStatus: "unreserved" }))).toMatchObject({ severity: "P3" });
    expect(told(slot({ active: true, activePid: 9 }))).toBeUndefined();
    expect(told(slot({ temporary: true }))).toBeUndefined();
    expect(told(slot({ walStatus: "reserved" }))).toBeUndefined();
  });

  it.each<[Partial<ReplicationSlotRow>, string]>([
    [{}, "a consumer of changes (logical, pgoutput: a subscription or a CDC tool such as Debezium, database"],
    [{ plugin: "mine" }, "a consumer of changes (logical, mine, database shop)"],
    [{ kind: "physical", plugin: null, slot: "rds_eu_west_1_db_abc" }, "a read replica of RDS, by its name"],
    [{ kind: "physical", plugin: null, slot: "spare" }, "a standby or a log receiver (physical)"],
  ])("D4 tells whom a slot is kept for: %j", (overrides, consumer) => {
    expect(told(slot(overrides))?.summary).toContain(consumer);
  });

  it("D4 says how much is written, and when storage is full or the slot is cut off at that pace", () => {
    expect(told(slot())?.summary).toMatch(/1 MiB of WAL are written a second$/);
    expect(told(slot(), 60)?.summary).toContain("at that pace storage is full in 17 h");
    const limited = slot({ keepLimitBytes: 3 * gib, safeWalBytes: gib });
    expect(told(limited, 60)?.summary).toContain("at that pace it is cut off in 17 min");
  });

  it("D7 names replicas in another Region, where which slot it is could not be seen, and no other replica", () => {
    const arn = "arn:aws:rds:us-west-2:123456789012:db:orders-dr";
    const abroad = { id: "orders-dr", arn, role: "replica", here: false, replicaOf: "orders-db" } as const;
    const of = (...others: readonly Partial<Member>[]) =>
      walRetainedBySlot.evaluate(
        metricView({
          self: { id: "orders-db" },
          others,
          values: { OldestReplicationSlotLag: held(90 * gib) },
        }),
      )[0];
    expect(of(abroad)?.summary).toContain("it may be that of orders-dr, a replica in another Region");
    expect(of(abroad)?.evidence.at(-1)?.says).toContain(
      "--db-instance-identifier orders-dr --region us-west-2",
    );
    expect(of(abroad, { ...abroad, id: "orders-dr-2" })?.summary).toContain(
      "orders-dr and orders-dr-2, replicas in",
    );
    const here = { id: "orders-report", role: "replica", here: true, replicaOf: "orders-db" } as const;
    const late = walRetainedBySlot.evaluate(
      metricView({
        self: { id: "orders-db" },
        others: [abroad, here],
        values: { OldestReplicationSlotLag: held(90 * gib) },
        overrides: {
          metrics: [
            aMetric("OldestReplicationSlotLag", held(90 * gib)),
            aMetric("ReplicaLag", held(32_760), "orders-report"),
          ],
        },
      }),
    )[0];
    expect(late?.summary).toMatch(/; it may be that of replica orders-report \(9 h 6 min behind\)$/);
    expect(of({ ...abroad, here: true })?.summary).toMatch(/could not be seen$/);
    expect(of({ ...abroad, replicaOf: "orders-ro" })?.summary).toMatch(/could not be seen$/);
  });

  it("D7 names no replica that is far less late than the slot is behind, at the pace of what is written", () => {
    const arn = "arn:aws:rds:us-west-2:123456789012:db:orders-dr";
    const abroad = { id: "orders-dr", arn, role: "replica", here: false, replicaOf: "orders-db" } as const;
    const here = { id: "orders-report", role: "replica", here: true, replicaOf: "orders-db" } as const;
    const of = (lagSeconds: number, mibPerSecond: number | null, ...others: readonly Partial<Member>[]) =>
      walRetainedBySlot.evaluate(
        metricView({
          self: { id: "orders-db" },
          others: [here, ...others],
          overrides: {
            metrics: [
              aMetric("OldestReplicationSlotLag", held(80 * gib)),
              aMetric("ReplicaLag", held(lagSeconds), "orders-report"),
              ...(mibPerSecond === null
                ? []
                : [aMetric("TransactionLogsGeneration", held(mibPerSecond * 1024 ** 2))]),
            ],
          },
        }),
      )[0]?.summary;
    expect(of(400, 5)).toMatch(/which slot could not be seen$/);
    expect(of(400, 5, abroad)).toMatch(/it may be that of orders-dr, a replica in another Region/);
    expect(of(400, null)).toMatch(/it may be that of replica orders-report \(6 min 40 s behind\)$/);
    expect(of(400, 100)).toMatch(/it may be that of replica orders-report/);
    expect(of(16_000, 5, abroad)).toMatch(/it may be that of replica orders-report \(4 h 26 min behind\)$/);
    // The hours before wrote more than is written by now.
    expect(of(4000, 5)).toMatch(/it may be that of replica orders-report/);
  });
});
