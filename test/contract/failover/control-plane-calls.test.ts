import { describe, expect, it } from "vitest";
import { createRdsChangeClient, createRdsClient } from "../../../functions/adapters/aws/clients.ts";
import type { Admitted } from "../../../functions/adapters/aws/failover/failover-reach.ts";
import { createRdsControlPlane } from "../../../functions/adapters/aws/failover/rds-control-plane.ts";
import { AwsError } from "../../../functions/core/errors.ts";
import { type Behaviour, type LoopbackRequest, startLoopback } from "../loopback.ts";

const stamp = { run: "run-1", token: 1, effect: 1 };

function planeAt(
  endpoint: string,
  admit: (what: Admitted) => void = () => undefined,
  retract: (what: Admitted) => void = () => undefined,
) {
  return createRdsControlPlane({
    region: "eu-west-1",
    at: (region) => ({
      reads: createRdsClient({ region, endpoint }),
      writes: createRdsChangeClient({ region, endpoint }),
      metrics: { read: async () => ({ series: [], missing: [] }) },
    }),
    clock: { now: () => 0, sleep: async () => undefined },
    records: {
      admit: async (_, what) => admit(what),
      retract: async (_, what) => retract(what),
      read: async (group) => ({ group, promoted: [], lastCallAt: null }),
    },
    places: async () => ({ names: [], quarantineGroup: null }),
  });
}

function answer(operation: string, body: string): Behaviour {
  const result = `<${operation}Result>${body}</${operation}Result>`;
  const xmlns = "http://rds.amazonaws.com/doc/2014-10-31/";
  return {
    status: 200,
    headers: { "content-type": "text/xml" },
    body: `<${operation}Response xmlns="${xmlns}">${result}</${operation}Response>`,
  };
}

function operationOf({ body }: LoopbackRequest): URLSearchParams {
  return new URLSearchParams(body.toString());
}

/** RDS that answers every call, describes one instance, and keeps what it was asked for. */
async function rdsWith(pending: string) {
  const orders = `<DBInstance><DBInstanceIdentifier>orders-db</DBInstanceIdentifier>
    <DBInstanceClass>db.r7g.large</DBInstanceClass><DbiResourceId>db-1</DbiResourceId>
    <DBInstanceArn>arn:aws:rds:eu-west-1:123456789012:db:orders-db</DBInstanceArn>
    <PendingModifiedValues>${pending}</PendingModifiedValues>
    <VpcSecurityGroups><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-app</VpcSecurityGroupId>
    </VpcSecurityGroupMembership></VpcSecurityGroups>
    <TagList><Tag><Key>rds-responder</Key><Value>true</Value></Tag><Tag><Key>aws:x</Key><Value>y</Value></Tag>
    </TagList></DBInstance>`;
  const { endpoint, requests } = await startLoopback((request) => {
    const operation = operationOf(request).get("Action") ?? "";
    return answer(
      operation,
      operation === "DescribeDBInstances" ? `<DBInstances>${orders}</DBInstances>` : "",
    );
  });
  const sent = () => Object.fromEntries(requests.map(operationOf).at(-1) ?? []);
  return { plane: planeAt(endpoint), sent, requests };
}

