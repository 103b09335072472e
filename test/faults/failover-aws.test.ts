import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRdsClient } from "../../functions/adapters/aws/clients.ts";
import { failoverOn, makeOrders } from "../contract/failover/rds-failover-lab.ts";
import { onEndpoint } from "../contract/on-endpoint.ts";
import { type FaultProxy, startFaultProxy } from "../lab/endpoint/fault-proxy.ts";
import { waitUntil } from "../lab/engines/sql.ts";
import { type AwsFault, faultBefore } from "./aws-faults.ts";

/** What becomes of a promotion when its call meets this: whether RDS promotes, and whether it is known that it did not. */
const faults: readonly (readonly [fault: AwsFault, promoted: boolean, refused: boolean])[] = [
  ["throttled", false, true],
  ["refused", false, true],
  ["broken down", false, false],
  ["reset", false, false],
  ["half-answered", true, false],
  ["lost", true, false],
];

await onEndpoint("RDS of a failover, behind faults", (aws) => {
  let proxy: FaultProxy;
  const direct = createRdsClient(aws);
  beforeAll(async () => {
    proxy = await startFaultProxy("http", aws.endpoint ?? "");
    // Endpoint and proxy load a service with its first call, which takes longer than anybody waits.
    await answers(direct);
    await makeOrders(direct);
    await answers(createRdsClient(behind()));
  }, 60_000);
  afterAll(() => proxy?.stop());

  const answers = (client: typeof direct) =>
    waitUntil(() => client.send(new DescribeDBInstancesCommand({})).catch(() => null), {
      what: "RDS to answer",
    });
  const behind = () => ({ ...aws, endpoint: `http://127.0.0.1:${proxy.port}` });
  const make = async () => {
    await proxy.inject([]);
    await makeOrders(direct);
    const { plane, lock, lockOf } = await failoverOn(aws, behind());
    const { group } = await plane.describe("orders-db");
    return { plane, lock, group, stamp: await lockOf(group) };
  };
  const isPromoted = async () => {
    const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: "orders-db-1" });
    const [only] = (await direct.send(command)).DBInstances ?? [];
    return only?.PreferredBackupWindow === "03:00-04:00";
  };

  it.each(faults)(
    "Q9 promotes once and tells the truth of a call that is %s",
    async (fault, promoted, refused) => {
      const { plane, stamp } = await make();
      await proxy.inject([faultBefore("rds:PromoteReadReplica", fault)]);
      await expect(plane.promoteReplica("orders-db-1", stamp)).rejects.toMatchObject({ refused });
      // Sent a second time it would have met the fault again.
      expect(await proxy.fired()).toHaveLength(1);
      expect(await isPromoted()).toBe(promoted);
      await proxy.inject([]);
      // What RDS refused for certain was no failover; what it may have done counts as one.
      const { lastFailoverAt } = await plane.describe("orders-db");
      expect(lastFailoverAt).toEqual(refused ? undefined : expect.stringMatching(/^\d{4}-/));
    },
  );

  it.each(["throttled", "refused", "broken down", "reset"] as const)(
    "Q9 describes nothing at all when the instances are %s, and says that it could not",
    async (fault) => {
      const { plane } = await make();
      await proxy.inject([faultBefore("rds:DescribeDBInstances", fault)]);
      await expect(plane.describe("orders-db")).rejects.toMatchObject({ code: expect.any(String) });
    },
  );

  it("F4 does not know of a failover lately when RDS tells no events", async () => {
    const { plane } = await make();
    await proxy.inject([faultBefore("rds:DescribeEvents", "refused")]);
    const seen = await plane.describe("orders-db");
    expect(seen.lastFailoverAt).toBeNull();
    expect(seen.failingOver).toBeNull();
  });

  it("F3 does not know of a blue/green deployment that it may not see", async () => {
    const { plane } = await make();
    await proxy.inject([faultBefore("rds:DescribeBlueGreenDeployments", "refused")]);
    expect((await plane.describe("orders-db")).blueGreen).toBeNull();
  });
});
