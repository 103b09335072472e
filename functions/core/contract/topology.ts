import * as z from "zod";

/** ISO 8601, UTC; null where AWS does not say. */
const timeSchema = z.string().nullable();
const textSchema = z.string().nullable();

/** What decides which failover call exists and which metrics are published. */
export const topologyKindSchema = z.enum([
  "rds-instance",
  "multi-az-instance",
  "multi-az-cluster",
  "aurora-provisioned",
  "aurora-serverless-v2",
  "read-replica",
  "aurora-global",
]);
export type TopologyKind = z.infer<typeof topologyKindSchema>;

/** One instance of the group as RDS describes it. */
export const memberSchema = z.object({
  id: z.string(),
  arn: textSchema,
  /** DbiResourceId: what Performance Insights and its metrics are asked by. */
  resourceId: textSchema,
  role: z.enum(["writer", "reader", "replica", "unknown"]),
  /** False: it lies in another Region or account, and nothing but its name is known. */
  here: z.boolean(),
  /** DBInstanceStatus; `storage-optimization` and `backing-up` are not outages. */
  status: textSchema,
  instanceClass: textSchema,
  /** From the class; null for Serverless v2 and for classes that do not tell. */
  vcpus: z.number().positive().nullable(),
  zone: textSchema,
  standbyZone: textSchema,
  engineVersion: textSchema,
  multiAz: z.boolean().nullable(),
  /** 0 is promoted first. Aurora only. */
  promotionTier: z.number().nullable(),
  replicaOf: textSchema,
  /** As the replica's StatusInfos say it; null for what is no replica or says nothing. */
  replication: z
    .object({ status: textSchema, normal: z.boolean().nullable(), message: textSchema })
    .nullable(),
  /** Null for Aurora, whose volume grows by itself. */
  storage: z
    .object({
      type: textSchema,
      allocatedGib: z.number().nullable(),
      /** Limit of storage autoscaling; null when it is off. */
      limitGib: z.number().nullable(),
      iops: z.number().nullable(),
      throughputMibps: z.number().nullable(),
      operation: textSchema,
      operationPercent: z.number().nullable(),
    })
    .nullable(),
  /** Who reaches it. Absent from evidence of before it was read. */
  network: z
    .object({
      securityGroupIds: z.array(z.string()),
      subnetGroup: textSchema,
      isPublic: z.boolean().nullable(),
    })
    .exactOptional(),
  /** ApplyImmediately applies every one of these too. The value of a secret is null. */
  pending: z.array(z.object({ name: z.string(), value: textSchema })),
  parameterGroups: z.array(z.object({ name: z.string(), status: textSchema })),
  clusterParameterStatus: textSchema,
  iamAuthentication: z.boolean().nullable(),
  performanceInsights: z.object({
    enabled: z.boolean().nullable(),
    retentionDays: z.number().nullable(),
    mode: textSchema,
  }),
  /** Enhanced Monitoring; 0 is off. */
  monitoringSeconds: z.number().nullable(),
  backupRetentionDays: z.number().nullable(),
  latestRestorableAt: timeSchema,
  deletionProtection: z.boolean().nullable(),
  /** InstanceCreateTime: of a restored one, when it was restored. Absent from evidence of before it was read. */
  createdAt: timeSchema.exactOptional(),
  /** EngineLifecycleSupport: whether it goes on under extended support. Absent from evidence of before it was read. */
  lifecycleSupport: textSchema.exactOptional(),
  /** The server's own certificate and who signed it. Absent from evidence of before it was read. */
  certificate: z.object({ authority: textSchema, validTill: timeSchema }).exactOptional(),
});
export type Member = z.infer<typeof memberSchema>;

export const clusterSchema = z.object({
  id: z.string(),
  status: textSchema,
  engineVersion: textSchema,
  endpoint: textSchema,
  readerEndpoint: textSchema,
  multiAz: z.boolean().nullable(),
  parameterGroup: textSchema,
  pending: z.array(z.object({ name: z.string(), value: textSchema })),
  /** Aurora capacity units; null when nothing in the cluster is Serverless v2. */
  serverless: z
    .object({
      minAcu: z.number().nullable(),
      maxAcu: z.number().nullable(),
      autoPauseSeconds: z.number().nullable(),
    })
    .nullable(),
  replicaOf: textSchema,
  backupRetentionDays: z.number().nullable(),
  earliestRestorableAt: timeSchema,
  latestRestorableAt: timeSchema,
  iamAuthentication: z.boolean().nullable(),
  deletionProtection: z.boolean().nullable(),
});

export const globalClusterSchema = z.object({
  id: z.string(),
  status: textSchema,
  /** pending, failing-over, cancelling, switching-over …: an open set, the documents and the SDK disagree. */
  failover: textSchema,
  clusters: z.array(z.object({ arn: z.string(), isWriter: z.boolean(), synchronization: textSchema })),
});

export const maintenanceSchema = z.object({
  resource: z.string(),
  action: z.string(),
  description: textSchema,
  optIn: textSchema,
  autoAppliedAfter: timeSchema,
  forcedAt: timeSchema,
  appliesAt: timeSchema,
});

export const parametersSchema = z.object({
  group: z.string(),
  values: z.array(z.object({ name: z.string(), value: z.string() })),
});

export const topologySchema = z.object({
  kind: topologyKindSchema,
  /** The database asked about is the first. */
  members: z.array(memberSchema).min(1),
  cluster: clusterSchema.nullable(),
  global: globalClusterSchema.nullable(),
  /** Null: could not be read. */
  maintenance: z.array(maintenanceSchema).nullable(),
  /** What somebody set in each of the members' groups. Null: could not be read. Absent: they share one, or it was not asked. */
  parameters: z.array(parametersSchema).nullable().exactOptional(),
});
export type Topology = z.infer<typeof topologySchema>;
