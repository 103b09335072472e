import { describe, expect, it } from "vitest";
import { executeAwsOrder } from "../../../../functions/core/actions/execute-aws.ts";
import type { ParameterState, RdsChanges } from "../../../../functions/core/change-ports.ts";
import type { Target } from "../../../../functions/core/contract/target.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { aChangeable, anAwsOrder, changeableTarget, knownParameters } from "../../../support/rds-builder.ts";

const target: Target = {
  ...changeableTarget,
  ...{ name: "orders-1", flavour: "aurora", clusterId: "orders", resourceId: "cluster-ORDERS" },
};
const name = "responder-orders-aurora-postgresql16";
const forced = { name: "rds.force_ssl", value: "0", dynamic: true, modifiable: true, isSet: false };

function orders(
  group = "orders-cluster",
  parameters: readonly ParameterState[] = [...knownParameters, forced],
) {
  const world = awsWorld(
    {
      ...{ kind: "cluster", id: "orders", resourceId: "cluster-ORDERS", engine: "aurora-postgresql" },
      ...{ members: ["orders-1"], parameterGroups: [{ name: group, status: "in-sync" }] },
    },
    parameters,
  );
  world.rds.databases.push(
    aChangeable({
      ...{ id: "orders-1", clusterId: "orders", resourceId: "db-ORDERS1" },
      parameterGroups: [{ name: "orders-instance", status: "in-sync" }],
    }),
  );
  return world;
}
const values = [{ name: "rds.force_ssl", value: "1", seen: "0" }];
const change = (input: object = {}) =>
  anAwsOrder("change-parameter", { target }, { of: "orders-cluster", level: "cluster", values, ...input });
const own = (input: object = {}) =>
  anAwsOrder(
    "own-parameter-group",
    { target },
    {
      ...{ of: "orders", level: "cluster", resourceId: null, group: "orders-cluster", name, values },
      ...input,
    },
  );

describe("A24 a parameter of the cluster", () => {
  it("is set in the group of the cluster, by the call for it", async () => {
    const { rds, execute, follow } = orders();
    const began = await execute(change());
    expect(rds.sent).toMatchObject([
      {
        operation: "ModifyDBClusterParameterGroup",
        input: { DBClusterParameterGroupName: "orders-cluster" },
      },
    ]);
    expect(await follow(change(), began)).toMatchObject({
      status: "done",
      undo: { actionId: "change-parameter", input: { level: "cluster" } },
    });
  });

  it("is refused in a default group, and where other clusters share the group, who are named", async () => {
    const standard = orders("default.aurora-postgresql16");
    const inDefault = change({ of: "default.aurora-postgresql16" });
    expect((await standard.execute(inDefault)).refusal?.guard).toBe("default-group");
    const shared = orders();
    const group = { parameterGroups: [{ name: "orders-cluster", status: "in-sync" }] };
    shared.rds.databases.push(aChangeable({ kind: "cluster", id: "bills", ...group }));
    expect((await shared.execute(change())).refusal).toMatchObject({
      guard: "shared-group",
      reason: expect.stringContaining("bills"),
    });
    expect(shared.rds.sent).toEqual([]);
  });

  it("is looked for in the group of the cluster where the instance's has it not: RDS is asked whose it is", async () => {
    const { rds, clock } = orders();
    const ofLevel: RdsChanges = {
      ...rds,
      parameters: async (group, names) => (group.level === "instance" ? [] : rds.parameters(group, names)),
    };
    const order = change({ of: "orders-instance", level: "instance" });
    const deps = { rds: ofLevel, clock, repeated: false };
    const { refusal } = await executeAwsOrder(order, deps, new AbortController().signal);
    expect(refusal).toMatchObject({
      guard: "parameter-not-dynamic",
      reason: expect.stringContaining("rds.force_ssl is no parameter of it"),
      release: expect.stringContaining("rds.force_ssl is in orders-cluster, level cluster"),
    });
    expect(rds.sent).toEqual([]);
  });

  it("gets a cluster group of its own in place of a shared one, and goes back by the undo", async () => {
    const { rds, execute, follow } = orders();
    const began = await execute(own());
    expect(rds.sent.map(({ operation }) => operation)).toEqual([
      ...["CopyDBClusterParameterGroup", "ModifyDBClusterParameterGroup", "ModifyDBCluster"],
    ]);
    expect(rds.sent[2]?.input).toMatchObject({
      ...{ DBClusterIdentifier: "orders", DBClusterParameterGroupName: name },
    });
    rds.settle();
    const done = await follow(own(), began);
    expect(done).toMatchObject({
      status: "done",
      summary: expect.stringContaining("orders uses the parameter group"),
      undo: {
        actionId: "use-parameter-group",
        input: { of: "orders", level: "cluster", to: "orders-cluster" },
      },
    });
    const back = anAwsOrder("use-parameter-group", { target }, Object(done.undo?.input));
    const backBegan = await execute(back);
    rds.settle();
    expect((await follow(back, backBegan)).status).toBe("done");
    expect(rds.databases[0]?.parameterGroups).toMatchObject([{ name: "orders-cluster" }]);
  });

  it("gets one of the family in place of a default one", async () => {
    const { rds, execute } = orders("default.aurora-postgresql16");
    await execute(own({ group: "default.aurora-postgresql16" }));
    expect(rds.sent[0]).toMatchObject({
      operation: "CreateDBClusterParameterGroup",
      input: { DBClusterParameterGroupName: name, DBParameterGroupFamily: "aurora-postgresql16" },
    });
  });

  it("is refused for another cluster than that of the order", async () => {
    const { rds, execute } = orders();
    rds.databases.push(aChangeable({ kind: "cluster", id: "bills", resourceId: "cluster-BILLS" }));
    expect((await execute(own({ of: "bills" }))).refusal?.guard).toBe("another-database");
    expect(rds.sent).toEqual([]);
  });
});
