import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { Target } from "../../functions/core/contract/target.ts";
import { changeableTarget } from "../support/rds-builder.ts";
import type { ChangeId } from "./aws-change-table.ts";

/** What an order asks for in the world as it is, and what of that world it changes. */
export interface ChangeScene {
  readonly target: Target;
  readonly input: object;
  state(): Promise<unknown>;
}

export type MakeReader = (name: string) => Promise<void>;

/** Each action asks for something that is not so yet, whatever the ones before it have left. */
export function changeScenes(rds: RDSClient, makeReader: MakeReader) {
  let made = 0;
  const instance = async (id = "orders-1") => {
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    return DBInstances.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === id);
  };
  const cluster = async () =>
    (await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: "shop" }))).DBClusters?.[0];
  const groupOf = async () => (await instance())?.DBParameterGroups?.[0]?.DBParameterGroupName ?? "";
  /** With whoever else uses it, as who agrees was shown. */
  const groupUsed = async () => {
    const of = await groupOf();
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    const users = DBInstances.filter(
      ({ DBParameterGroups: [group] = [] }) => group?.DBParameterGroupName === of,
    );
    return { of, usedBy: users.flatMap(({ DBInstanceIdentifier: id }) => id ?? []) };
  };
  const value = async (name: string) => {
    const asked = new DescribeDBParametersCommand({ DBParameterGroupName: await groupOf() });
    const { Parameters = [] } = await rds.send(asked);
    return Parameters.find(({ ParameterName }) => ParameterName === name)?.ParameterValue ?? null;
  };
  const orders = async () => {
    const {
      DbiResourceId: resourceId = null,
      DBInstanceClass = "",
      AllocatedStorage = 0,
    } = (await instance()) ?? {};
    const target = { ...changeableTarget, name: "orders-1", resourceId, instanceClass: DBInstanceClass };
    return { target, shown: { of: "orders-1", resourceId }, DBInstanceClass, AllocatedStorage };
  };
  const scenes: { readonly [Id in ChangeId]: () => Promise<ChangeScene> } = {
    "change-parameter": async () => ({
      target: (await orders()).target,
      input: { ...(await groupUsed()), values: [{ name: "work_mem", value: String(5000 + made++) }] },
      state: () => value("work_mem"),
    }),
    "enable-slow-query-log": async () => ({
      target: (await orders()).target,
      input: { ...(await groupUsed()), seconds: 1000 - made++ },
      state: () => value("log_min_duration_statement"),
    }),
    "grow-storage": async () => {
      const { target, shown, AllocatedStorage: fromGib } = await orders();
      const state = async () => (await orders()).AllocatedStorage;
      return { target, input: { ...shown, fromGib, sizeGib: fromGib + 20 }, state };
    },
    "tune-storage": async () => {
      const { target, shown, AllocatedStorage: sizeGib } = await orders();
      const input = { ...shown, fromGib: sizeGib, sizeGib, type: "gp3", iops: 4000 + made++ };
      return { target, input, state: async () => (await instance())?.Iops };
    },
    "scale-instance-class": async () => {
      const { target, shown, DBInstanceClass: from } = await orders();
      const to = from === "db.m7g.xlarge" ? "db.m7g.2xlarge" : "db.m7g.xlarge";
      return { target, input: { ...shown, from, to }, state: async () => (await orders()).DBInstanceClass };
    },
    "scale-serverless-capacity": async () => {
      const now = await cluster();
      const { MinCapacity: minAcu = 0, MaxCapacity: fromAcu = 0 } =
        now?.ServerlessV2ScalingConfiguration ?? {};
      const target = { ...changeableTarget, ...aurora, resourceId: now?.DbClusterResourceId ?? null };
      const input = { of: "shop", pending: [], openSeconds: 5, fromAcu, minAcu, maxAcu: fromAcu + 1 };
      return { target, input, state: async () => (await cluster())?.ServerlessV2ScalingConfiguration };
    },
    "add-reader": async () => {
      const { target, DBInstanceClass: instanceClass } = await orders();
      const name = `responder-orders-1-r${made++}`;
      const state = async () => (await instance(name))?.DBInstanceIdentifier;
      return { target, input: { of: "orders-1", name, instanceClass }, state };
    },
    "remove-reader": async () => {
      const name = "responder-orders-1-gone";
      const there = (await instance(name)) ?? null;
      if (there === null) await makeReader(name);
      const { target, DBInstanceClass: instanceClass } = await orders();
      const resourceId = (await instance(name))?.DbiResourceId;
      const state = async () => (await instance(name))?.DBInstanceIdentifier;
      return { target, input: { of: "orders-1", name, instanceClass, resourceId }, state };
    },
    "use-parameter-group": async () => {
      const { target, shown } = await orders();
      const from = await groupOf();
      const to = from === "bills-17" ? "orders-parameters" : "bills-17";
      return { target, input: { ...shown, from, to }, state: groupOf };
    },
    "own-parameter-group": async () => {
      const { target, shown } = await orders();
      const values = [{ name: "max_connections", value: String(60 + made) }];
      const input = { ...shown, group: await groupOf(), name: `responder-orders-${made++}`, values };
      return { target, input, state: groupOf };
    },
  };
  return scenes;
}

const aurora = {
  name: "shop-1",
  flavour: "aurora",
  clusterId: "shop",
  instanceClass: "db.serverless",
} as const;
const master = { MasterUsername: "admin1", MasterUserPassword: "not-a-secret-1" };

/** What the lab does not have by itself: a second group, and a cluster of Aurora Serverless. */
export async function makeWorld(rds: RDSClient, family: string): Promise<void> {
  const group = { DBParameterGroupName: "bills-17", DBParameterGroupFamily: family, Description: "bills" };
  await rds.send(new CreateDBParameterGroupCommand(group));
  await rds.send(
    new CreateDBClusterCommand({
      ...{ DBClusterIdentifier: "shop", Engine: "aurora-postgresql", ...master },
      ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 8 },
    }),
  );
  await rds.send(
    new CreateDBInstanceCommand({
      ...{ DBInstanceIdentifier: "shop-1", DBInstanceClass: "db.serverless", Engine: "aurora-postgresql" },
      DBClusterIdentifier: "shop",
    }),
  );
}
