import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  FailoverDBClusterCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { beforeAll, describe, expect, it } from "vitest";
import { createRdsClient } from "../../functions/adapters/aws/clients.ts";
import { createRdsControl } from "../../functions/adapters/aws/rds-control.ts";
import { createMemoryRdsControl } from "../../functions/adapters/memory/memory-rds-control.ts";
import { aTarget } from "../support/evidence-builder.ts";
import { onEndpoint } from "./on-endpoint.ts";
import { type RdsUnderTest, rdsControlContract } from "./rds-control.contract.ts";

const place = { accountId: "123456789012", region: "eu-west-1" };
const ordersGroup = "123456789012/eu-west-1/orders";
const aurora = {
  ...place,
  engine: "mysql",
  flavour: "aurora",
  clusterId: "payments",
  resourceId: "cluster-ABC",
  group: "123456789012/eu-west-1/payments",
} as const;

describe("RDS in memory", () => {
  const rds = createMemoryRdsControl({
    targets: [
      aTarget({ ...place, name: "orders-replica", group: ordersGroup, role: "reader" }),
      aTarget({
        ...place,
        name: "orders",
        group: ordersGroup,
        resourceId: "db-ORDERS",
        tags: { team: "shop" },
      }),
      aTarget({ ...aurora, name: "payments-2", role: "reader" }),
      aTarget({ ...aurora, name: "payments-1", role: "writer" }),
    ],
    instanceResourceIds: { "db-PAYMENTS1": "payments-1" },
  });
  rdsControlContract(async () => ({ rds, ordersResourceId: "db-ORDERS", clusterResourceId: "cluster-ABC" }));

  it.each(["cluster-ABC", "db-PAYMENTS1"])(
    "S10 finds a member of a cluster by the resource id %s",
    async (id) => {
      expect((await rds.find({ kind: "resource-id", id }))?.name).toBe("payments-1");
    },
  );
});

await onEndpoint("RDS", (aws) => {
  const client = createRdsClient(aws);
  let underTest: RdsUnderTest;
  beforeAll(async () => {
    underTest = await createDatabases(client);
  });

  rdsControlContract(async () => underTest);

  it("S10 reads class, version, port, account and Region, and the cluster's tags under the instance's", async () => {
    expect(await underTest.rds.find({ kind: "instance", id: "orders" })).toMatchObject({
      instanceClass: "db.m7g.large",
      port: 5432,
      database: "shop",
      ...{ region: aws.region, accountId: "123456789012" },
    });
    const writer = await underTest.rds.find({ kind: "instance", id: "payments-1" });
    expect(writer?.tags).toEqual({ team: "instance", tier: "cluster" });
  });

  it("S10 says which member writes after a failover", async () => {
    await client.send(
      new FailoverDBClusterCommand({
        DBClusterIdentifier: "payments",
        TargetDBInstanceIdentifier: "payments-2",
      }),
    );
    expect((await underTest.rds.find({ kind: "cluster", id: "payments" }))?.name).toBe("payments-2");
    expect((await underTest.rds.find({ kind: "instance", id: "payments-1" }))?.role).toBe("reader");
  });

  it("S10 knows no database of Neptune, which answers to the same calls", async () => {
    await client.send(new CreateDBClusterCommand({ DBClusterIdentifier: "graph", Engine: "neptune" }));
    await createInstance(client, {
      DBInstanceIdentifier: "graph-1",
      DBClusterIdentifier: "graph",
      Engine: "neptune",
    });
    expect(await underTest.rds.find({ kind: "instance", id: "graph-1" })).toBeNull();
    expect(await underTest.rds.find({ kind: "cluster", id: "graph" })).toBeNull();
    expect(await underTest.rds.foreignEngine({ kind: "instance", id: "graph-1" })).toBe("neptune");
    expect(await underTest.rds.foreignEngine({ kind: "cluster", id: "graph" })).toBe("neptune");
  });

  it("S13 names the engine of a database that is not ours, and of no other", async () => {
    const sqlServer = { DBInstanceIdentifier: "books", Engine: "sqlserver-se", AllocatedStorage: 20 };
    await createInstance(client, { ...credentials, MasterUsername: "admin1", ...sqlServer });
    const books = { kind: "instance", id: "books" } as const;
    expect(await underTest.rds.find(books)).toBeNull();
    expect(await underTest.rds.foreignEngine(books)).toBe("sqlserver-se");
    expect(await underTest.rds.foreignEngine({ kind: "instance", id: "orders" })).toBeNull();
    expect(await underTest.rds.foreignEngine({ kind: "instance", id: "nobody" })).toBeNull();
    expect(await underTest.rds.foreignEngine({ kind: "cluster", id: "nobody" })).toBeNull();
  });

  it("S10 knows no database in a cluster without instances", async () => {
    await client.send(
      new CreateDBClusterCommand({ ...credentials, DBClusterIdentifier: "empty", Engine: "aurora-mysql" }),
    );
    expect(await underTest.rds.find({ kind: "cluster", id: "empty" })).toBeNull();
  });
});

const credentials = { MasterUsername: "admin1", MasterUserPassword: "not-a-secret-1" };

function createInstance(client: RDSClient, input: { DBInstanceIdentifier: string; [key: string]: unknown }) {
  return client.send(
    new CreateDBInstanceCommand({ Engine: "aurora-mysql", DBInstanceClass: "db.r7g.large", ...input }),
  );
}

async function createDatabases(client: RDSClient): Promise<RdsUnderTest> {
  await createInstance(client, {
    ...credentials,
    DBInstanceIdentifier: "orders",
    Engine: "postgres",
    DBInstanceClass: "db.m7g.large",
    DBName: "shop",
    AllocatedStorage: 20,
    Tags: [{ Key: "team", Value: "shop" }],
  });
  await client.send(
    new CreateDBInstanceReadReplicaCommand({
      DBInstanceIdentifier: "orders-replica",
      SourceDBInstanceIdentifier: "orders",
    }),
  );
  await client.send(
    new CreateDBClusterCommand({
      ...credentials,
      DBClusterIdentifier: "payments",
      Engine: "aurora-mysql",
      Tags: [
        { Key: "team", Value: "cluster" },
        { Key: "tier", Value: "cluster" },
      ],
    }),
  );
  const member = { DBClusterIdentifier: "payments" };
  await createInstance(client, {
    ...member,
    DBInstanceIdentifier: "payments-1",
    Tags: [{ Key: "team", Value: "instance" }],
  });
  await createInstance(client, { ...member, DBInstanceIdentifier: "payments-2" });
  const instances = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "orders" }));
  const clusters = await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: "payments" }));
  return {
    rds: createRdsControl({ client }),
    ordersResourceId: instances.DBInstances?.[0]?.DbiResourceId ?? "",
    clusterResourceId: clusters.DBClusters?.[0]?.DbClusterResourceId ?? "",
  };
}
