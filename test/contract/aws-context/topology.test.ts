import { afterEach, describe, expect, it } from "vitest";
import { createContextRdsClient } from "../../../functions/adapters/aws/context-clients.ts";
import { createRdsTopology } from "../../../functions/adapters/aws/rds-topology.ts";
import type { Target } from "../../../functions/core/contract/target.ts";
import { topologySchema } from "../../../functions/core/contract/topology.ts";
import { aTarget } from "../../support/evidence-builder.ts";
import { arnOf, clusterXml, type InstanceXml, instancesXml } from "./flavours.ts";
import { rdsAnswer, rdsError, type StubAnswer, type StubCall, startStub } from "./stub.ts";

process.env["AWS_ACCESS_KEY_ID"] ??= "stand-in";
process.env["AWS_SECRET_ACCESS_KEY"] ??= "stand-in";

let stop: (() => Promise<void>) | null = null;
afterEach(async () => {
  await stop?.();
  stop = null;
});

interface World {
  readonly instances: readonly InstanceXml[];
  readonly cluster?: string;
  /** Parameters as XML, by group. */
  readonly groups?: Readonly<Record<string, string>>;
  readonly answers?: Readonly<Record<string, StubAnswer>>;
}

function answerOf(
  { instances, cluster, answers, groups }: World,
  { action, parameters }: StubCall,
): StubAnswer {
  const prepared = answers?.[action];
  if (prepared !== undefined) return prepared;
  switch (action) {
    case "DescribeDBInstances": {
      const byCluster = parameters["Filters.Filter.1.Name"] === "db-cluster-id";
      const wanted = Object.entries(parameters).flatMap(([key, value]) =>
        key.includes(".Values.") ? [value] : [],
      );
      const found = instances.filter(({ id, cluster: of }) => wanted.includes(byCluster ? of : id));
      return rdsAnswer(action, instancesXml(...found));
    }
    case "DescribeDBClusters":
      return rdsAnswer(action, cluster ?? "<DBClusters/>");
    case "DescribeDBParameters":
      return rdsAnswer(
        action,
        `<Parameters>${groups?.[String(parameters["DBParameterGroupName"])] ?? ""}</Parameters>`,
      );
    case "DescribePendingMaintenanceActions":
      return rdsAnswer(action, "<PendingMaintenanceActions/>");
    default:
      return rdsError("InvalidAction", action);
  }
}

async function read(world: World, overrides: Partial<Target> = {}) {
  const stub = await startStub((call) => answerOf(world, call));
  stop = stub.stop;
  const client = createContextRdsClient({ region: "eu-west-1", endpoint: stub.endpoint });
  const { value, missing } = await createRdsTopology({ client }).read(aTarget(overrides));
  client.destroy();
  if (value !== null) expect(topologySchema.parse(value)).toEqual(value);
  return { topology: value, missing, calls: stub.calls };
}

const aurora = { engine: "aurora-postgresql", cluster: "shop", instanceClass: "db.r7g.2xlarge" };
const inAurora = { name: "shop-1", clusterId: "shop", flavour: "aurora" } as const;

