import { describe, expect, it } from "vitest";
import type { MetricSeries } from "../../../functions/core/contract/evidence.ts";
import { baselineQueries, metricQueries } from "../../../functions/core/metrics/metric-queries.ts";
import { metricWindows } from "../../../functions/core/metrics/metric-windows.ts";
import { missingMetrics, noDataReason } from "../../../functions/core/metrics/missing-metrics.ts";
import { metricReadings } from "../../../functions/core/metrics/readings.ts";
import type { MetricQuery, MetricsAnswer } from "../../../functions/core/ports.ts";
import { aCluster, aMember, aTopology } from "../../support/context-builder.ts";
import { anAlarm, aTarget } from "../../support/evidence-builder.ts";

const auroraTarget = aTarget({ name: "shop-1", clusterId: "shop", flavour: "aurora", engine: "mysql" });

function names(queries: readonly MetricQuery[], subject: string): string[] {
  return queries
    .filter(({ dimensions }) => Object.values(dimensions).includes(subject))
    .map(({ name }) => name);
}

const gp2 = {
  type: "gp2",
  allocatedGib: 20,
  limitGib: null,
  iops: null,
  throughputMibps: null,
  operation: null,
  operationPercent: null,
};

const empty: MetricsAnswer = { series: [], missing: [] };

function series(name: string, values: readonly number[], instance: string, statistic: string): MetricSeries {
  return {
    id: name,
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: instance },
    statistic,
    unit: null,
    periodSeconds: 60,
    points: values.map((value, index) => ({ at: new Date(index * 60_000).toISOString(), value })),
  };
}

function noData(name: string, instance: string, reason = noDataReason): MetricsAnswer {
  const what = `metric AWS/RDS ${name} (Average; DBInstanceIdentifier=${instance})`;
  return { series: [], missing: [{ what, reason, howToSee: null }] };
}

function reading(name: string, now: MetricsAnswer, topology = aTopology(), target = aTarget()) {
  const found = metricReadings(target, topology, { now, day: empty, week: empty }).find(
    ({ id }) => id === name,
  );
  if (found === undefined) throw new Error(`no reading of ${name}`);
  return found;
}

