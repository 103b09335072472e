import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { longRunningQuery } from "../../../../functions/core/rules/queries/long-running-query.ts";
import { burstBalanceExhausted } from "../../../../functions/core/rules/resources/burst-balance-exhausted.ts";
import { cpuSaturated } from "../../../../functions/core/rules/resources/cpu-saturated.ts";
import { instanceUndersized } from "../../../../functions/core/rules/resources/instance-undersized.ts";
import { ioSaturated } from "../../../../functions/core/rules/resources/io-saturated.ts";
import { maintenanceAtPeak } from "../../../../functions/core/rules/resources/maintenance-at-peak.ts";
import { memoryPressure } from "../../../../functions/core/rules/resources/memory-pressure.ts";
import { storageLow } from "../../../../functions/core/rules/resources/storage-low.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aMetric, anAlarm } from "../../../support/evidence-builder.ts";
import { aRunning } from "../../../support/forest-builder.ts";
import { aVolume, kindView } from "../../../support/kind-scene.ts";
import { anEvent, held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const gib = 1024 ** 3;

describe("cpu-saturated", () => {
  const at = (values: readonly number[], scene: MetricScene = {}) =>
    cpuSaturated.evaluate(metricView({ values: { CPUUtilization: values }, ...scene }))[0];

  it("D4 speaks at the threshold and not below it", () => {
    expect(at(held(79.9))).toBeUndefined();
    expect(at(held(80))).toMatchObject({ severity: "P2" });
    expect(at(held(95))).toMatchObject({ severity: "P1" });
  });

  it("D4 is quiet about a spike that is over, and one of two minutes", () => {
    expect(at([12, 95, 97, 96, 14])).toBeUndefined();
    expect(at([12, 14, 13, 95, 97])).toBeUndefined();
    expect(at([12, 14, 95, 97, 96])?.summary).toContain("for 3 min, now at 96 %");
  });

  it("S1 trusts an alarm that has watched the same metric for longer", () => {
    const overrides = { signal: anAlarm("CPUUtilization") };
    const scene = metricView({ values: { CPUUtilization: [12, 14, 97] } });
    expect(cpuSaturated.evaluate(scene)).toEqual([]);
    const alarmed = { ...scene, evidence: { ...scene.evidence, ...overrides } };
    expect(cpuSaturated.evaluate(alarmed)).toHaveLength(1);
  });

  it("D6 takes what is as every day for P3, unless sessions queue for a CPU", () => {
    const usual = { CPUUtilization: { baselineDay: 90, baselineWeek: 88 } };
    expect(at(held(92), { readings: usual })).toMatchObject({ severity: "P3", actions: [] });
    const values = { CPUUtilization: held(92), DBLoadCPU: held(5) };
    expect(cpuSaturated.evaluate(metricView({ values, readings: usual }))[0]?.severity).toBe("P1");
  });

  it("D7 is less sure without a look inside, and ignores an old value", () => {
    const inside = at(held(90))?.confidence ?? 0;
    const outside = metricView({ values: { CPUUtilization: held(90) } });
    const blind = { ...outside, server: null, connections: null, sessions: null, forests: null };
    expect(cpuSaturated.evaluate(blind)[0]?.confidence).toBeLessThan(inside);
    const later = { ...outside.evidence, collectedAt: "2026-11-21T10:30:00.000Z" };
    expect(cpuSaturated.evaluate({ ...outside, evidence: later })).toEqual([]);
  });

  it("D3 is explained by a long statement on the CPU, if it can take that much", () => {
    const one = (vcpus: number, waitEvent: string | null) =>
      longRunningQuery.evaluate(
        metricView({
          values: { CPUUtilization: held(97) },
          self: { vcpus },
          sessions: [aRunning(1, 400, { waitEvent })],
        }),
      )[0];
    expect(one(2, null)).toMatchObject({ severity: "P1" });
    expect(one(2, null)?.explains.map(({ cause }) => cause)).toContain("cpu-saturated");
    expect(one(16, null)?.explains).toEqual([]);
    expect(one(2, "Timeout/PgSleep")?.explains).toEqual([]);
  });
});

describe("cpu-saturated by more traffic", () => {
  const says = (now: number, usual: number, self: MetricScene["self"] = {}) => {
    const values = { CPUUtilization: held(96), NetworkReceiveThroughput: held(now) };
    const readings = {
      NetworkReceiveThroughput: { latest: null, baselineDay: usual, baselineWeek: usual },
    };
    return cpuSaturated
      .evaluate(metricView({ values, readings, self }))[0]
      ?.evidence.map((one) => one.says)
      .join();
  };

  it("M1 says that the clients ask for more than as a rule, and nothing where they do not", () => {
    expect(says(2 * 1024 ** 2, 900 * 1024)).toContain(
      "2 MiB a second come in from clients, 900 KiB as a rule at this time: they ask for more",
    );
    expect(says(1024 ** 2, 900 * 1024)).not.toContain("ask for more");
    const replica = { role: "replica", replicaOf: "orders-main" } as const;
    expect(says(2 * 1024 ** 2, 900 * 1024, replica)).not.toContain("ask for more");
  });
});

describe("io-saturated by one statement", () => {
  const self = { storage: aVolume({ allocatedGib: 500, iops: 12_000, throughputMibps: 500 }) };
  const full = {
    ...{ ReadIOPS: held(7000), WriteIOPS: held(4900) },
    ...{ NetworkReceiveThroughput: held(2e6), NetworkTransmitThroughput: held(9e6) },
  };
  const asked = (value: number, answered: number) => ({
    NetworkReceiveThroughput: { latest: null, baselineDay: value, baselineWeek: value },
    NetworkTransmitThroughput: { latest: null, baselineDay: answered, baselineWeek: answered },
  });
  const statement = (name: string, loads: Readonly<Record<string, number>>) => ({
    ...{ name, id: null, load: Object.values(loads).reduce((sum, each) => sum + each, 0) },
    waits: Object.entries(loads).map(([wait, load]) => ({ name: wait, load })),
  });
  const backfill = { "IO:DataFileRead": 6, "IO:WALSync": 1 };

  const update = "UPDATE invoices SET region = $1 WHERE id BETWEEN $2 AND $3";

  function offered(
    loads: Readonly<Record<string, number>>,
    other: number,
    { usual = 1.9e6, answered = 9e6, query = update } = {},
  ) {
    const items = [
      statement(query, loads),
      statement("SELECT * FROM invoices WHERE account_id = $1", { "IO:DataFileRead": other / 2 }),
      statement("INSERT INTO payments VALUES ($1)", { "IO:WALSync": other / 2 }),
    ];
    const context = { load: [{ by: "statement" as const, items }] };
    return ioSaturated.evaluate(
      metricView({ values: full, self, context, readings: asked(usual, answered) }),
    )[0]?.actions[0];
  }

  it("D11 leaves to a person what would be bought for it, and says what to do first", () => {
    expect(offered(backfill, 4)).toMatchObject({ id: "tune-storage", automatic: false });
    expect(offered(backfill, 4)?.preview).toMatch(
      /^# No call is shown: one statement makes 64 % of what is asked of storage \(UPDATE invoices .*\): first see whether it can be slowed down/,
    );
    // A vacuum ends, too.
    const vacuum = "autovacuum: VACUUM public.invoices (to prevent wraparound)";
    expect(offered(backfill, 4, { query: vacuum })?.automatic).toBe(false);
  });

  it("A23 offers more where many share it, where its time is not the storage's, and where clients ask for more", () => {
    expect(offered(backfill, 8)?.automatic).toBe(true);
    expect(offered({ CPU: 9, "IO:DataFileRead": 1 }, 4)?.automatic).toBe(true);
    expect(offered(backfill, 4, { usual: 1e6, answered: 4e6 })?.automatic).toBe(true);
    expect(offered(backfill, 4, { query: "COMMIT" })?.automatic).toBe(true);
    // An import: what comes in is more, and what goes out is not.
    expect(offered(backfill, 4, { usual: 1e6 })?.automatic).toBe(false);
  });
});

describe("io-saturated", () => {
  const at = (values: Record<string, readonly number[]>, scene: MetricScene = {}) =>
    ioSaturated.evaluate(metricView({ values, ...scene }))[0];

  it("D4 speaks of slow storage, not of a slow request or two", () => {
    expect(at({ ReadLatency: held(0.02), ReadIOPS: held(400) })).toMatchObject({ severity: "P2" });
    expect(at({ ReadLatency: held(0.019), ReadIOPS: held(400) })).toBeUndefined();
    expect(at({ ReadLatency: held(0.3), ReadIOPS: held(3) })).toBeUndefined();
    const deep = { WriteLatency: held(0.12), WriteIOPS: held(400), DiskQueueDepth: held(30) };
    expect(at(deep)).toMatchObject({ severity: "P1" });
  });

  it("D4 knows the provisioned limit, reads and writes together", () => {
    const values = { ReadIOPS: held(1500), WriteIOPS: held(1400) };
    expect(at(values)?.summary).toContain("2900 operations a second of 3000");
    expect(at(values)?.evidence[0]?.says).toBe("1500 reads and 1400 writes a second");
    expect(at({ ReadIOPS: held(1500), WriteIOPS: held(1300) })).toBeUndefined();
  });

  it("A23 offers more of what has reached its limit, and nothing where requests are slow under every limit", () => {
    const self = { storage: aVolume({ allocatedGib: 500, iops: 12_000, throughputMibps: 500 }) };
    const slow = { ReadLatency: held(0.05), ReadIOPS: held(400) };
    expect(at(slow, { self })).toMatchObject({ severity: "P2", actions: [] });
    expect(
      at(slow, { self })
        ?.evidence.map(({ says }) => says)
        .join(),
    ).toContain("under its 12000 IOPS");
    const wide = { ...slow, ReadThroughput: held(490 * 1024 ** 2) };
    expect(at(wide, { self })?.actions[0]?.preview).toContain("--storage-throughput 750 ");
    const many = { ...slow, ReadIOPS: held(11_900) };
    expect(at(many, { self })?.actions[0]?.preview).toContain("--iops 18000 ");
  });
});

describe("memory-pressure", () => {
  const at = (free: number, scene: MetricScene = {}) =>
    memoryPressure.evaluate(
      metricView({
        self: { instanceClass: "db.r7g.large" },
        values: { FreeableMemory: held(free) },
        ...scene,
      }),
    )[0];

  it("D4 takes memory full of cache for well, and swapping for suffering", () => {
    expect(at(1.7 * gib)).toBeUndefined();
    expect(at(1.5 * gib)).toMatchObject({ severity: "P3" });
    const values = { FreeableMemory: held(1.5 * gib), SwapUsage: held(0.5 * gib) };
    expect(at(0, { values })).toMatchObject({ severity: "P2" });
    const unchanged = { SwapUsage: { baselineDay: 0.5 * gib } };
    expect(at(0, { values, readings: unchanged })).toMatchObject({ severity: "P3" });
  });

  it("D4 takes what is as a day and a week ago for how the engine was set up, whatever alarm somebody set on it", () => {
    const signal = anAlarm("FreeableMemory", { comparison: "LessThanThreshold" });
    const free = (now: number, day: number | null, week: number | null, swap: readonly number[] | null) =>
      at(0, {
        overrides: { signal },
        values: { FreeableMemory: held(now * gib), ...(swap === null ? {} : { SwapUsage: swap }) },
        readings: {
          FreeableMemory: {
            baselineDay: day === null ? null : day * gib,
            baselineWeek: week === null ? null : week * gib,
          },
        },
      });
    expect(free(1.3, 1.3, 1.2, held(0))).toBeUndefined();
    expect(free(1.3, 1.6, 1.2, held(0))).toMatchObject({ severity: "P2" });
    expect(free(1.3, 1.3, null, held(0))).toMatchObject({ severity: "P2" });
    expect(free(1.3, 1.3, 1.2, null)).toMatchObject({ severity: "P2" });
    expect(free(1.3, 1.3, 1.2, held(0.5 * gib))).toMatchObject({ severity: "P2" });
    expect(free(0.2, 0.2, 0.2, held(0))).toMatchObject({ severity: "P2" });
  });

  it("D5 says of the alarm on it that it was as low then, and not that nobody knows why", () => {
    const { evidence } = metricView({
      self: { instanceClass: "db.r7g.large" },
      overrides: { signal: anAlarm("FreeableMemory", { comparison: "LessThanThreshold" }) },
      values: { FreeableMemory: held(1.3 * gib), SwapUsage: held(0) },
      readings: { FreeableMemory: { baselineDay: 1.3 * gib, baselineWeek: 1.2 * gib } },
    });
    const { headline } = diagnose(evidence, defaultSettings);
    expect(headline).toContain(
      "FreeableMemory is as low as a day and a week ago at this hour: 1.3 GiB and 1.2 GiB, 1.3 GiB now",
    );
    expect(headline).not.toContain("not explained");
  });

  it("D4 takes 100 MiB of a micro for its daily life, and what RDS said an hour ago for over", () => {
    const micro = { self: { instanceClass: "db.t4g.micro" } };
    const mib = 1024 ** 2;
    expect(at(100 * mib, micro)).toMatchObject({ severity: "P3", actions: [] });
    expect(at(15 * mib, micro)).toMatchObject({ severity: "P2" });
    const message = "The database is running with critically low memory; shared_buffers was lowered.";
    const events = (minutes: number) => ({ events: [anEvent(minutes, "notification", message)] });
    expect(at(6 * gib, events(40))).toMatchObject({
      severity: "P3",
      actions: [],
      summary: expect.stringContaining("free again"),
    });
    expect(at(1 * gib, events(40))).toMatchObject({ severity: "P1" });
  });

  it("A20 looks at what takes the memory before its size", () => {
    const values = { FreeableMemory: held(0.2 * gib), SwapUsage: held(2 * gib) };
    expect(at(0, { values })?.actions[0]?.consequence).toMatch(/^First see what takes it/);
  });

  it("S4 hears RDS itself", () => {
    const message = "The database is running with critically low memory; shared_buffers was lowered.";
    expect(at(6 * gib, { events: [anEvent(4, "notification", message)] })).toMatchObject({ severity: "P1" });
  });
});

describe("storage-low", () => {
  const at = (values: readonly number[], scene: MetricScene = {}) =>
    storageLow.evaluate(metricView({ values: { FreeStorageSpace: values }, ...scene }))[0];

  it("T judges by what is left of what is allocated", () => {
    expect(at(held(21 * gib))).toBeUndefined();
    expect(at(held(19 * gib))).toMatchObject({ severity: "P3" });
    expect(at(held(15 * gib))).toMatchObject({ severity: "P2" });
    expect(at(held(3 * gib))).toMatchObject({ severity: "P1" });
  });

  it("D6 sees how fast it falls, and that autoscaling will help", () => {
    const falling = Array.from({ length: 10 }, (_, index) => (25 - index) * gib);
    expect(at(falling)).toMatchObject({ severity: "P1" });
    expect(at(falling)?.summary).toContain("full in");
    const storage = { type: "gp3", allocatedGib: 100, limitGib: 500, iops: 3000, throughputMibps: 125 };
    const self = { storage: { ...storage, operation: null, operationPercent: null } };
    expect(at(held(14 * gib), { self })).toMatchObject({ severity: "P3" });
  });

  it("D6 trusts autoscaling only while it has time: from 10 % free on it should have begun", () => {
    const self = { storage: aVolume({ limitGib: 500 }) };
    expect(at(held(14 * gib), { self })).toMatchObject({ severity: "P3" });
    expect(at(held(9 * gib), { self })).toMatchObject({
      severity: "P2",
      summary: expect.stringContaining("should have begun"),
    });
    const optimizing = { ...self, status: "storage-optimization" };
    expect(at(held(14 * gib), { self: optimizing })).toMatchObject({ severity: "P2" });
  });

  it("D6 says that autoscaling is at its maximum, whether or not RDS has told, and nothing where there is none", () => {
    const of = (limitGib: number | null, scene: MetricScene = {}) =>
      at(held(14 * gib), { self: { storage: aVolume({ limitGib }) }, ...scene });
    const text =
      "storage autoscaling is at its maximum, 105 GiB with 100 GiB allocated, and grows it no more";
    expect(of(105)).toMatchObject({ severity: "P2", summary: expect.stringContaining(text) });
    expect(of(109)?.summary).toContain("at its maximum, 109 GiB");
    expect(of(110)?.summary).toContain("has room to grow it");
    expect(of(null)?.summary).not.toContain("autoscaling");
    const low = "The free storage capacity for DB instance: orders-db is low at 14% of the allocated storage";
    const said =
      "Storage autoscaling has triggered a pending scale storage task that will reach or exceed the maximum storage threshold.";
    const events = [anEvent(30, "low storage", low), anEvent(20, "notification", said)];
    expect(of(105, { events })?.summary).toMatch(
      /at its maximum, 105 GiB .*; Storage autoscaling has triggered/,
    );
  });

  it("D4 names the binary logs that fill it", () => {
    const of = (binlogs: number) =>
      storageLow.evaluate(
        metricView({
          engine: "mysql",
          values: { FreeStorageSpace: held(12 * gib), BinLogDiskUsage: held(binlogs) },
        }),
      )[0];
    expect(of(40 * gib)?.summary).toContain("binary logs take 40 GiB, 40 % of the volume");
    expect(of(40 * gib)?.actions.map(({ id }) => id)).toEqual(["shorten-binlog-retention", "grow-storage"]);
    expect(of(2 * gib)?.summary).not.toContain("binary logs");
  });

  it("D4 only reads how long binary logs are kept: where nothing is set, any number would keep them longer", () => {
    const [binlogs] =
      storageLow.evaluate(
        metricView({
          engine: "mysql",
          values: { FreeStorageSpace: held(12 * gib), BinLogDiskUsage: held(40 * gib) },
        }),
      )[0]?.actions ?? [];
    expect(binlogs).toMatchObject({ preview: "CALL mysql.rds_show_configuration", risk: "safe" });
    expect(binlogs?.consequence).toContain("NULL: leave it");
  });

  it("D4 judges the storage of the instance itself, on Aurora and on classes with NVMe disks", () => {
    const values = { FreeLocalStorage: held(0.5 * gib) };
    const nvme = storageLow.evaluate(kindView("multi-az-cluster", { values }));
    expect(nvme).toMatchObject([{ subject: "local", severity: "P2" }]);
    expect(nvme[0]?.actions[0]?.preview).toContain("--db-cluster-instance-class db.r6gd.xlarge ");
    const aurora = storageLow.evaluate(kindView("aurora-provisioned", { values }));
    expect(aurora[0]?.actions[0]?.preview).toContain("--db-instance-class db.r6g.xlarge ");
    expect(storageLow.evaluate(kindView("rds-instance", { values }))).toEqual([]);
  });

  it("D4 reads how much the volume of a cluster can still grow", () => {
    const left = (bytes: number) => {
      const series = (id: string, value: number) => ({
        ...aMetric(id, held(value)),
        dimensions: { DBClusterIdentifier: "shop" },
      });
      const metrics = [
        series("AuroraVolumeBytesLeftTotal", bytes),
        series("VolumeBytesUsed", 128 * 1024 * gib - bytes),
      ];
      return storageLow.evaluate(
        kindView("aurora-provisioned", { engine: "mysql", overrides: { metrics } }),
      )[0];
    };
    expect(left(50 * 1024 * gib)).toBeUndefined();
    expect(left(5 * 1024 * gib)).toMatchObject({ subject: "cluster-volume", severity: "P2", actions: [] });
    expect(left(1024 * gib)).toMatchObject({ severity: "P1" });
  });

  it("D3 explains a database that RDS stopped for want of space", () => {
    const full = storageLow.evaluate(metricView({ self: { status: "storage-full" } }))[0];
    expect(full).toMatchObject({ severity: "P0" });
    expect(full?.explains.map(({ cause }) => cause)).toContain("database-unreachable");
  });

  it("D2 says how large a full volume is, and of a replica that its source has room for more", () => {
    const storage = (allocatedGib: number) => ({ ...noVolume, allocatedGib });
    const told = (here: number, there: number) =>
      storageLow.evaluate(
        metricView({
          self: { status: "storage-full", replicaOf: "orders-main", storage: storage(here) },
          others: [{ id: "orders-main", storage: storage(there) }],
        }),
      )[0];
    const full = told(400, 440);
    expect(full?.summary).toContain("Storage is full, all 400 GiB of it: RDS has stopped the database");
    expect(full?.summary).toContain("; its source orders-main has 440 GiB");
    expect(full?.explains).toContainEqual(
      expect.objectContaining({ cause: "replication-stopped", subject: "orders-db" }),
    );
    expect(told(440, 440)?.summary).not.toContain("its source");
  });
});

const noVolume = {
  ...{ type: "gp3", limitGib: null, iops: null, throughputMibps: null },
  ...{ operation: null, operationPercent: null },
};

describe("burst-balance-exhausted", () => {
  const at = (values: readonly number[]) =>
    burstBalanceExhausted.evaluate(metricView({ values: { BurstBalance: values } }))[0];

  it("D4 tells used up from falling and from filling up again", () => {
    expect(at(held(21))).toBeUndefined();
    expect(at([40, 30, 20, 10, 4])).toMatchObject({ severity: "P1" });
    expect(at([40, 30, 20])).toMatchObject({ severity: "P2" });
    expect(at([1, 2, 4])).toMatchObject({ severity: "P3", explains: [] });
  });

  it("A23 leaves gp2 for gp3, which has no credits to use up", () => {
    const self = { storage: aVolume({ type: "gp2", iops: null, throughputMibps: null }) };
    const view = metricView({ self, values: { BurstBalance: [40, 30, 20, 10, 4] } });
    const [action] = burstBalanceExhausted.evaluate(view)[0]?.actions ?? [];
    expect(action?.preview).toContain("--storage-type gp3 --allocated-storage 100 --apply-immediately");
  });

  it("D4 knows that only T2 is throttled without CPU credits", () => {
    const of = (instanceClass: string) =>
      burstBalanceExhausted.evaluate(
        metricView({ self: { instanceClass }, values: { CPUCreditBalance: held(0) } }),
      )[0]?.severity;
    expect(of("db.t2.medium")).toBe("P1");
    expect(of("db.t4g.medium")).toBe("P3");
    expect(of("db.m7g.large")).toBeUndefined();
  });
});

describe("an Aurora Serverless v2 instance at its largest capacity", () => {
  const at = (values: Record<string, readonly number[]>) =>
    instanceUndersized.evaluate(
      kindView("aurora-serverless-v2", { values: { ACUUtilization: held(100), ...values } }),
    );

  it("D4 is well where its buffer pool holds the capacity and the CPU has little to do", () => {
    expect(at({ CPUUtilization: held(12), FreeableMemory: held(6 * gib) })).toEqual([]);
    expect(at({ CPUUtilization: held(85), FreeableMemory: held(6 * gib) })).toHaveLength(1);
    expect(at({ CPUUtilization: held(12), FreeableMemory: held(2 * gib) })).toHaveLength(1);
  });

  it("D7 is not called well by what nobody has seen", () => {
    expect(at({})).toMatchObject([{ severity: "P2", confidence: 0.5 }]);
    expect(at({ CPUUtilization: held(12) })).toHaveLength(1);
  });

  it("A21 is short of memory by its largest capacity, which is what can be raised", () => {
    const view = kindView("aurora-serverless-v2", {
      values: { FreeableMemory: held(0.5 * gib), SwapUsage: held(2 * gib) },
    });
    const [finding] = memoryPressure.evaluate(view);
    expect(finding).toMatchObject({
      severity: "P1",
      summary: expect.stringContaining("of 32 GiB are in use"),
    });
    expect(finding?.actions[0]?.preview).toContain("MinCapacity=2,MaxCapacity=32");
  });
});

describe("instance-undersized", () => {
  it("D4 wants the same load a day and a week ago, and no single statement to blame", () => {
    const at = (day: number, week: number) =>
      instanceUndersized.evaluate(
        metricView({
          values: { CPUUtilization: held(92) },
          readings: { CPUUtilization: { baselineDay: day, baselineWeek: week } },
        }),
      );
    expect(at(90, 85)).toHaveLength(1);
    expect(at(90, 30)).toEqual([]);
    const load = [{ name: "SELECT 1", id: null, load: 3, waits: [] }];
    const view = metricView({
      values: { CPUUtilization: held(92) },
      readings: { CPUUtilization: { baselineDay: 90, baselineWeek: 85 } },
      context: { load: [{ by: "statement", items: load }] },
    });
    expect(instanceUndersized.evaluate(view)).toHaveLength(0);
  });
});

describe("maintenance-at-peak", () => {
  const build = aRunning(7, 300, { query: "CREATE INDEX ON orders (customer)", application: "psql" });
  const at = (latency: number, session = build) =>
    maintenanceAtPeak.evaluate(
      metricView({
        sessions: [session],
        values: { WriteLatency: held(latency), WriteIOPS: held(900) },
      }),
    );

  it("D4 blames maintenance only while something is short", () => {
    expect(at(0.004)).toEqual([]);
    expect(at(0.08)[0]).toMatchObject({ subject: "session:7", severity: "P2" });
    expect(at(0.08)[0]?.explains.map(({ cause }) => cause)).toContain("io-saturated");
  });

  it.each(["BufferPin/BufferPin", "Client/ClientRead", "Lock/relation", "Timeout/VacuumDelay"])(
    "D4 does not blame maintenance that stands still on %s",
    (waitEvent) => {
      expect(at(0.08, { ...build, waitEvent })).toEqual([]);
      expect(at(0.08, { ...build, waitEvent: "IO/DataFileRead" })).toHaveLength(1);
    },
  );

  it("A40 never offers to stop what freezes rows, and a vacuum only by a person", () => {
    const vacuum = (query: string) => at(0.08, { ...build, query })[0]?.actions;
    expect(vacuum("VACUUM (FREEZE, VERBOSE) orders")).toEqual([]);
    expect(vacuum("/* nightly */ vacuum freeze orders")).toEqual([]);
    const [plain] = vacuum("VACUUM orders") ?? [];
    expect(plain?.neverAlone?.kind).toBe("maintenance-statement");
  });

  it("A40 never offers to stop a vacuum while transaction ids run out", () => {
    const risk = {
      kind: "database",
      name: "shop",
      xidAge: 1_700_000_000,
      multixactAge: 0,
      freezeMaxAge: 200_000_000,
      multixactFreezeMaxAge: 400_000_000,
      percentUsed: 79,
      xidsLeft: 447_000_000,
      bytes: null,
      toastOf: null,
    } as const;
    const view = metricView({
      sessions: [{ ...build, query: "VACUUM orders" }],
      values: { WriteLatency: held(0.08), WriteIOPS: held(900) },
      probes: { "postgres-vacuum-wraparound": [risk] },
    });
    expect(maintenanceAtPeak.evaluate(view)[0]).toMatchObject({ subject: "session:7", actions: [] });
  });

  it("A1 says that an index built CONCURRENTLY leaves an invalid one behind", () => {
    const [action] =
      at(0.08, { ...build, query: "CREATE INDEX CONCURRENTLY i ON orders (a)" })[0]?.actions ?? [];
    expect(action?.consequence).toContain("invalid index");
    expect(action?.neverAlone?.kind).toBe("maintenance-statement");
  });

  it("A40 never offers to stop a backup", () => {
    const dump = aRunning(8, 300, { query: "COPY orders TO stdout", application: "pg_dump" });
    expect(at(0.08, dump)[0]?.summary).toContain("dump by pg_dump");
    expect(at(0.08, dump)[0]?.actions).toEqual([]);
  });

  it("D11 leaves what a person began to a person, and says what a cancelled index build leaves behind", () => {
    const online = aRunning(9, 300, { query: "CREATE INDEX CONCURRENTLY ON orders (customer)" });
    expect(at(0.08)[0]?.actions).toMatchObject([
      { id: "cancel-query", neverAlone: { kind: "maintenance-statement" } },
    ]);
    expect(at(0.08, online)[0]?.actions[0]?.consequence).toContain("invalid index stays behind");
  });
});