describe("topology of each flavour", () => {
  it("M2 a single instance is an rds-instance, with storage, settings and what waits to be applied", async () => {
    const more = `<MaxAllocatedStorage>500</MaxAllocatedStorage><Iops>3000</Iops><MultiAZ>false</MultiAZ>
<PerformanceInsightsEnabled>true</PerformanceInsightsEnabled><IAMDatabaseAuthenticationEnabled>true</IAMDatabaseAuthenticationEnabled>
<BackupRetentionPeriod>7</BackupRetentionPeriod><LatestRestorableTime>2026-11-21T09:55:00Z</LatestRestorableTime>
<InstanceCreateTime>2026-11-21T09:01:00Z</InstanceCreateTime><EngineLifecycleSupport>open-source-rds-extended-support</EngineLifecycleSupport><CACertificateIdentifier>rds-ca-rsa2048-g1</CACertificateIdentifier><CertificateDetails><CAIdentifier>rds-ca-rsa2048-g1</CAIdentifier><ValidTill>2027-05-21T23:59:59Z</ValidTill></CertificateDetails>
<DBParameterGroups><DBParameterGroup><DBParameterGroupName>orders-17</DBParameterGroupName><ParameterApplyStatus>pending-reboot</ParameterApplyStatus></DBParameterGroup></DBParameterGroups>`;
    const { topology, missing } = await read({
      instances: [{ id: "orders-db", more }],
    });
    expect(missing).toEqual([]);
    expect(topology?.kind).toBe("rds-instance");
    expect(topology?.members).toHaveLength(1);
    expect(topology?.members[0]).toMatchObject({
      id: "orders-db",
      role: "writer",
      resourceId: "db-ORDERSDBAAAA",
      vcpus: 2,
      storage: { type: "gp3", allocatedGib: 100, limitGib: 500, iops: 3000 },
      parameterGroups: [{ name: "orders-17", status: "pending-reboot" }],
      performanceInsights: { enabled: true },
      iamAuthentication: true,
      pending: [],
      backupRetentionDays: 7,
      latestRestorableAt: "2026-11-21T09:55:00.000Z",
      createdAt: "2026-11-21T09:01:00.000Z",
      lifecycleSupport: "open-source-rds-extended-support",
      certificate: { authority: "rds-ca-rsa2048-g1", validTill: "2027-05-21T23:59:59.000Z" },
    });
  });

  it("M2 pending changes are listed, and a pending password only by its name", async () => {
    const more =
      "<PendingModifiedValues><DBInstanceClass>db.m7g.xlarge</DBInstanceClass><MasterUserPassword>hunter2</MasterUserPassword></PendingModifiedValues>";
    const { topology } = await read({ instances: [{ id: "orders-db", more }] });
    expect(topology?.members[0]?.pending).toEqual([
      { name: "DBInstanceClass", value: "db.m7g.xlarge" },
      { name: "MasterUserPassword", value: null },
    ]);
  });

  it("M2 a Multi-AZ instance names the zone of its standby, and its replicas with their state", async () => {
    const { topology, calls } = await read({
      instances: [
        {
          id: "orders-db",
          more: "<MultiAZ>true</MultiAZ><SecondaryAvailabilityZone>eu-west-1b</SecondaryAvailabilityZone><ReadReplicaDBInstanceIdentifiers><ReadReplicaDBInstanceIdentifier>orders-r1</ReadReplicaDBInstanceIdentifier><ReadReplicaDBInstanceIdentifier>arn:aws:rds:us-east-1:123456789012:db:orders-us</ReadReplicaDBInstanceIdentifier></ReadReplicaDBInstanceIdentifiers>",
        },
        {
          id: "orders-r1",
          more: "<ReadReplicaSourceDBInstanceIdentifier>orders-db</ReadReplicaSourceDBInstanceIdentifier><StatusInfos><DBInstanceStatusInfo><StatusType>read replication</StatusType><Normal>false</Normal><Status>error</Status><Message>Error 1236</Message></DBInstanceStatusInfo></StatusInfos>",
        },
      ],
    });
    expect(topology?.kind).toBe("multi-az-instance");
    expect(topology?.members.map(({ id, role, here }) => [id, role, here])).toEqual([
      ["orders-db", "writer", true],
      ["orders-r1", "replica", true],
      ["orders-us", "replica", false],
    ]);
    expect(topology?.members[0]?.standbyZone).toBe("eu-west-1b");
    expect(topology?.members[1]?.replication).toEqual({
      status: "error",
      normal: false,
      message: "Error 1236",
    });
    expect(calls.filter(({ action }) => action === "DescribeDBInstances")).toHaveLength(2);
  });

  it("M2 reads what somebody set where members use different groups, of no default one, and asks nothing else", async () => {
    const group = (name: string) =>
      `<DBParameterGroups><DBParameterGroup><DBParameterGroupName>${name}</DBParameterGroupName></DBParameterGroup></DBParameterGroups>`;
    const replica =
      "<ReadReplicaDBInstanceIdentifiers><ReadReplicaDBInstanceIdentifier>orders-r1</ReadReplicaDBInstanceIdentifier></ReadReplicaDBInstanceIdentifiers>";
    const source = "<ReadReplicaSourceDBInstanceIdentifier>orders-db</ReadReplicaSourceDBInstanceIdentifier>";
    const world = (other: string) => ({
      instances: [
        { id: "orders-db", more: `${group("orders-17")}${replica}` },
        { id: "orders-r1", more: `${group(other)}${source}` },
      ],
      groups: {
        "orders-17":
          "<Parameter><ParameterName>max_connections</ParameterName><ParameterValue>500</ParameterValue></Parameter><Parameter><ParameterName>work_mem</ParameterName></Parameter>",
      },
    });
    const drifted = await read(world("default.postgres17"));
    expect(drifted.topology?.parameters).toEqual([
      { group: "orders-17", values: [{ name: "max_connections", value: "500" }] },
      { group: "default.postgres17", values: [] },
    ]);
    const asked = drifted.calls.filter(({ action }) => action === "DescribeDBParameters");
    expect(asked.map(({ parameters }) => parameters["Source"])).toEqual(["user"]);
    await stop?.();
    const same = await read(world("orders-17"));
    expect(same.topology).not.toHaveProperty("parameters");
    expect(same.calls.map(({ action }) => action)).not.toContain("DescribeDBParameters");
    await stop?.();
    const refused = { DescribeDBParameters: rdsError("AccessDenied", "no", 403) };
    const blind = await read({ ...world("other-17"), answers: refused });
    expect(blind.topology?.parameters).toBeNull();
    expect(blind.missing[0]?.howToSee).toBe("allow rds:DescribeDBParameters");
  });

  it("M2 a read replica is one even with a standby of its own, and brings its source and siblings", async () => {
    const source = "<ReadReplicaSourceDBInstanceIdentifier>orders-db</ReadReplicaSourceDBInstanceIdentifier>";
    const { topology } = await read(
      {
        instances: [
          {
            id: "orders-db",
            more: "<ReadReplicaDBInstanceIdentifiers><ReadReplicaDBInstanceIdentifier>orders-r1</ReadReplicaDBInstanceIdentifier><ReadReplicaDBInstanceIdentifier>orders-r2</ReadReplicaDBInstanceIdentifier></ReadReplicaDBInstanceIdentifiers>",
          },
          { id: "orders-r1", more: `<MultiAZ>true</MultiAZ>${source}` },
          { id: "orders-r2", more: source },
        ],
      },
      { name: "orders-r1", role: "reader" },
    );
    expect(topology?.kind).toBe("read-replica");
    expect(topology?.members.map(({ id, role }) => `${id} ${role}`).toSorted()).toEqual([
      "orders-db writer",
      "orders-r1 replica",
      "orders-r2 replica",
    ]);
    expect(topology?.members[0]).toMatchObject({ id: "orders-r1", replicaOf: "orders-db" });
  });

  it("M2 a cluster that is not Aurora is a Multi-AZ cluster", async () => {
    const instances = ["shop-1", "shop-2", "shop-3"].map((id) => ({ id, engine: "mysql", cluster: "shop" }));
    const { topology } = await read(
      { instances, cluster: clusterXml("shop", ["shop-2", "shop-1", "shop-3"]) },
      { name: "shop-1", clusterId: "shop", engine: "mysql" },
    );
    expect(topology?.kind).toBe("multi-az-cluster");
    expect(topology?.members.map(({ id, role }) => `${id} ${role}`)).toEqual([
      "shop-1 reader",
      "shop-2 writer",
      "shop-3 reader",
    ]);
  });

  it("M2 Aurora provisioned has tiers, no storage of its own, and its cluster's window", async () => {
    const instances = ["shop-1", "shop-2"].map((id) => ({ id, ...aurora }));
    const { topology } = await read(
      { instances, cluster: clusterXml("shop", ["shop-1", "shop-2"]) },
      inAurora,
    );
    expect(topology?.kind).toBe("aurora-provisioned");
    expect(
      topology?.members.map(({ promotionTier, storage, vcpus }) => [promotionTier, storage, vcpus]),
    ).toEqual([
      [0, null, 8],
      [1, null, 8],
    ]);
    expect(topology?.cluster).toMatchObject({
      backupRetentionDays: 7,
      earliestRestorableAt: "2026-11-14T09:00:00.000Z",
      serverless: null,
    });
  });

  it("M2 Serverless v2 has a capacity instead of vCPUs", async () => {
    const { topology } = await read(
      {
        instances: [{ id: "shop-1", ...aurora, instanceClass: "db.serverless" }],
        cluster: clusterXml(
          "shop",
          ["shop-1"],
          "<ServerlessV2ScalingConfiguration><MinCapacity>0.5</MinCapacity><MaxCapacity>16</MaxCapacity></ServerlessV2ScalingConfiguration>",
        ),
      },
      inAurora,
    );
    expect(topology?.kind).toBe("aurora-serverless-v2");
    expect(topology?.members[0]?.vcpus).toBeNull();
    expect(topology?.cluster?.serverless).toEqual({ minAcu: 0.5, maxAcu: 16, autoPauseSeconds: null });
  });

  it("M2 a member of a global database says so, also where the global database may not be described", async () => {
    const world = {
      instances: [{ id: "shop-1", ...aurora }],
      cluster: clusterXml(
        "shop",
        ["shop-1"],
        "<GlobalClusterIdentifier>shop-global</GlobalClusterIdentifier>",
      ),
    };
    const members = [arnOf("cluster", "shop"), arnOf("cluster", "shop-us", "us-east-1")].map(
      (arn, index) =>
        `<GlobalClusterMember><DBClusterArn>${arn}</DBClusterArn><IsWriter>${index === 0}</IsWriter><SynchronizationStatus>connected</SynchronizationStatus></GlobalClusterMember>`,
    );
    const global = rdsAnswer(
      "DescribeGlobalClusters",
      `<GlobalClusters><GlobalClusterMember><GlobalClusterIdentifier>shop-global</GlobalClusterIdentifier><Status>available</Status><GlobalClusterMembers>${members.join("")}</GlobalClusterMembers><FailoverState><Status>switching-over</Status></FailoverState></GlobalClusterMember></GlobalClusters>`,
    );
    const seen = await read({ ...world, answers: { DescribeGlobalClusters: global } }, inAurora);
    expect(seen.topology?.kind).toBe("aurora-global");
    expect(seen.topology?.global).toMatchObject({ failover: "switching-over" });
    expect(seen.topology?.global?.clusters.map(({ isWriter }) => isWriter)).toEqual([true, false]);
    await stop?.();

    const denied = rdsError("AccessDenied", "User: arn:aws:sts::1:x is not authorized", 403);
    const blind = await read({ ...world, answers: { DescribeGlobalClusters: denied } }, inAurora);
    expect(blind.topology).toMatchObject({ kind: "aurora-global", global: null });
    expect(blind.missing).toMatchObject([
      { what: "global database", howToSee: "allow rds:DescribeGlobalClusters" },
    ]);
  });
});