describe("which metrics are asked for", () => {
  it("M1 reads what the source of a replica writes, now and before, and nothing so of other members", () => {
    const members = [
      aMember({ role: "replica", replicaOf: "orders-main" }),
      aMember({ id: "orders-main", role: "writer" }),
      aMember({ id: "orders-other", role: "replica", replicaOf: "orders-main" }),
    ];
    const topology = aTopology({ kind: "read-replica", members });
    const written = ["TransactionLogsGeneration", "WriteIOPS", "WriteThroughput", "OldestReplicationSlotLag"];
    const now = metricQueries(aTarget({ role: "reader" }), topology, null);
    const before = baselineQueries(aTarget({ role: "reader" }), topology, 300);
    expect(names(now, "orders-main")).toEqual(expect.arrayContaining(written));
    expect(names(before, "orders-main").toSorted()).toEqual(written.toSorted());
    expect(names(now, "orders-other")).not.toContain("WriteIOPS");
    expect(names(metricQueries(aTarget(), aTopology(), null), "orders-db")).toContain(
      "TransactionLogsGeneration",
    );
  });

  it("M1 an RDS instance has storage and no Aurora metric, and Aurora the other way round", () => {
    const rds = names(metricQueries(aTarget(), aTopology(), null), "orders-db");
    expect(rds).toEqual(expect.arrayContaining(["FreeStorageSpace", "MaximumUsedTransactionIDs", "DBLoad"]));
    for (const absent of [
      "Deadlocks",
      "BufferCacheHitRatio",
      "CommitLatency",
      "AuroraReplicaLag",
      "ReplicaLag",
    ]) {
      expect(rds).not.toContain(absent);
    }
    const members = [
      aMember({ id: "shop-1", storage: null }),
      aMember({ id: "shop-2", role: "reader", storage: null }),
    ];
    const topology = aTopology({ kind: "aurora-provisioned", members, cluster: aCluster() });
    const aurora = metricQueries(auroraTarget, topology, null);
    expect(names(aurora, "shop-1")).toEqual(
      expect.arrayContaining(["FreeLocalStorage", "Deadlocks", "CommitLatency", "AuroraReplicaLagMaximum"]),
    );
    expect(names(aurora, "shop-1")).not.toContain("FreeStorageSpace");
    expect(names(aurora, "shop-1")).not.toContain("MaximumUsedTransactionIDs");
    expect(names(aurora, "shop")).toEqual(["VolumeBytesUsed", "AuroraVolumeBytesLeftTotal"]);
    expect(names(aurora, "shop-2")).toEqual([
      "CPUUtilization",
      "DatabaseConnections",
      "FreeableMemory",
      "DBLoad",
      "AuroraReplicaLag",
      "TransactionAgeMaximum",
    ]);
  });

  it("M1 replicas and the readers of a Multi-AZ cluster have ReplicaLag, what they follow has not", () => {
    const replica = aMember({ id: "orders-r1", role: "replica" });
    const queries = metricQueries(aTarget(), aTopology({ members: [aMember(), replica] }), null);
    expect(names(queries, "orders-r1")).toContain("ReplicaLag");
    expect(names(queries, "orders-db")).not.toContain("ReplicaLag");
    const inCluster = (role: "reader" | "writer" | "unknown") =>
      names(metricQueries(aTarget({ clusterId: "orders", role }), null, null), "orders-db");
    expect(inCluster("reader")).toContain("ReplicaLag");
    expect(inCluster("unknown")).toContain("ReplicaLag");
    expect(inCluster("writer")).not.toContain("ReplicaLag");
  });

  it("M1 burst balance is of gp2, CPU credits of db.t, capacity of Serverless v2, local storage of NVMe classes", () => {
    const of = (overrides: Parameters<typeof aMember>[0]) =>
      names(metricQueries(aTarget(), aTopology({ members: [aMember(overrides)] }), null), "orders-db");
    expect(of({})).not.toContain("BurstBalance");
    expect(of({ storage: gp2 })).toContain("BurstBalance");
    expect(of({ instanceClass: "db.t4g.medium" })).toContain("CPUCreditBalance");
    expect(of({ instanceClass: "db.serverless" })).toContain("ACUUtilization");
    expect(of({ instanceClass: "db.m6gd.large" })).toContain("FreeLocalStorage");
    expect(of({ instanceClass: "db.r6g.large" })).not.toContain("FreeLocalStorage");
  });

  it("M1 asks for the lag of a global database where it is published, in the Regions that follow", () => {
    const arn = (region: string) => `arn:aws:rds:${region}:123456789012:cluster:shop`;
    const asked = (region: string) => {
      const clusters = [
        { arn: arn("us-east-1"), isWriter: true, synchronization: null },
        { arn: arn("eu-west-1"), isWriter: false, synchronization: "connected" },
      ];
      const global = { id: "world", status: "available", failover: null, clusters };
      const topology = aTopology({ kind: "aurora-global", cluster: aCluster(), global });
      return names(metricQueries({ ...auroraTarget, region }, topology, null), "shop");
    };
    expect(asked("eu-west-1")).toContain("AuroraGlobalDBReplicationLag");
    expect(asked("us-east-1")).not.toContain("AuroraGlobalDBReplicationLag");
    expect(asked("ap-south-1")).toContain("AuroraGlobalDBRPOLag");
  });

  it("M1 asks a db.serverless instance for no local storage, which it does not publish", () => {
    const members = [aMember({ id: "shop-1", storage: null, instanceClass: "db.serverless" })];
    const topology = aTopology({ kind: "aurora-serverless-v2", members, cluster: aCluster() });
    expect(names(metricQueries(auroraTarget, topology, null), "shop-1")).not.toContain("FreeLocalStorage");
  });

  it("M6 takes the absence of what is off by default for no news, and asks for every attempt to connect", () => {
    const answer = noData("ActiveTransactions", "shop-1");
    const nothing = { now: answer, day: empty, week: empty };
    expect(missingMetrics(auroraTarget, null, nothing)).toEqual([]);
    expect(names(metricQueries(auroraTarget, null, null), "shop-1")).toContain("ConnectionAttempts");
  });

  it("M1 fits one call for the largest group, the alarm's own metric first and every metric once", () => {
    const members = [
      aMember(),
      ...Array.from({ length: 20 }, (_, at) => aMember({ id: `r${at}`, role: "replica" })),
    ];
    const alarm = anAlarm("CPUUtilization", {
      metrics: [
        {
          namespace: "AWS/RDS",
          name: "CPUUtilization",
          statistic: "Average",
          dimensions: { DBInstanceIdentifier: "orders-db" },
        },
        { namespace: "Custom", name: "Errors", statistic: null, dimensions: {} },
      ],
    });
    const queries = metricQueries(aTarget(), aTopology({ members }), alarm);
    expect(queries.length).toBeLessThanOrEqual(500);
    expect(queries.slice(0, 2).map(({ name }) => name)).toEqual(["CPUUtilization", "Errors"]);
    const keys = queries.map((query) => JSON.stringify(query));
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(queries.flatMap(({ dimensions }) => Object.values(dimensions))).size).toBe(16);
  });

  it("M1 keeps the three hours before by the five minutes, up to the window and without a gap", () => {
    const now = Date.UTC(2026, 10, 30, 3, 22, 41);
    const windows = metricWindows(now);
    const { hours } = windows;
    expect(hours.to).toBeGreaterThanOrEqual(windows.now.from);
    expect(hours.to - windows.now.from).toBeLessThan(300_000);
    const points = [0, 1, 35].map((step) => ({
      at: new Date(hours.from + step * 300_000).toISOString(),
      value: 12.34567 + step,
    }));
    const answer = {
      series: [{ ...series("CPUUtilization", [], "orders-db", "Average"), points }],
      missing: [],
    };
    const answers = { now: empty, hours: answer, day: empty, week: empty };
    const found = metricReadings(aTarget(), aTopology(), answers, windows).find(
      ({ id }) => id === "CPUUtilization",
    );
    expect(found?.earlier?.from).toBe("2026-11-30T00:10:00.000Z");
    expect(found?.earlier?.values).toEqual([12.35, 13.35, ...Array(33).fill(null), 47.35]);
    const missing = missingMetrics(aTarget(), aTopology(), {
      ...answers,
      hours: noData("CPUUtilization", "orders-db", "throttled"),
    });
    expect(missing.map(({ what }) => what)).toContain("metrics of the hours before");
  });

  it("M1 compares only the database itself, in aligned windows of the same length a day and a week before", () => {
    const members = [aMember(), aMember({ id: "orders-r1", role: "replica" })];
    const before = baselineQueries(aTarget(), aTopology({ members }), 300);
    expect(names(before, "orders-r1")).toEqual([]);
    const { now, day, week } = metricWindows(Date.parse("2026-11-21T10:07:42.123Z"));
    expect(new Date(now.to).toISOString()).toBe("2026-11-21T10:07:00.000Z");
    expect(new Date(day.to).toISOString()).toBe("2026-11-20T10:05:00.000Z");
    expect(new Date(week.from).toISOString()).toBe("2026-11-14T09:50:00.000Z");
    for (const { from, to } of [now, day, week]) expect(to - from).toBe(900_000);
  });
});

