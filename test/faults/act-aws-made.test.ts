import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBProxyCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RegisterDBProxyTargetsCommand,
} from "@aws-sdk/client-rds";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRdsChangeClient, createRdsClient } from "../../functions/adapters/aws/clients.ts";
import { rdsChangesIn } from "../../functions/adapters/aws/rds-changes-in.ts";
import { memberOf } from "../../functions/adapters/aws/rds-member.ts";
import { placementOf } from "../../functions/core/actions/aws/placement.ts";
import { executeAwsOrder } from "../../functions/core/actions/execute-aws.ts";
import type { Target } from "../../functions/core/contract/target.ts";
import type { Outcome, WorkOrder } from "../../functions/core/contract/work-order.ts";
import { onEndpoint } from "../contract/on-endpoint.ts";
import { type FaultProxy, startFaultProxy } from "../lab/endpoint/fault-proxy.ts";
import { anAwsOrder, changeableTarget } from "../support/rds-builder.ts";
import { createSkippingClock } from "../support/skipping-clock.ts";
import { faultBefore } from "./aws-faults.ts";

type ActionId = Parameters<typeof anAwsOrder>[0];

/** What RDS says in its own words, before anything is done: the class of each is in its sentence. */
const refusals = [
  ["add-reader", "rds:CreateDBInstanceReadReplica", "InstanceQuotaExceeded", "rds-refused"],
  ["add-reader", "rds:CreateDBInstanceReadReplica", "InsufficientDBInstanceCapacity", "rds-not-available"],
  ["add-reader", "rds:CreateDBInstanceReadReplica", "InvalidDBInstanceState", "rds-not-now"],
  ["restore-copy", "rds:RestoreDBInstanceToPointInTime", "PointInTimeRestoreNotEnabled", "rds-refused"],
  ["restore-copy", "rds:RestoreDBInstanceToPointInTime", "StorageQuotaExceeded", "rds-refused"],
  ["size-proxy-pool", "rds:ModifyDBProxyTargetGroup", "InvalidDBProxyStateFault", "rds-not-now"],
  ["size-proxy-pool", "rds:ModifyDBProxyTargetGroup", "DBProxyTargetGroupNotFoundFault", "rds-refused"],
] as const satisfies readonly (readonly [ActionId, `rds:${string}`, string, string])[];