describe("what a failover sends to RDS", () => {
  it("F5 changes groups at once, and lets other changes wait where some do", async () => {
    const free = await rdsWith("");
    await free.plane.setSecurityGroups("orders-db", ["sg-quarantine"], stamp);
    expect(free.sent()).toMatchObject({
      ...{ Action: "ModifyDBInstance", ApplyImmediately: "true" },
      "VpcSecurityGroupIds.VpcSecurityGroupId.1": "sg-quarantine",
    });
    const waiting = await rdsWith("<AllocatedStorage>200</AllocatedStorage>");
    await waiting.plane.setSecurityGroups("orders-db", ["sg-quarantine"], stamp);
    expect(waiting.sent()).toMatchObject({ Action: "ModifyDBInstance", ApplyImmediately: "false" });
  });

  it("F2 names the one who is to write, or nobody where RDS chooses", async () => {
    const { plane, sent } = await rdsWith("");
    await plane.failOverCluster("shop", "shop-2", stamp);
    expect(sent()).toMatchObject({ Action: "FailoverDBCluster", TargetDBInstanceIdentifier: "shop-2" });
    await plane.failOverCluster("shop", null, stamp);
    expect(sent()).not.toHaveProperty("TargetDBInstanceIdentifier");
    await plane.rebootWithFailover("orders-db", stamp);
    expect(sent()).toMatchObject({ Action: "RebootDBInstance", ForceFailover: "true" });
    await plane.restart("orders-db", stamp);
    expect(sent()).toMatchObject({ Action: "RebootDBInstance", ForceFailover: "false" });
  });

  it("F2 loses data of a global database only where that is what was asked for", async () => {
    const { plane, sent } = await rdsWith("");
    const to = "arn:aws:rds:us-east-1:123456789012:cluster:shop";
    await plane.switchOverGlobal("world", to, stamp);
    expect(sent()).toMatchObject({ Action: "SwitchoverGlobalCluster", TargetDbClusterIdentifier: to });
    await plane.failOverGlobal("world", to, stamp);
    expect(sent()).toMatchObject({ Action: "FailoverGlobalCluster", AllowDataLoss: "true" });
  });

  it("F6 makes a replica as its source is, without what belongs to AWS", async () => {
    const { plane, sent } = await rdsWith("");
    await plane.createReplica("orders-db", "orders-db-replica", stamp);
    expect(sent()).toMatchObject({
      ...{ Action: "CreateDBInstanceReadReplica", SourceDBInstanceIdentifier: "orders-db" },
      ...{ DBInstanceIdentifier: "orders-db-replica", DBInstanceClass: "db.r7g.large" },
      ...{ "VpcSecurityGroupIds.VpcSecurityGroupId.1": "sg-app", "Tags.Tag.1.Key": "rds-responder" },
    });
    expect(sent()).not.toHaveProperty("Tags.Tag.2.Key");
  });

  it("F4 sends nothing to RDS that was not admitted, and says that it was refused", async () => {
    const { requests, endpoint } = await startLoopback(() => answer("RebootDBInstance", ""));
    const plane = planeAt(endpoint, () => {
      throw new AwsError("Deposed", true, "token 1 is old");
    });
    await expect(plane.restart("orders-db", stamp)).rejects.toMatchObject({ code: "Deposed", refused: true });
    expect(requests).toEqual([]);
  });

  it("F4 takes back from the record what RDS refused for certain, and nothing of what may have happened", async () => {
    const refusal = `<ErrorResponse><Error><Type>Sender</Type><Code>InvalidDBClusterStateFault</Code>
      <Message>not now</Message></Error></ErrorResponse>`;
    const back: string[] = [];
    const promote = async (behave: Behaviour) => {
      const instance = `<DBInstances><DBInstance><DBInstanceIdentifier>orders-db-1</DBInstanceIdentifier>
        <DbiResourceId>db-1</DbiResourceId></DBInstance></DBInstances>`;
      const { endpoint } = await startLoopback((request) =>
        operationOf(request).get("Action") === "DescribeDBInstances"
          ? answer("DescribeDBInstances", instance)
          : behave,
      );
      const plane = planeAt(endpoint, undefined, ({ kind }) => back.push(kind));
      await expect(plane.promoteReplica("orders-db-1", stamp)).rejects.toBeInstanceOf(AwsError);
      await expect(plane.failOverCluster("shop", null, stamp)).rejects.toBeInstanceOf(AwsError);
    };
    await promote("hang-up");
    expect(back).toEqual([]);
    await promote({ status: 400, headers: { "content-type": "text/xml" }, body: refusal });
    expect(back).toEqual(["promotion", "failover"]);
  });

  it("F7 nobody knows whether it was carried out when no answer came, and it is sent once", async () => {
    const { endpoint, requests } = await startLoopback(() => "hang-up");
    await expect(planeAt(endpoint).rebootWithFailover("orders-db", stamp)).rejects.toMatchObject({
      refused: false,
    });
    expect(requests).toHaveLength(1);
  });

  it("F1 throws when RDS does not answer to the end", async () => {
    await expect(planeAt("http://127.0.0.1:9").describe("orders-db")).rejects.toMatchObject({
      refused: false,
    });
  });
});
