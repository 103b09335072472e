import type { Member, Topology } from "../../functions/core/contract/topology.ts";

export function aMember(overrides: Partial<Member> = {}): Member {
  return {
    id: "orders-db",
    arn: "arn:aws:rds:eu-west-1:123456789012:db:orders-db",
    resourceId: "db-ORDERSAAAA",
    role: "writer",
    here: true,
    status: "available",
    instanceClass: "db.m7g.large",
    vcpus: 2,
    zone: "eu-west-1a",
    standbyZone: null,
    engineVersion: "17.4",
    multiAz: false,
    promotionTier: null,
    replicaOf: null,
    replication: null,
    storage: {
      type: "gp3",
      allocatedGib: 100,
      limitGib: null,
      iops: 3000,
      throughputMibps: 125,
      operation: null,
      operationPercent: null,
    },
    pending: [],
    parameterGroups: [{ name: "orders-17", status: "in-sync" }],
    clusterParameterStatus: null,
    iamAuthentication: true,
    performanceInsights: { enabled: true, retentionDays: 7, mode: "standard" },
    monitoringSeconds: 0,
    backupRetentionDays: 7,
    latestRestorableAt: "2026-11-21T09:56:00.000Z",
    deletionProtection: true,
    ...overrides,
  };
}

export function aCluster(
  overrides: Partial<NonNullable<Topology["cluster"]>> = {},
): NonNullable<Topology["cluster"]> {
  return {
    id: "shop",
    status: "available",
    engineVersion: "17.4",
    endpoint: null,
    readerEndpoint: null,
    multiAz: true,
    parameterGroup: "shop-17",
    pending: [],
    serverless: null,
    replicaOf: null,
    backupRetentionDays: 7,
    earliestRestorableAt: "2026-11-14T09:00:00.000Z",
    latestRestorableAt: "2026-11-21T09:58:00.000Z",
    iamAuthentication: true,
    deletionProtection: true,
    ...overrides,
  };
}

export function aTopology(overrides: Partial<Topology> = {}): Topology {
  return {
    kind: "rds-instance",
    members: [aMember()],
    cluster: null,
    global: null,
    maintenance: [],
    ...overrides,
  };
}
