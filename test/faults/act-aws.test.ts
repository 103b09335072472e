import { CreateDBInstanceCommand, DescribeDBSnapshotsCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRdsChangeClient, createRdsClient } from "../../functions/adapters/aws/clients.ts";
import { rdsChangesIn } from "../../functions/adapters/aws/rds-changes-in.ts";
import { executeAwsOrder } from "../../functions/core/actions/execute-aws.ts";
import type { Outcome, WorkOrder } from "../../functions/core/contract/work-order.ts";
import { onEndpoint } from "../contract/on-endpoint.ts";
import { type FaultProxy, startFaultProxy } from "../lab/endpoint/fault-proxy.ts";
import { anAwsOrder, changeableTarget } from "../support/rds-builder.ts";
import { createSkippingClock } from "../support/skipping-clock.ts";
import { type AwsFault, faultBefore } from "./aws-faults.ts";

/** What becomes of a snapshot when its call meets this: whether RDS makes it, and what is said of it. */
const faults: readonly (readonly [fault: AwsFault, made: boolean, says: RegExp])[] = [
  ["throttled", false, /takes no more calls/],
  ["refused", false, /not permitted/],
  ["broken down", false, /may have been taken/],
  ["reset", false, /may have been taken/],
  ["hung", false, /may have been taken/],
  ["half-answered", true, /may have been taken/],
  ["lost", true, /may have been taken/],
];

await onEndpoint("a change on AWS, behind faults", (aws) => {
  let proxy: FaultProxy;
  let resourceId: string | null = null;
  const direct = createRdsClient(aws);
  const clock = createSkippingClock();
  beforeAll(async () => {
    proxy = await startFaultProxy("http", aws.endpoint ?? "");
    // Endpoint and proxy load a service with its first call, which takes longer than anybody waits.
    const { DBInstance } = await createRdsChangeClient(behind()).send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: "orders-db", DBInstanceClass: "db.m7g.large", Engine: "postgres" },
        ...{ AllocatedStorage: 100, MasterUsername: "admin1", MasterUserPassword: "not-a-secret-1" },
      }),
    );
    resourceId = DBInstance?.DbiResourceId ?? null;
  }, 60_000);
  afterAll(() => proxy?.stop());

  const behind = () => ({ ...aws, endpoint: `http://127.0.0.1:${proxy.port}` });
  const execute = (order: WorkOrder, repeated = false): Promise<Outcome> => {
    const rds = rdsChangesIn(behind());
    return executeAwsOrder(order, { rds, clock, repeated }, AbortSignal.timeout(45_000));
  };
  const orderFor = (name: string): WorkOrder => {
    const target = { ...changeableTarget, resourceId };
    return anAwsOrder("take-snapshot", { target, ...times() }, { name });
  };
  const times = () => ({
    issuedAt: new Date(clock.now()).toISOString(),
    expiresAt: new Date(clock.now() + 60_000).toISOString(),
  });
  const made = async (name: string): Promise<number> => {
    const { DBSnapshots = [] } = await direct.send(new DescribeDBSnapshotsCommand({}));
    return DBSnapshots.filter(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier === name).length;
  };

  it.each(faults)("Q9 tells the truth of a call that is %s", async (fault, isMade, says) => {
    const name = `orders-${fault.replaceAll(" ", "-")}`;
    const order = orderFor(name);
    await proxy.inject([faultBefore("rds:CreateDBSnapshot", fault, 1)]);
    const outcome = await execute(order);
    expect(await proxy.fired()).toHaveLength(1);
    expect(outcome.summary).toMatch(says);
    expect(await made(name)).toBe(isMade ? 1 : 0);
    if (outcome.running === undefined) {
      expect(outcome).toMatchObject({ status: "refused", mayHaveActed: false });
      return;
    }
    clock.skip(130_000);
    const follows = { ...outcome.running, mayTidy: true };
    const ended = await execute({ ...order, ...times(), follows });
    expect(ended).toMatchObject({ status: isMade ? "done" : "failed", mayHaveActed: true });
  });

  it.each(["lost", "half-answered", "reset"] as const)(
    "Q9 makes one snapshot when the first attempt died of a call that was %s",
    async (fault) => {
      const name = `orders-again-${fault}`;
      const order = orderFor(name);
      await proxy.inject([faultBefore("rds:CreateDBSnapshot", fault, 1)]);
      await execute(order);
      expect((await execute(order, true)).status).toBe("running");
      expect(await made(name)).toBe(1);
    },
  );

  it.each(["throttled", "refused", "broken down", "reset"] as const)(
    "Q9 sends nothing to a database whose description is %s",
    async (fault) => {
      const name = `orders-unseen-${fault.replaceAll(" ", "-")}`;
      await proxy.inject([faultBefore("rds:DescribeDBInstances", fault)]);
      const outcome = await execute(orderFor(name));
      expect(outcome).toMatchObject({ status: "failed", mayHaveActed: false });
      expect(outcome.summary).toContain("Nothing was sent");
      expect(await made(name)).toBe(0);
    },
  );

  it("Q9 restarts nothing a second time when the answer to the first call was lost", async () => {
    const target = { ...changeableTarget, resourceId };
    const order = anAwsOrder("reboot-instance", { target, ...times() });
    await proxy.inject([faultBefore("rds:RebootDBInstance", "lost", 1)]);
    expect((await execute(order)).summary).toContain("nothing is sent again");
    await proxy.inject([faultBefore("rds:RebootDBInstance", "throttled", 1)]);
    const again = await execute(order, true);
    expect(again).toMatchObject({ status: "running" });
    // A call would have met the fault.
    expect(await proxy.fired()).toEqual([]);
  });
});
