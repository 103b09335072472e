import {
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  PromoteReadReplicaCommand,
} from "@aws-sdk/client-rds";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/wait-until.ts";
import { type Lab, startLab } from "../../lab/rds/start-lab.ts";
import { askDatabase, askEc2, clientOf } from "./rds-lab-support.ts";

describe("L2 the network, the signals and the faults of the lab", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ engine: "postgres", topology: "primary-replica" });
    await askDatabase(lab.database("orders-1"), "create table rows (number int)");
  });
  afterAll(() => lab?.stop());
  afterEach(() => lab.inject());

  const primary = () => lab.database("orders-1");
  const rows = (id: string) => askDatabase(lab.database(id), "select count(*) as answer from rows");
  const describe1 = () =>
    clientOf(lab).send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "orders-1" }));
  const promote = () =>
    clientOf(lab).send(new PromoteReadReplicaCommand({ DBInstanceIdentifier: "orders-2" }));

  it("cuts one client off and not the others, and lets what waited through when it is mended", async () => {
    const door = await primary().doors.open("shop");
    const shop = new Client({ connectionString: labUrl("postgres", door.port, "admin") });
    await shop.connect();
    primary().doors.cut("shop");
    let answered = false;
    const waiting = shop.query("select 1 as answer").then(() => {
      answered = true;
    });
    expect(await askDatabase(primary(), "select 1 as answer")).toBe("1");
    expect(answered).toBe(false);
    primary().doors.heal("shop");
    await waiting;
    await shop.end();
  });

  it("cuts one way only: the statement arrives, its answer does not", async () => {
    const door = await primary().doors.open("one way");
    const client = new Client({ connectionString: labUrl("postgres", door.port, "admin") });
    await client.connect();
    primary().doors.cut("one way", "from-database");
    const insert = client.query("insert into rows values (1)");
    await waitUntil(async () => (await rows("orders-1")) === "1", { what: "the row is written" });
    primary().doors.heal("one way");
    expect((await insert).rowCount).toBe(1);
    await client.end();
  });

  it("cuts a replica off its primary", async () => {
    const link = `replica:${lab.database("orders-2").node.name}`;
    primary().doors.cut(link);
    const before = await rows("orders-2");
    await askDatabase(primary(), "insert into rows values (2)");
    expect(await rows("orders-2")).toBe(before);
    primary().doors.heal(link);
    await waitUntil(async () => (await rows("orders-2")) === (await rows("orders-1")), {
      what: "the replica has caught up",
      timeoutMs: 30_000,
    });
  });

  it("keeps clients out once the last rule of the security group is gone", async () => {
    const { DBInstances } = await describe1();
    const GroupId = DBInstances?.[0]?.VpcSecurityGroups?.[0]?.VpcSecurityGroupId ?? "";
    const range = { "IpPermissions.1.IpProtocol": "tcp", "IpPermissions.1.IpRanges.1.CidrIp": "127.0.0.0/8" };
    const rule = { GroupId, ...range, "IpPermissions.1.FromPort": "1024", "IpPermissions.1.ToPort": "65535" };
    expect(await askEc2(lab, "RevokeSecurityGroupIngress", rule)).toBe(200);
    await expect(rows("orders-1")).rejects.toThrow("timeout");
    expect(await askEc2(lab, "AuthorizeSecurityGroupIngress", rule)).toBe(200);
    expect(await rows("orders-1")).not.toBe("");
  });

  it("refuses connections while the engine is dead, and brings it back at the same address", async () => {
    const { node, doors } = primary();
    expect(node.signal("SIGKILL")).toBe(true);
    await waitUntil(() => node.pid() === null, { what: "the engine is dead" });
    await doors.running(false);
    await expect(rows("orders-1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await node.start();
    await doors.running(true);
    expect(await rows("orders-1")).not.toBe("");
  });

  it("hangs while the engine is frozen and goes on when it wakes", async () => {
    const { node } = primary();
    const client = new Client({ connectionString: labUrl("postgres", primary().endpoint.port, "admin") });
    await client.connect();
    node.signal("SIGSTOP");
    await expect(rows("orders-1")).rejects.toThrow("timeout");
    node.signal("SIGCONT");
    await client.query("select 1");
    await client.end();
  });

  it.each([
    ["throttled", "Throttling"],
    ["insufficient-capacity", "InsufficientDBInstanceCapacityFault"],
    ["refused", "AccessDenied"],
  ] as const)("answers a call that is %s without an effect", async (fault, name) => {
    lab.inject({ operation: "DescribeDBInstances", fault, nth: 2 });
    await describe1();
    await expect(describe1()).rejects.toMatchObject({ name });
    await describe1();
  });

  it("answers late when told", async () => {
    lab.inject({ operation: "DescribeDBInstances", fault: "late", delayMs: 300 });
    const started = performance.now();
    await describe1();
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  it("never answers a call that hangs, and has done nothing", async () => {
    lab.inject({ operation: "PromoteReadReplica", fault: "hung" });
    const gaveUp = AbortSignal.timeout(500);
    const command = new PromoteReadReplicaCommand({ DBInstanceIdentifier: "orders-2" });
    await expect(clientOf(lab).send(command, { abortSignal: gaveUp })).rejects.toThrow();
    expect(lab.database("orders-2").source).toBe(primary());
  });

  it("accepts a change that never finishes", async () => {
    lab.inject({ operation: "ModifyDBInstance", fault: "never-finishes" });
    const change = {
      DBInstanceIdentifier: "orders-1",
      DBInstanceClass: "db.m7g.2xlarge",
      ApplyImmediately: true,
    };
    await clientOf(lab).send(new ModifyDBInstanceCommand(change));
    await lab.settled();
    const { DBInstances } = await describe1();
    expect(DBInstances?.[0]).toMatchObject({
      DBInstanceStatus: "modifying",
      DBInstanceClass: "db.m7g.large",
    });
    expect(lab.ledger().at(-1)).toMatchObject({ operation: "ModifyDBInstance", what: "never finishes" });
  });

  it("loses the answer after the change", async () => {
    lab.inject({ operation: "PromoteReadReplica", fault: "answer-lost" });
    await expect(promote()).rejects.toThrow();
    await lab.settled();
    expect(
      await askDatabase(lab.database("orders-2"), "insert into rows values (9) returning number as answer"),
    ).toBe("9");
  });
});
