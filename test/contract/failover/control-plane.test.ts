import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateGlobalClusterCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { createCloudWatchClient, createRdsClient } from "../../../functions/adapters/aws/clients.ts";
import { nodeOf } from "../../../functions/core/contract/failover-topology.ts";
import { onEndpoint } from "../on-endpoint.ts";
import { controlPlaneContract } from "./control-plane.contract.ts";
import { memoryFailover } from "./failover-world.ts";
import { failoverOn, makeOrders, showPromoted } from "./rds-failover-lab.ts";

const login = { MasterUsername: "admin1", MasterUserPassword: "not-a-secret-1" } as const;

describe("RDS of a failover, in memory", () => {
  controlPlaneContract(async () => {
    const { world, ports, settle } = memoryFailover();
    const { token } = await ports.lock.take("orders-db", "run-1");
    const { controlPlane: plane, lock } = ports;
    expect(world.lock?.run).toBe("run-1");
    world.nodes = { "orders-db": { resourceId: "db-ORDERS" } };
    return { plane, lock, settle, stamp: { run: "run-1", token, effect: 1 } };
  });
});

await onEndpoint("RDS of a failover", (aws) => {
  const client = createRdsClient(aws);
  const make = async () => {
    await makeOrders(client);
    const { plane, lock, lockOf } = await failoverOn(aws);
    const { group } = await plane.describe("orders-db");
    return { plane, lock, stamp: await lockOf(group), settle: () => showPromoted(client) };
  };
  controlPlaneContract(make);

  it("F2 gives what is promoted the backups of a primary", async () => {
    const { plane, stamp } = await make();
    await plane.promoteReplica("orders-db-1", stamp);
    const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: "orders-db-1" });
    const [promoted] = (await client.send(command)).DBInstances ?? [];
    expect(promoted).toMatchObject({ BackupRetentionPeriod: 7, PreferredBackupWindow: "03:00-04:00" });
  });

  it("F3 reads lag, clients and free storage from CloudWatch, each with its age", async () => {
    const { plane } = await make();
    const sample = (MetricName: string, Value: number, id: string) => ({
      ...{ MetricName, Value, Timestamp: new Date(Date.now() - 120_000) },
      Dimensions: [{ Name: "DBInstanceIdentifier", Value: id }],
    });
    await createCloudWatchClient(aws).send(
      new PutMetricDataCommand({
        Namespace: "AWS/RDS",
        MetricData: [
          sample("ReplicaLag", -1, "orders-db-1"),
          sample("DatabaseConnections", 12, "orders-db"),
          sample("FreeStorageSpace", 25 * 1024 ** 3, "orders-db"),
        ],
      }),
    );
    const seen = await plane.describe("orders-db");
    expect(nodeOf(seen, "orders-db-1")?.lag?.seconds).toBe(-1);
    expect(nodeOf(seen, "orders-db")).toMatchObject({ activity: { busy: true }, freeStoragePercent: 25 });
    expect(nodeOf(seen, "orders-db")?.activity?.ageSeconds).toBeLessThan(180);
    expect(nodeOf(seen, "orders-db-1")?.activity).toBeNull();
  });

  it("F2 knows a standby, and one that stands alone", async () => {
    const { plane } = await make();
    const create = (id: string, MultiAZ: boolean) =>
      client.send(
        new CreateDBInstanceCommand({
          ...{ DBInstanceIdentifier: id, DBInstanceClass: "db.r7g.large", Engine: "mysql", MultiAZ },
          ...{ AllocatedStorage: 100, ...login },
        }),
      );
    await create("bills-db", true);
    await create("carts-db", false);
    expect(await plane.describe("bills-db")).toMatchObject({ kind: "multi-az-instance", engine: "mysql" });
    expect((await plane.describe("carts-db")).kind).toBe("single-instance");
  });

  it("F2 fails a cluster over to the reader that is named, whatever member was asked for", async () => {
    const { plane, lockOf } = await failoverOn(aws);
    await makeCluster("shop");
    const before = await plane.describe("shop-1");
    expect(before).toMatchObject({ kind: "aurora", clusterId: "shop", clusterStatus: "available" });
    const stamp = await lockOf(before.group);
    const reader = before.nodes.find(({ id }) => id !== before.primary)?.id ?? "";
    await plane.failOverCluster("shop", reader, stamp);
    expect((await plane.describe("shop")).lastFailoverAt).toMatch(/^\d{4}-/);
  });

  it("F2 sees a global database when that is named, its clusters by their ARNs", async () => {
    const { plane } = await failoverOn(aws);
    const world = { GlobalClusterIdentifier: "world", Engine: "aurora-postgresql" };
    await client.send(new CreateGlobalClusterCommand(world)).catch(() => undefined);
    await makeCluster("bills", { GlobalClusterIdentifier: "world" });
    const arn = await clusterArn("bills");
    const seen = await plane.describe("world");
    expect(seen).toMatchObject({ kind: "global", globalId: "world", primary: arn });
    expect(nodeOf(seen, arn)).toMatchObject({ role: "writer", region: aws.region });
  });

  it("F1 says that RDS refused, and by which name", async () => {
    const { plane, stamp } = await make();
    await expect(plane.describe("nobody")).rejects.toMatchObject({ refused: true });
    await expect(plane.promoteReplica("nobody", stamp)).rejects.toMatchObject({
      ...{ code: "DBInstanceNotFoundFault", refused: true },
    });
    await expect(plane.rebootWithFailover("nobody", stamp)).rejects.toMatchObject({ refused: true });
  });

  async function makeCluster(id: string, more: { readonly GlobalClusterIdentifier?: string } = {}) {
    const engine = { Engine: "aurora-postgresql" } as const;
    await client.send(new CreateDBClusterCommand({ DBClusterIdentifier: id, ...engine, ...login, ...more }));
    for (const name of [`${id}-1`, `${id}-2`]) {
      await client.send(
        new CreateDBInstanceCommand({
          ...{
            DBInstanceIdentifier: name,
            DBClusterIdentifier: id,
            DBInstanceClass: "db.r7g.large",
            ...engine,
          },
        }),
      );
    }
  }

  async function clusterArn(id: string) {
    const { DBClusters = [] } = await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: id }));
    return DBClusters[0]?.DBClusterArn ?? "";
  }
});
