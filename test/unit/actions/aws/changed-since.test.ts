import { describe, expect, it } from "vitest";
import type { Changeable } from "../../../../functions/core/change-ports.ts";
import type { Target } from "../../../../functions/core/contract/target.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { anAwsOrder, changeableTarget } from "../../../support/rds-builder.ts";

describe("A23 a volume that has got more since it was seen", () => {
  it.each([
    [{ iops: 12_000 }, { Iops: 20_000 }, "Iops from 20000 to 12000"],
    [{ throughputMibps: 500 }, { StorageThroughput: 1000 }, "StorageThroughput from 1000 to 500"],
    [{ limitGib: 756 }, { MaxAllocatedStorage: 5000 }, "MaxAllocatedStorage from 5000 to 756"],
  ])("is not set back by %j", async (input, has, says) => {
    const { rds, execute } = awsWorld({ has });
    const { refusal } = await execute(anAwsOrder("grow-storage", {}, input));
    expect(refusal).toMatchObject({ guard: "state-changed", reason: expect.stringContaining(says) });
    expect(rds.sent).toEqual([]);
  });

  it("takes what is more than there is, or the same", async () => {
    const { execute } = awsWorld({ has: { Iops: 3000, MaxAllocatedStorage: 110 } });
    const order = anAwsOrder("grow-storage", {}, { iops: 3000, limitGib: 150 });
    expect((await execute(order)).status).toBe("running");
  });
});

describe("A21 the range of a Serverless v2 cluster", () => {
  const target: Target = {
    ...changeableTarget,
    flavour: "aurora",
    ...{ clusterId: "orders", resourceId: "cluster-ORDERS", instanceClass: "db.serverless" },
  };
  const order = (range: object) => ({
    ...anAwsOrder("take-snapshot", { actionId: "scale-serverless-capacity", target }),
    input: { of: "orders", fromAcu: 16, maxAcu: 32, ...range },
  });
  const cluster = (has: Changeable["has"]) =>
    awsWorld({
      ...{ kind: "cluster", id: "orders", resourceId: "cluster-ORDERS", engine: "aurora-postgresql" },
      has: { MaxCapacity: 16, ...has },
    });

  it("is raised when nothing else of it has changed", async () => {
    const { rds, execute } = cluster({ MinCapacity: 0, SecondsUntilAutoPause: 600 });
    expect((await execute(order({ minAcu: 0, pauseSeconds: 600 }))).status).toBe("running");
    expect(rds.sent).toHaveLength(1);
  });

  it.each([
    [{ minAcu: 0.5 }, { MinCapacity: 8 }, "is 8 by now, not 0.5 ACU"],
    [{ minAcu: 0.5 }, {}, "is not told by now"],
    [{ minAcu: 0, pauseSeconds: 300 }, { MinCapacity: 0, SecondsUntilAutoPause: 3600 }, "after 3600 s"],
    [{ minAcu: 0 }, { MinCapacity: 0, SecondsUntilAutoPause: 3600 }, "after 3600 s"],
  ])("is not set back to %j where it has %j", async (range, has, says) => {
    const { rds, execute } = cluster(has);
    const { refusal } = await execute(order(range));
    expect(refusal).toMatchObject({ guard: "state-changed", reason: expect.stringContaining(says) });
    expect(rds.sent).toEqual([]);
  });
});

describe("A20 a change that waits", () => {
  const pending = [
    { name: "EngineVersion", value: "18.1" },
    { name: "MasterUserPassword", value: null },
  ];

  it.each([["EngineVersion=17.5"], ["EngineVersion"]])("was not shown by %s", async (word) => {
    const { rds, execute } = awsWorld({ pending });
    const order = anAwsOrder("scale-instance-class", {}, { pending: [word, "MasterUserPassword"] });
    const { refusal } = await execute(order);
    expect(refusal?.guard).toBe("pending-changes");
    expect(refusal?.reason).toContain("EngineVersion (18.1)");
    expect(refusal?.reason).not.toContain("MasterUserPassword");
    expect(rds.sent).toEqual([]);
  });

  it("was shown with its value, and one of a secret by its name", async () => {
    const { execute } = awsWorld({ pending });
    const shown = ["EngineVersion=18.1", "MasterUserPassword"];
    const order = anAwsOrder("scale-instance-class", {}, { pending: shown });
    expect((await execute(order)).status).toBe("running");
  });
});

describe("A40 an instance of Aurora, whose target has the id of its cluster", () => {
  const aurora: Target = {
    ...changeableTarget,
    ...{ clusterId: "orders", resourceId: "cluster-ORDERS" },
    flavour: "aurora",
  };
  const seen = { clusterId: "orders", resourceId: "db-ORDERS" };
  const scale = anAwsOrder("scale-instance-class", { target: aurora }, { resourceId: "db-ORDERS" });
  const reboot = anAwsOrder("reboot-instance", { target: aurora }, { resourceId: "db-ORDERS" });

  it.each([scale, reboot])("takes the call of $actionId as it was seen", async (order) => {
    expect((await awsWorld(seen).execute(order)).status).toBe("running");
  });

  it.each([
    ["made anew under its name", { resourceId: "db-ANOTHER" }],
    ["in another cluster", { clusterId: "bills" }],
    ["in no cluster", { clusterId: null }],
  ])("is another one %s", async (_how, now) => {
    for (const order of [scale, reboot]) {
      const { rds, execute } = awsWorld({ ...seen, ...now });
      expect((await execute(order)).refusal?.guard).toBe("another-database");
      expect(rds.sent).toEqual([]);
    }
  });
});