describe("readings", () => {
  it("M1 lag and latency are in seconds whatever CloudWatch says", () => {
    const members = [aMember({ id: "shop-1", role: "reader", storage: null })];
    const topology = aTopology({ kind: "aurora-provisioned", members, cluster: aCluster() });
    const now = {
      series: [
        series("AuroraReplicaLag", [20, 2500], "shop-1", "Maximum"),
        series("CommitLatency", [4], "shop-1", "Average"),
        series("ReadLatency", [0.004], "shop-1", "Average"),
      ],
      missing: [],
    };
    expect(reading("AuroraReplicaLag", now, topology, auroraTarget)).toMatchObject({
      latest: 2.5,
      lowest: 0.02,
      peak: 2.5,
      unit: "seconds",
    });
    expect(reading("CommitLatency", now, topology, auroraTarget).latest).toBe(0.004);
    expect(reading("ReadLatency", now, topology, auroraTarget).latest).toBe(0.004);
  });

  it("M1 a ReplicaLag of −1 is not replicating, never 0, and does not spoil the extremes", () => {
    const target = aTarget({ role: "reader" });
    const topology = aTopology({ members: [aMember({ role: "replica" })] });
    const now = { series: [series("ReplicaLag", [3, 40, -1], "orders-db", "Maximum")], missing: [] };
    expect(reading("ReplicaLag", now, topology, target)).toMatchObject({
      state: "not-replicating",
      latest: null,
      peak: 40,
      lowest: 3,
    });
  });

  it("M1 a DBLoad without data is zero only where it is published and was really asked for", () => {
    const insights = (enabled: boolean | null) =>
      aTopology({ members: [aMember({ performanceInsights: { enabled, retentionDays: 7, mode: null } })] });
    const answer = noData("DBLoad", "orders-db");
    expect(reading("DBLoad", answer, insights(true))).toMatchObject({ state: "zero-by-absence", latest: 0 });
    expect(reading("DBLoad", answer, insights(false))).toMatchObject({ state: "missing", latest: null });
    expect(reading("DBLoad", answer, insights(null)).state).toBe("missing");
    expect(
      reading("DBLoad", noData("DBLoad", "orders-db", "GetMetricData failed: Throttling"), insights(true)),
    ).toMatchObject({
      state: "missing",
      latest: null,
    });
    expect(reading("DBLoad", noData("DBLoad", "other-db"), insights(true)).state).toBe("missing");
    expect(reading("FreeableMemory", noData("FreeableMemory", "orders-db"), insights(true)).state).toBe(
      "missing",
    );
  });

  it("M1 DB load stands beside its vCPUs, free storage beside what is allocated", () => {
    const now = {
      series: [
        series("DBLoad", [7], "orders-db", "Average"),
        series("FreeStorageSpace", [1e9], "orders-db", "Minimum"),
      ],
      missing: [],
    };
    expect(reading("DBLoad", now)).toMatchObject({ latest: 7, capacity: 2 });
    expect(reading("FreeStorageSpace", now).capacity).toBe(100 * 1024 ** 3);
  });

  it("M1 CPU of Serverless v2 says what it is a share of", () => {
    const members = [aMember({ id: "shop-1", instanceClass: "db.serverless", vcpus: null, storage: null })];
    const cluster = aCluster({ serverless: { minAcu: 0.5, maxAcu: 16, autoPauseSeconds: null } });
    const topology = aTopology({ kind: "aurora-serverless-v2", members, cluster });
    const now = { series: [series("CPUUtilization", [30], "shop-1", "Average")], missing: [] };
    expect(reading("CPUUtilization", now, topology, auroraTarget).note).toContain("16 ACU");
    expect(reading("ServerlessDatabaseCapacity", now, topology, auroraTarget).capacity).toBe(16);
  });

  it("M1 baselines are the mean of a day and a week ago", () => {
    const answers = {
      now: { series: [series("CPUUtilization", [90], "orders-db", "Average")], missing: [] },
      day: { series: [series("CPUUtilization", [20, 40], "orders-db", "Average")], missing: [] },
      week: empty,
    };
    const cpu = metricReadings(aTarget(), aTopology(), answers).find(({ id }) => id === "CPUUtilization");
    expect(cpu).toMatchObject({ latest: 90, baselineDay: 30, baselineWeek: null });
  });

  it("M6 what was not read is told with its reason, an absence that is an answer is not", () => {
    const on = aTopology();
    const told = (now: MetricsAnswer, day: MetricsAnswer = empty) =>
      missingMetrics(aTarget(), on, { now, day, week: empty }).map(({ what }) => what);
    expect(told(noData("DBLoad", "orders-db"))).toEqual([]);
    expect(told(noData("EBSIOBalance%", "orders-db"))).toEqual([]);
    expect(told(noData("EBSIOBalance%", "orders-db", "throttled"))).toHaveLength(1);
    expect(told(noData("FreeableMemory", "orders-db"))).toHaveLength(1);
    expect(told(empty, noData("FreeableMemory", "orders-db"))).toEqual([]);
    expect(told(empty, noData("FreeableMemory", "orders-db", "throttled"))).toEqual(["metrics of a day ago"]);
  });
});
