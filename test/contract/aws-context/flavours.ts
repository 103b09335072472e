/** Instances and clusters as DescribeDB* answers them, reduced to what tells the flavours apart. */

const account = "123456789012";
const region = "eu-west-1";

export function arnOf(kind: "db" | "cluster", id: string, where = region): string {
  return `arn:aws:rds:${where}:${account}:${kind}:${id}`;
}

export interface InstanceXml {
  readonly id: string;
  readonly engine?: string;
  readonly instanceClass?: string;
  readonly cluster?: string;
  /** Further elements. */
  readonly more?: string;
}

export function instanceXml({
  id,
  engine = "postgres",
  instanceClass = "db.m7g.large",
  cluster,
  more = "",
}: InstanceXml): string {
  return `<DBInstance><DBInstanceIdentifier>${id}</DBInstanceIdentifier><DBInstanceArn>${arnOf("db", id)}</DBInstanceArn>
<DbiResourceId>db-${id.toUpperCase().replaceAll("-", "")}AAAA</DbiResourceId><Engine>${engine}</Engine>
<EngineVersion>17.4</EngineVersion><DBInstanceClass>${instanceClass}</DBInstanceClass>
<DBInstanceStatus>available</DBInstanceStatus><AvailabilityZone>${region}a</AvailabilityZone>
<AllocatedStorage>100</AllocatedStorage><StorageType>gp3</StorageType>
${cluster === undefined ? "" : `<DBClusterIdentifier>${cluster}</DBClusterIdentifier>`}
${more.includes("<PendingModifiedValues>") ? "" : "<PendingModifiedValues/>"}${more}</DBInstance>`;
}

export function instancesXml(...instances: readonly InstanceXml[]): string {
  return `<DBInstances>${instances.map(instanceXml).join("")}</DBInstances>`;
}

/** The first member writes. */
export function clusterXml(id: string, members: readonly string[], more = ""): string {
  const list = members.map(
    (member, index) =>
      `<DBClusterMember><DBInstanceIdentifier>${member}</DBInstanceIdentifier><IsClusterWriter>${index === 0}</IsClusterWriter><DBClusterParameterGroupStatus>in-sync</DBClusterParameterGroupStatus><PromotionTier>${index}</PromotionTier></DBClusterMember>`,
  );
  return `<DBClusters><DBCluster><DBClusterIdentifier>${id}</DBClusterIdentifier><Status>available</Status>
<DBClusterMembers>${list.join("")}</DBClusterMembers><BackupRetentionPeriod>7</BackupRetentionPeriod>
<EarliestRestorableTime>2026-11-14T09:00:00Z</EarliestRestorableTime>
<LatestRestorableTime>2026-11-21T09:58:00Z</LatestRestorableTime>${more}</DBCluster></DBClusters>`;
}