describe("what is not there or not allowed", () => {
  it.each(["neptune", "docdb", "oracle-ee"])(
    "M2 %s answers the same call and is none of ours",
    async (engine) => {
      const { topology, missing } = await read({ instances: [{ id: "orders-db", engine }] });
      expect(topology).toBeNull();
      expect(missing[0]?.reason).toContain("no MySQL, MariaDB or PostgreSQL");
    },
  );

  it("M6 a throttled DescribeDBInstances costs the topology and says so, nothing is thrown", async () => {
    const { topology, missing } = await read({
      instances: [],
      answers: { DescribeDBInstances: rdsError("Throttling", "Rate exceeded") },
    });
    expect(topology).toBeNull();
    expect(missing).toMatchObject([{ what: "topology", howToSee: "it is asked again at the next look" }]);
    expect(missing[0]?.reason).toContain("Throttling: Rate exceeded");
  });

  it("M6 without the cluster the members are still there, nobody's role is guessed", async () => {
    const { topology, missing } = await read(
      {
        instances: [{ id: "shop-1", ...aurora }],
        answers: { DescribeDBClusters: rdsError("AccessDenied", "no", 403) },
      },
      inAurora,
    );
    expect(topology?.members[0]?.role).toBe("unknown");
    expect(missing[0]?.howToSee).toBe("allow rds:DescribeDBClusters");
  });

  it("M2 pending maintenance is listed with its dates; denied, it is null and not empty", async () => {
    const actions = `<PendingMaintenanceActions><ResourcePendingMaintenanceActions><ResourceIdentifier>${arnOf("db", "orders-db")}</ResourceIdentifier><PendingMaintenanceActionDetails><PendingMaintenanceAction><Action>system-update</Action><OptInStatus>next-maintenance</OptInStatus><CurrentApplyDate>2026-11-22T03:00:00Z</CurrentApplyDate></PendingMaintenanceAction></PendingMaintenanceActionDetails></ResourcePendingMaintenanceActions></PendingMaintenanceActions>`;
    const instances = [{ id: "orders-db" }];
    const answers = {
      DescribePendingMaintenanceActions: rdsAnswer("DescribePendingMaintenanceActions", actions),
    };
    const seen = await read({ instances, answers });
    expect(seen.topology?.maintenance).toMatchObject([
      { resource: "orders-db", action: "system-update", appliesAt: "2026-11-22T03:00:00.000Z" },
    ]);
    await stop?.();
    const refused = { DescribePendingMaintenanceActions: rdsError("AccessDenied", "no", 403) };
    const blind = await read({ instances, answers: refused });
    expect(blind.topology?.maintenance).toBeNull();
    expect(blind.missing[0]?.howToSee).toBe("allow rds:DescribePendingMaintenanceActions");
  });
});
