import * as effect from "./change-effects.ts";
import { did, didCluster, restart } from "./change-plays.ts";
import type { ChangeRow } from "./change-rows.ts";
import { told } from "./described.ts";
import { ordinaryId } from "./ordinary.ts";

const { both, logs, numbers } = effect;
export const rds = (
  made: ChangeRow["made"],
  of: ChangeRow["effect"],
  root: RegExp,
  names: string,
  more: Partial<ChangeRow> = {},
): ChangeRow => ({ flavour: "postgres", made, effect: of, root, names, ...more });
const smaller = (to: string, from: string) =>
  did("ModifyDBInstance", `dBInstanceClass=${to}`, {
    events: ["Finished applying modification to DB instance class"],
    before: { dBInstanceClass: from },
    self: { DBInstanceClass: to },
  });
const storage = (detail: string, before: Readonly<Record<string, string>>, self = {}) =>
  did("ModifyDBInstance", detail, {
    events: ["Finished applying modification to allocated storage"],
    before,
    self,
  });
const serverless = (detail: string, MinCapacity: number, MaxCapacity: number) =>
  didCluster("ModifyDBCluster", `serverlessV2ScalingConfiguration={${detail}}`, {
    self: { DBInstanceClass: "db.serverless" },
    group: { ServerlessV2ScalingConfiguration: { MinCapacity, MaxCapacity } },
  });
const acus = (capacity: number, used: number) => ({
  ServerlessDatabaseCapacity: capacity,
  ACUUtilization: used,
});
const upgrade =
  (from: string, to: string, kind: "major" | "minor"): ChangeRow["made"] =>
  (_, minutes) => ({
    events: [
      told(
        ordinaryId,
        minutes,
        "maintenance",
        `Database instance engine ${kind} version upgrade complete. Previous version: ${from}. New version: ${to}.`,
      ),
      ...restart(minutes + 1),
    ],
    self: { EngineVersion: to },
  });
export const happened =
  (says: string, category = "failover"): ChangeRow["made"] =>
  (_, minutes) => ({
    events: [told(ordinaryId, minutes, category, says)],
  });

/** What is done to an instance or a cluster. */
export const rdsRows: readonly ChangeRow[] = [
  rds(
    smaller("db.m6g.large", "db.m6g.2xlarge"),
    effect.cpu,
    /cpu-saturated|instance-undersized/,
    "db.m6g.2xlarge to db.m6g.large",
  ),
  rds(
    smaller("db.m6g.large", "db.r6g.xlarge"),
    effect.memory,
    /memory-pressure|instance-undersized/,
    "db.r6g.xlarge to db.m6g.large",
  ),
  rds(
    smaller("db.t4g.large", "db.m6g.xlarge"),
    effect.reads,
    /io-saturated|burst|cold|cache/,
    "db.m6g.xlarge to db.t4g.large",
  ),
  rds(
    smaller("db.m6g.large", "db.m6g.2xlarge"),
    both(effect.fullFor(840), logs("FATAL:  sorry, too many clients already")),
    /too-many-connections|connection/,
    "db.m6g.2xlarge to db.m6g.large",
  ),
  rds(
    serverless('"minCapacity":0.5,"maxCapacity":32', 0.5, 32),
    numbers({
      ...acus(2, 6),
      ReadIOPS: 4300,
      ReadLatency: 0.0019,
      BufferCacheHitRatio: 82,
      DBLoad: 13,
      DBLoadNonCPU: 11,
      SelectLatency: 14,
    }),
    /cold-cache|cache-too-small|io-saturated/,
    "minCapacity",
    { flavour: "aurora-mysql" },
  ),
  rds(
    serverless('"minCapacity":0.5,"maxCapacity":4', 0.5, 4),
    numbers({ ...acus(4, 100), CPUUtilization: 99, DBLoad: 14, DBLoadCPU: 13 }),
    /cpu-saturated|instance-undersized/,
    "maxCapacity",
    { flavour: "aurora-mysql" },
  ),
  rds(
    serverless('"minCapacity":0.5,"maxCapacity":2', 0.5, 2),
    both(effect.memory, numbers(acus(2, 100))),
    /memory-pressure|instance-undersized/,
    "maxCapacity",
    { flavour: "aurora-postgres" },
  ),
  rds(storage("iops=3000", { iops: "12000" }, { Iops: 3000 }), effect.reads, /io-saturated/, "iops"),
  rds(
    storage("storageThroughput=125", { storageThroughput: "500" }, { StorageThroughput: 125 }),
    effect.writes,
    /io-saturated|write-stall|commit-stall/,
    "storageThroughput",
  ),
  rds(
    storage("storageType=gp2", { storageType: "io1" }, { StorageType: "gp2" }),
    effect.reads,
    /io-saturated/,
    "storageType",
  ),
  rds(
    storage(
      "allocatedStorage=400",
      { allocatedStorage: "300" },
      { AllocatedStorage: 400, DBInstanceStatus: "storage-optimization" },
    ),
    effect.reads,
    /io-saturated|maintenance/,
    "storage",
  ),
  rds(
    did("ModifyDBInstance", "multiAZ=true", {
      events: ["Finished applying modification to convert to a Multi-AZ DB instance."],
      self: { MultiAZ: true },
    }),
    effect.writes,
    /io-saturated|write-stall|commit-stall/,
    "Multi-AZ",
  ),
  rds(
    upgrade("14.9", "16.4", "major"),
    effect.cpu,
    /cpu-saturated|stale-statistics|plan-regression|expensive/,
    "upgrade",
  ),
  rds(upgrade("16.3", "16.4", "minor"), effect.reads, /restart-or-crash/, "maintenance"),
  rds(
    upgrade("8.0.42", "8.4.5", "major"),
    effect.cpu,
    /cpu-saturated|plan-regression|expensive|query-regression/,
    "upgrade",
    { flavour: "mysql" },
  ),
  rds(
    did("ModifyDBInstance", "enablePerformanceInsights=true", { self: { DBInstanceClass: "db.t4g.medium" } }),
    effect.memory,
    /memory-pressure/,
    "Performance Insights",
    { flavour: "mysql" },
  ),
  rds(
    happened("Multi-AZ instance failover completed"),
    effect.reads,
    /io-saturated|cold-cache|failover|cache-too-small/,
    "failover",
  ),
  rds(happened("Multi-AZ instance failover completed"), effect.many, /failover|connection/, "failover"),
  rds(
    happened("Restored from snapshot s1.", "restoration"),
    effect.reads,
    /io-saturated|cold-cache|cache-too-small/,
    "restore",
  ),
  rds(
    happened("Switchover completed on blue/green deployment.", "deployment"),
    effect.reads,
    /io-saturated|cold-cache|cache-too-small/,
    "switchover",
  ),
  rds(
    did("StopDBInstance", "", { self: { DBInstanceStatus: "stopped" } }),
    both(effect.missing, effect.dropped),
    /database-unreachable/,
    "StopDBInstance|stopped",
  ),
  rds(
    did("ModifyDBInstance", "optionGroupName=audited"),
    effect.mysqlWrites,
    /io-saturated|write-stall|commit-stall/,
    "optionGroupName",
    { flavour: "mysql" },
  ),
];