await onEndpoint("readers and proxies, changed behind faults", (aws) => {
  const master = { MasterUsername: "admin1", MasterUserPassword: "not-a-secret-1" };
  let proxy: FaultProxy;
  let resourceId: string | null = null;
  let clusterTarget: Target = changeableTarget;
  const direct = createRdsClient(aws);
  const clock = createSkippingClock();
  const behind = () => ({ ...aws, endpoint: `http://127.0.0.1:${proxy.port}` });

  beforeAll(async () => {
    proxy = await startFaultProxy("http", aws.endpoint ?? "");
    const { DBInstance } = await createRdsChangeClient(behind()).send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: "orders-db", DBInstanceClass: "db.m7g.large", Engine: "postgres" },
        ...{ AllocatedStorage: 100, BackupRetentionPeriod: 7, ...master },
      }),
    );
    resourceId = DBInstance?.DbiResourceId ?? null;
    const { DBCluster } = await direct.send(
      new CreateDBClusterCommand({ DBClusterIdentifier: "shop", Engine: "aurora-postgresql", ...master }),
    );
    await direct.send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: "shop-1", DBInstanceClass: "db.r6g.large", Engine: "aurora-postgresql" },
        DBClusterIdentifier: "shop",
      }),
    );
    clusterTarget = {
      ...changeableTarget,
      ...{ name: "shop-1", flavour: "aurora", clusterId: "shop", instanceClass: "db.r6g.large" },
      resourceId: DBCluster?.DbClusterResourceId ?? null,
    };
    await makeProxy();
  }, 60_000);
  afterAll(() => proxy?.stop());

  async function makeProxy(): Promise<void> {
    const auth = {
      AuthScheme: "SECRETS",
      SecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x",
    };
    const { Subnets = [] } = await subnets();
    await direct.send(
      new CreateDBProxyCommand({
        ...{ DBProxyName: "orders-proxy", EngineFamily: "POSTGRESQL", VpcSubnetIds: Subnets },
        ...{ Auth: [{ ...auth, AuthScheme: "SECRETS" }], RoleArn: "arn:aws:iam::123456789012:role/proxy" },
      }),
    );
    await direct.send(
      new RegisterDBProxyTargetsCommand({
        ...{ DBProxyName: "orders-proxy", TargetGroupName: "default" },
        DBInstanceIdentifiers: ["orders-db"],
      }),
    );
  }

  /** The default ones of the endpoint's account, without a client for EC2. */
  async function subnets(): Promise<{ Subnets: string[] }> {
    const answer = await fetch(`${aws.endpoint}/`, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `AWS4-HMAC-SHA256 Credential=stand-in/20261121/${aws.region}/ec2/aws4_request`,
      },
      body: "Action=DescribeSubnets&Version=2016-11-15",
    });
    const xml = await answer.text();
    return { Subnets: [...new Set(xml.match(/subnet-[0-9a-f]+/g) ?? [])].slice(0, 2) };
  }

  const times = () => ({
    issuedAt: new Date(clock.now() - 2000).toISOString(),
    expiresAt: new Date(clock.now() + 60_000).toISOString(),
  });
  const orderFor = (id: ActionId, input: object = {}, target: Target = { ...changeableTarget, resourceId }) =>
    anAwsOrder(id, { target, ...times() }, input);
  const execute = (order: WorkOrder, repeated = false): Promise<Outcome> => {
    const rds = rdsChangesIn(behind());
    return executeAwsOrder(order, { rds, clock, repeated }, AbortSignal.timeout(45_000));
  };
  const follow = (order: WorkOrder, { running }: Outcome): Promise<Outcome> => {
    if (running === undefined) throw new Error("it is not running");
    return execute({ ...order, ...times(), follows: { ...running, mayTidy: true } });
  };
  const ids = async () =>
    ((await direct.send(new DescribeDBInstancesCommand({}))).DBInstances ?? []).map(
      ({ DBInstanceIdentifier }) => DBInstanceIdentifier,
    );

  it.each(refusals)("Q9 %s says what %s answers: %s", async (id, call, code, guard) => {
    const [service = "", operation = ""] = call.split(":");
    await proxy.inject([{ service, operation, error: { code, status: 400, message: "said RDS" }, times: 1 }]);
    const outcome = await execute(orderFor(id));
    expect(outcome).toMatchObject({ status: "refused", mayHaveActed: false, refusal: { guard } });
    expect(outcome.summary).toContain("said RDS");
  });

  it("A22 adds a read replica once though the answer was lost, and removes it by the undo that it left", async () => {
    const order = orderFor("add-reader");
    await proxy.inject([faultBefore("rds:CreateDBInstanceReadReplica", "lost", 1)]);
    const began = await execute(order);
    expect(began.summary).toContain("may have been taken");
    expect((await execute(order, true)).status).toBe("running");
    const done = await follow(order, began);
    expect(done).toMatchObject({ status: "done", undo: { actionId: "remove-reader" } });
    expect((await ids()).filter((id) => id === "responder-orders-db-reader")).toHaveLength(1);
    const input = JSON.parse(JSON.stringify(done.undo?.input));
    const removing = orderFor("remove-reader", input);
    const removal = await execute(removing);
    const gone = await follow(removing, removal);
    expect(gone).toMatchObject({ status: "done", undo: { actionId: "add-reader" } });
    expect(await ids()).not.toContain("responder-orders-db-reader");
    expect((await execute(removing)).status).toBe("already-done");
  });

  it("A22 asks for a replica that lies as its source was described, and RDS takes the call", async () => {
    const groups = ["sg-orders", "sg-ops"];
    await direct.send(
      new ModifyDBInstanceCommand({
        ...{ DBInstanceIdentifier: "orders-db", VpcSecurityGroupIds: groups },
        PubliclyAccessible: false,
      }),
    );
    const { DBInstances = [] } = await direct.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: "orders-db" }),
    );
    const like = placementOf(memberOf(DBInstances[0] ?? {}, null));
    expect(like).toMatchObject({ securityGroupIds: groups, isPublic: false });
    const order = orderFor("add-reader", { name: "responder-orders-db-like", like });
    const began = await execute(order);
    expect(began.steps.map(({ says }) => says).join()).toContain(
      "--vpc-security-group-ids sg-orders sg-ops --no-publicly-accessible --storage-type",
    );
    const done = await follow(order, began);
    expect(done).toMatchObject({ status: "done", undo: { input: { like: { securityGroupIds: groups } } } });
  });

  it("A22 adds an instance to a cluster of Aurora, and removes neither the writer nor what others made", async () => {
    const input = { of: "shop", name: "responder-shop-reader", instanceClass: "db.r6g.large" };
    const order = orderFor("add-reader", input, clusterTarget);
    const done = await follow(order, await execute(order));
    expect(done).toMatchObject({ status: "done", undo: { input: { of: "shop" } } });
    const theirs = await direct.send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: "responder-theirs", DBInstanceClass: "db.r6g.large" },
        ...{ Engine: "aurora-postgresql", DBClusterIdentifier: "shop" },
      }),
    );
    const foreign = { ...input, name: "responder-theirs", resourceId: theirs.DBInstance?.DbiResourceId };
    const refused = await execute(orderFor("remove-reader", foreign, clusterTarget));
    expect(refused.refusal).toMatchObject({ guard: "not-our-reader" });
    expect(refused.refusal?.reason).toContain("only what it made");
    const writer = { ...input, name: "shop-1", resourceId: "db-X" };
    expect((await execute(orderFor("remove-reader", writer, clusterTarget))).refusal?.guard).toBe(
      "unknown-action",
    );
    expect(await ids()).toContain("responder-theirs");
  });

  it("A22 leaves an instance of the wanted name alone that was there before", async () => {
    await direct.send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: "responder-orders-db-old", DBInstanceClass: "db.m7g.large" },
        ...{ Engine: "postgres", AllocatedStorage: 20, MasterUsername: "admin1" },
        MasterUserPassword: "not-a-secret-1",
      }),
    );
    const order = orderFor("add-reader", { name: "responder-orders-db-old" });
    expect((await execute(order)).refusal?.guard).toBe("name-taken");
  });

  it.each(["lost", "reset"] as const)(
    "A28 brings back one copy at the most when the call was %s",
    async (fault) => {
      const at = new Date(clock.now() - 3_600_000).toISOString();
      const name = `responder-orders-db-${fault}`;
      const order = orderFor("restore-copy", { name, at });
      await proxy.inject([faultBefore("rds:RestoreDBInstanceToPointInTime", fault, 1)]);
      expect((await execute(order)).summary).toContain("may have been taken");
      const again = await execute(order, true);
      const ended = await follow(order, again);
      // What may have been made somebody may have deleted since: of a call that never came the repeat makes none.
      const isMade = fault === "lost";
      expect(ended.status).toBe(isMade ? "done" : "running");
      expect(ended.summary).toContain(isMade ? "compare there what is lost" : "cannot be seen yet");
      if (!isMade) expect(again.summary).toContain("Nothing was sent again");
      expect((await ids()).filter((id) => id === name)).toHaveLength(isMade ? 1 : 0);
    },
  );

  it("A28 brings back a cluster of Aurora with an instance to read it by, beside the old one", async () => {
    const { DBClusters = [] } = await direct.send(
      new DescribeDBClustersCommand({ DBClusterIdentifier: "shop" }),
    );
    const at = DBClusters[0]?.EarliestRestorableTime?.toISOString();
    const input = { of: "shop", name: "responder-shop-copy", at, instanceClass: "db.r6g.large" };
    const order = orderFor("restore-copy", input, clusterTarget);
    let outcome = await execute(order);
    expect(outcome.refusal).toBeNull();
    for (let look = 0; look < 4 && outcome.status === "running"; look += 1)
      outcome = await follow(order, outcome);
    expect(outcome.status).toBe("done");
    expect(await ids()).toEqual(expect.arrayContaining(["responder-shop-copy-1", "shop-1"]));
  });

  it("A28 brings nothing back over what is there, nor from a time that is not kept", async () => {
    const at = new Date(clock.now() - 3_600_000).toISOString();
    const name = "responder-orders-db-theirs";
    const theirs = { DBInstanceIdentifier: name, DBInstanceClass: "db.m7g.large", Engine: "postgres" };
    await direct.send(new CreateDBInstanceCommand({ ...theirs, AllocatedStorage: 20, ...master }));
    expect((await execute(orderFor("restore-copy", { name, at }))).refusal?.guard).toBe("name-taken");
    const later = new Date(clock.now() + 86_400_000).toISOString();
    expect((await execute(orderFor("restore-copy", { at: later }))).refusal?.guard).toBe("not-restorable");
    expect((await execute(orderFor("restore-copy", { name: "orders-db", at }))).refusal?.guard).toBe(
      "unknown-action",
    );
  });

  it("A29 sizes the pool of a proxy, proves it by what the proxy has, and takes it back", async () => {
    const order = orderFor("size-proxy-pool");
    const began = await execute(order);
    const done = await follow(order, began);
    expect(done).toMatchObject({ status: "done", undo: { actionId: "size-proxy-pool" } });
    expect(done.summary).toContain("60 % (20 % idle, 30 s to wait)");
    expect((await execute(order)).status).toBe("already-done");
    const back = orderFor("size-proxy-pool", JSON.parse(JSON.stringify(done.undo?.input)));
    expect((await follow(back, await execute(back))).summary).toContain("100 % (50 % idle, 120 s to wait)");
  });

  it("A29 changes no pool of another database, none that has changed since, and none that is not there", async () => {
    // The endpoint itself answers 500 for a proxy that it does not know.
    const unknown = { code: "DBProxyNotFoundFault", status: 404, message: "no such proxy" };
    await proxy.inject([
      { service: "rds", operation: "DescribeDBProxyTargetGroups", error: unknown, times: 1 },
    ]);
    expect((await execute(orderFor("size-proxy-pool"))).refusal?.guard).toBe("no-such-proxy");
    expect((await execute(orderFor("size-proxy-pool", {}, clusterTarget))).refusal?.guard).toBe(
      "another-database",
    );
    const from = { maxConnectionsPercent: 90, maxIdleConnectionsPercent: 50, borrowTimeoutSeconds: 120 };
    expect((await execute(orderFor("size-proxy-pool", { from }))).refusal?.guard).toBe("state-changed");
  });

  it.each(["lost", "hung", "reset", "throttled"] as const)(
    "Q9 A29 tells the truth of a call to the proxy that is %s",
    async (fault) => {
      const order = orderFor("size-proxy-pool");
      await proxy.inject([faultBefore("rds:ModifyDBProxyTargetGroup", fault, 1)]);
      const outcome = await execute(order);
      if (fault === "throttled") {
        expect(outcome).toMatchObject({ status: "refused", mayHaveActed: false });
        return;
      }
      clock.skip(130_000);
      const ended = await follow(order, outcome);
      expect(ended.status).toBe(fault === "lost" ? "done" : "failed");
      if (ended.undo === undefined) return;
      const back = orderFor("size-proxy-pool", JSON.parse(JSON.stringify(ended.undo.input)));
      expect((await follow(back, await execute(back))).status).toBe("done");
    },
  );
});
