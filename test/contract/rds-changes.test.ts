import {
  CreateDBClusterCommand,
  CreateDBClusterParameterGroupCommand,
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  DeleteDBInstanceCommand,
  DeleteDBSnapshotCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { createRdsClient } from "../../functions/adapters/aws/clients.ts";
import { rdsChangesIn } from "../../functions/adapters/aws/rds-changes-in.ts";
import { createMemoryRdsChanges } from "../../functions/adapters/memory/memory-rds-changes.ts";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";
import { aChangeable } from "../support/rds-builder.ts";
import { onEndpoint } from "./on-endpoint.ts";
import { rdsChangesContract } from "./rds-changes.contract.ts";

describe("RDS that is changed, in memory", () => {
  rdsChangesContract(async () => {
    const rds = createMemoryRdsChanges({ clock: createVirtualClock(), databases: [aChangeable()] });
    return { rds, settle: async () => rds.settle() };
  });
});

await onEndpoint("RDS that is changed", (aws) => {
  const client = createRdsClient(aws);
  const rds = rdsChangesIn(aws);

  rdsChangesContract(async () => {
    await makeOrders(client);
    return { rds, settle: async () => undefined };
  });

  it("A20 asks in which zones a class can be had, and of one that there is not in none", async () => {
    const wanted = { engine: "postgres", engineVersion: "17.4", instanceClass: "db.m7g.xlarge" };
    const options = await rds.orderable(wanted);
    for (const { zones } of options) expect(zones.length).toBeGreaterThan(0);
    expect(await rds.orderable({ ...wanted, instanceClass: "db.m99.huge" })).toEqual([]);
  });

  it("A26 reads what happened since a moment, and nothing from before", async () => {
    await makeOrders(client);
    expect(await rds.events({ kind: "instance", id: "orders-db" }, Date.now() + 3_600_000)).toEqual([]);
  });

  it("A21 changes the range of a Serverless v2 cluster, and shows it", async () => {
    await client.send(
      new CreateDBClusterCommand({
        ...{ DBClusterIdentifier: "shop", Engine: "aurora-postgresql" },
        ...{ MasterUsername: "admin1", MasterUserPassword: "not-a-secret-1" },
        ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 8 },
      }),
    );
    const shop = { kind: "cluster", id: "shop" } as const;
    expect((await rds.describe(shop))?.has).toMatchObject({ MinCapacity: 1, MaxCapacity: 8 });
    await rds.send({
      operation: "ModifyDBCluster",
      input: {
        DBClusterIdentifier: "shop",
        ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 16 },
        ApplyImmediately: true,
      },
    });
    expect((await rds.describe(shop))?.has).toMatchObject({ MinCapacity: 1, MaxCapacity: 16 });
  });

  it("A24 names who uses a group and what it has, and shows a new value when it is set", async () => {
    await client.send(
      new CreateDBParameterGroupCommand({
        ...{ DBParameterGroupName: "orders-17", DBParameterGroupFamily: "postgres17", Description: "orders" },
      }),
    );
    await makeOrders(client);
    await client.send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier: "orders-db", DBParameterGroupName: "orders-17" }),
    );
    const group = { of: "orders-17", level: "instance" } as const;
    expect((await rds.usersOf(group)).map(({ id }) => id)).toEqual(["orders-db"]);
    const value = { ParameterName: "max_wal_size", ParameterValue: "8192", ApplyMethod: "immediate" };
    const input = { DBParameterGroupName: "orders-17", Parameters: [value] };
    await rds.send({ operation: "ModifyDBParameterGroup", input });
    expect(await rds.parameters(group, ["max_wal_size"])).toMatchObject([
      { name: "max_wal_size", value: "8192" },
    ]);
    expect(await rds.parameters(group, ["no_such_parameter"])).toEqual([]);
    await expect(rds.parameters({ ...group, of: "nobody" }, ["x"])).rejects.toMatchObject({ refused: true });
  });

  it("A24 copies a group of clusters, sets a value in it, and gives it to a cluster, which is named as who uses it", async () => {
    const group = "DBClusterParameterGroupName";
    await client.send(
      new CreateDBClusterParameterGroupCommand({
        ...{ [group]: "bills-16", DBParameterGroupFamily: "aurora-postgresql16", Description: "bills" },
      }),
    );
    await client.send(
      new CreateDBClusterCommand({
        ...{
          DBClusterIdentifier: "bills",
          Engine: "aurora-postgresql",
          DBClusterParameterGroupName: "bills-16",
        },
        ...{ MasterUsername: "admin1", MasterUserPassword: "not-a-secret-1" },
      }),
    );
    const of = "DBClusterParameterGroup";
    await rds.send({
      operation: "CopyDBClusterParameterGroup",
      input: {
        ...{ [`Source${of}Identifier`]: "bills-16", [`Target${of}Identifier`]: "responder-bills" },
        [`Target${of}Description`]: "parameters of bills",
      },
    });
    const value = { ParameterName: "rds.force_ssl", ParameterValue: "1", ApplyMethod: "pending-reboot" };
    const input = { [group]: "responder-bills", Parameters: [value] };
    await rds.send({ operation: "ModifyDBClusterParameterGroup", input });
    const own = { of: "responder-bills", level: "cluster" } as const;
    expect(await rds.parameters(own, ["rds.force_ssl"])).toMatchObject([{ value: "1", isSet: true }]);
    expect((await rds.usersOf({ ...own, of: "bills-16" })).map(({ id }) => id)).toEqual(["bills"]);
    await rds.send({
      operation: "ModifyDBCluster",
      input: { DBClusterIdentifier: "bills", [group]: "responder-bills", ApplyImmediately: true },
    });
    expect((await rds.usersOf(own)).map(({ id }) => id)).toEqual(["bills"]);
    const bills = await rds.describe({ kind: "cluster", id: "bills" });
    expect(bills?.parameterGroups).toMatchObject([{ name: "responder-bills" }]);
    const nobody = rds.parameters({ ...own, of: "responder-nobody" }, ["x"]);
    await expect(nobody).rejects.toMatchObject({
      ...{ refused: true, code: expect.stringMatching(/^DB(Cluster)?ParameterGroupNotFound/) },
    });
  });

  it("A27 is told that there is a snapshot of that name already", async () => {
    await makeOrders(client);
    const call = {
      operation: "CreateDBSnapshot",
      input: { DBInstanceIdentifier: "orders-db", DBSnapshotIdentifier: "orders-db-twice" },
    } as const;
    await rds.send(call);
    await expect(rds.send(call)).rejects.toMatchObject({
      code: "DBSnapshotAlreadyExistsFault",
      refused: true,
    });
  });
});

describe("RDS that does not answer", () => {
  it("A0 nobody knows whether it was carried out", async () => {
    const nowhere = { region: "eu-west-1", endpoint: "http://127.0.0.1:9" };
    const rds = rdsChangesIn(nowhere);
    const sent = rds.send({ operation: "RebootDBInstance", input: { DBInstanceIdentifier: "orders-db" } });
    await expect(sent).rejects.toMatchObject({ refused: false });
  });
});

async function makeOrders(client: RDSClient): Promise<void> {
  const orders = { DBInstanceIdentifier: "orders-db" };
  const snapshot = new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: "orders-db-2026112109" });
  await client.send(snapshot).catch(() => undefined);
  await client
    .send(new DeleteDBInstanceCommand({ ...orders, SkipFinalSnapshot: true }))
    .catch(() => undefined);
  await client.send(
    new CreateDBInstanceCommand({
      ...orders,
      ...{ DBInstanceClass: "db.m7g.large", Engine: "postgres", EngineVersion: "17.4" },
      ...{ AllocatedStorage: 100, StorageType: "gp3", MasterUsername: "admin1" },
      MasterUserPassword: "not-a-secret-1",
    }),
  );
}
