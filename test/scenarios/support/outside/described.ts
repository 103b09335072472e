import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import type { LoadDimension, RdsEvent } from "../../../../functions/core/contract/context.ts";
import type { FiredAlarm, RdsNotice } from "./world.ts";

export const region = "eu-central-1";
export const account = "123456789012";

export function ago(minutes: number): Date {
  return new Date(Date.now() - minutes * 60_000);
}

/** As DescribeDBInstances answers for an instance that is well; `more` says what is different. */
export function instanceOf(id: string, more: Partial<DBInstance>): DBInstance {
  const isAurora = more.Engine?.startsWith("aurora") ?? false;
  return {
    DBInstanceIdentifier: id,
    DBInstanceArn: `arn:aws:rds:${region}:${account}:db:${id}`,
    DbiResourceId: `db-${id.toUpperCase().replaceAll("-", "")}7QX2`,
    DBInstanceStatus: "available",
    DBInstanceClass: "db.r6g.large",
    MasterUsername: "dbadmin",
    DBName: "shop",
    InstanceCreateTime: ago(60 * 24 * 400),
    PreferredBackupWindow: "01:10-01:40",
    PreferredMaintenanceWindow: "sun:03:10-sun:03:40",
    BackupRetentionPeriod: 14,
    AvailabilityZone: `${region}b`,
    MultiAZ: false,
    LicenseModel: "general-public-license",
    AutoMinorVersionUpgrade: true,
    StorageEncrypted: true,
    CACertificateIdentifier: "rds-ca-rsa2048-g1",
    CertificateDetails: { CAIdentifier: "rds-ca-rsa2048-g1", ValidTill: ago(-60 * 24 * 300) },
    MonitoringInterval: 60,
    IAMDatabaseAuthenticationEnabled: true,
    PerformanceInsightsEnabled: true,
    PerformanceInsightsRetentionPeriod: 7,
    DatabaseInsightsMode: "standard",
    DeletionProtection: true,
    PendingModifiedValues: {},
    ReadReplicaDBInstanceIdentifiers: [],
    DBParameterGroups: [{ DBParameterGroupName: `${id}-params`, ParameterApplyStatus: "in-sync" }],
    ...(isAurora
      ? { AllocatedStorage: 1, StorageType: "aurora" }
      : {
          AllocatedStorage: 200,
          StorageType: "gp3",
          Iops: 3000,
          StorageThroughput: 125,
          LatestRestorableTime: ago(4),
        }),
    ...more,
  };
}

/** The first member writes. */
export function clusterOf(id: string, members: readonly string[], more: Partial<DBCluster>): DBCluster {
  return {
    DBClusterIdentifier: id,
    DBClusterArn: `arn:aws:rds:${region}:${account}:cluster:${id}`,
    DbClusterResourceId: `cluster-${id.toUpperCase().replaceAll("-", "")}9KD4`,
    Status: "available",
    MultiAZ: true,
    BackupRetentionPeriod: 14,
    EarliestRestorableTime: ago(60 * 24 * 14),
    LatestRestorableTime: ago(3),
    DBClusterParameterGroup: `${id}-params`,
    DBClusterMembers: members.map((member, index) => ({
      DBInstanceIdentifier: member,
      IsClusterWriter: index === 0,
      DBClusterParameterGroupStatus: "in-sync",
      PromotionTier: index,
    })),
    DeletionProtection: true,
    IAMDatabaseAuthenticationEnabled: true,
    ...more,
  };
}

/** As DescribeEvents answers. */
export function told(
  subject: string,
  minutes: number,
  category: string,
  message: string,
  source: RdsEvent["source"] = "instance",
): RdsEvent {
  return { at: ago(minutes).toISOString(), subject, source, categories: [category], message };
}

/** The nightly backup that every instance's day has. */
export function nightlyBackup(subject: string): RdsEvent[] {
  return [
    told(subject, 620, "backup", "Backing up DB instance"),
    told(subject, 611, "backup", "Finished DB Instance backup"),
  ];
}

type Item = LoadDimension["items"][number];

/** Waits and statements as Performance Insights has them. */
export function loadOf(
  waits: Readonly<Record<string, number>>,
  statements: readonly { readonly sql: string; readonly waits: Readonly<Record<string, number>> }[],
  users: Readonly<Record<string, number>>,
): LoadDimension[] {
  const total = (of: Readonly<Record<string, number>>) => Object.values(of).reduce((a, b) => a + b, 0);
  const items = (of: Readonly<Record<string, number>>): Item[] =>
    Object.entries(of).map(([name, load]) => ({ name, id: null, load, waits: [] }));
  return [
    { by: "wait-event", items: items(waits) },
    {
      by: "statement",
      items: statements.map((statement, index) => ({
        name: statement.sql,
        id: `A${index}3F09B17C5D2E8864`,
        load: total(statement.waits),
        waits: Object.entries(statement.waits).map(([name, load]) => ({ name, load })),
      })),
    },
    { by: "user", items: items(users) },
    { by: "host", items: items({ "10.4.18.23": total(waits) * 0.54, "10.4.33.9": total(waits) * 0.46 }) },
  ];
}

/** An alarm on the average, or on what is said, of one metric. */
export function above(
  metric: string,
  threshold: number,
  values: readonly number[],
  minutesAgo: number,
  statistic = "Average",
): FiredAlarm {
  return { metric, statistic, comparison: "GreaterThanThreshold", threshold, values, minutesAgo };
}

export function below(
  metric: string,
  threshold: number,
  values: readonly number[],
  minutesAgo: number,
  statistic = "Average",
): FiredAlarm {
  return { metric, statistic, comparison: "LessThanThreshold", threshold, values, minutesAgo };
}

/** The same text as an event of RDS that is delivered. */
export function notice(id: string, { at, categories, message }: RdsEvent): RdsNotice {
  const minutesAgo = (Date.now() - Date.parse(at)) / 60_000;
  return { id, category: categories[0] ?? "", message, minutesAgo };
}
