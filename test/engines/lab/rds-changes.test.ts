import {
  CreateDBInstanceReadReplicaCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  DescribeEventsCommand,
  DescribeOrderableDBInstanceOptionsCommand,
  DescribeValidDBInstanceModificationsCommand,
  ModifyDBInstanceCommand,
  ModifyDBParameterGroupCommand,
  RebootDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../lab/engines/wait-until.ts";
import { type Lab, startLab } from "../../lab/rds/start-lab.ts";
import { askDatabase, clientOf } from "./rds-lab-support.ts";

describe("L2 changes of an instance reach its PostgreSQL 18", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ engine: "postgres", major: 18, topology: "single" });
  });
  afterAll(() => lab?.stop());
  afterEach(() => lab.inject());

  const id = { DBInstanceIdentifier: "orders-1" };
  const database = () => lab.database("orders-1");
  const pid = () => database().node.pid();
  const setting = (name: string) => askDatabase(database(), `select current_setting('${name}') as answer`);
  const described = async (name = "orders-1") => {
    const { DBInstances } = await clientOf(lab).send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }),
    );
    return DBInstances?.[0];
  };
  const setParameter = (
    ParameterName: string,
    ParameterValue: string,
    ApplyMethod: "immediate" | "pending-reboot",
  ) =>
    clientOf(lab).send(
      new ModifyDBParameterGroupCommand({
        DBParameterGroupName: "orders-parameters",
        Parameters: [{ ParameterName, ParameterValue, ApplyMethod }],
      }),
    );

  it("restarts the engine at a reboot and passes through `rebooting`", async () => {
    const before = pid();
    const { DBInstance } = await clientOf(lab).send(new RebootDBInstanceCommand(id));
    expect(DBInstance?.DBInstanceStatus).toBe("rebooting");
    await expect(clientOf(lab).send(new RebootDBInstanceCommand(id))).rejects.toMatchObject({
      name: "InvalidDBInstanceStateFault",
    });
    await lab.settled();
    expect((await described())?.DBInstanceStatus).toBe("available");
    expect(pid()).not.toBe(before);
    expect(await setting("server_version_num")).toMatch(/^18/);
  });

  it("tells of the restart as RDS does", async () => {
    const asked = { SourceType: "db-instance", SourceIdentifier: "orders-1" } as const;
    const { Events } = await clientOf(lab).send(new DescribeEventsCommand(asked));
    expect(Events?.map(({ Message }) => Message)).toContain("DB instance restarted");
  });

  it("offers classes and storage, and the parameters that the engine knows", async () => {
    const offered = { Engine: "postgres", EngineVersion: lab.version, DBInstanceClass: "db.r7g.xlarge" };
    const options = await clientOf(lab).send(new DescribeOrderableDBInstanceOptionsCommand(offered));
    expect(options.OrderableDBInstanceOptions).toMatchObject([{ MultiAZCapable: true, StorageType: "gp3" }]);
    const valid = await clientOf(lab).send(new DescribeValidDBInstanceModificationsCommand(id));
    expect(valid.ValidDBInstanceModificationsMessage?.Storage?.[0]).toMatchObject({ StorageType: "gp3" });
    const group = { DBParameterGroupName: "orders-parameters" };
    const { Parameters = [] } = await clientOf(lab).send(new DescribeDBParametersCommand(group));
    const kinds = new Map(Parameters.map(({ ParameterName, ApplyType }) => [ParameterName, ApplyType]));
    expect([kinds.get("work_mem"), kinds.get("shared_buffers")]).toEqual(["dynamic", "static"]);
  });

  it("refuses to fail over an instance without a standby", async () => {
    const call = clientOf(lab).send(new RebootDBInstanceCommand({ ...id, ForceFailover: true }));
    await expect(call).rejects.toThrow("not a Multi-AZ");
  });

  it("puts a dynamic parameter in force at once and a static one at the reboot", async () => {
    await setParameter("work_mem", "8192", "immediate");
    await lab.settled();
    expect(await setting("work_mem")).toBe("8MB");
    await expect(setParameter("max_connections", "77", "immediate")).rejects.toThrow("static");
    await expect(setParameter("no_such_thing", "1", "immediate")).rejects.toThrow("Could not find");
    await setParameter("max_connections", "77", "pending-reboot");
    await lab.settled();
    expect(await setting("max_connections")).toBe("100");
    expect((await described())?.DBParameterGroups?.[0]?.ParameterApplyStatus).toBe("pending-reboot");
    await clientOf(lab).send(new RebootDBInstanceCommand(id));
    await lab.settled();
    expect(await setting("max_connections")).toBe("77");
    expect((await described())?.DBParameterGroups?.[0]?.ParameterApplyStatus).toBe("in-sync");
  });

  it("keeps a change pending until it is applied, then restarts for a class and optimizes for storage", async () => {
    const before = pid();
    const change = { ...id, DBInstanceClass: "db.m7g.xlarge", AllocatedStorage: 120 };
    await clientOf(lab).send(new ModifyDBInstanceCommand(change));
    expect((await described())?.PendingModifiedValues).toMatchObject({ DBInstanceClass: "db.m7g.xlarge" });
    expect(pid()).toBe(before);
    await clientOf(lab).send(new ModifyDBInstanceCommand({ ...id, ApplyImmediately: true }));
    expect((await described())?.DBInstanceStatus).toBe("modifying");
    await waitUntil(async () => (await described())?.DBInstanceStatus === "storage-optimization", {
      what: "storage is optimized",
    });
    await lab.settled();
    expect(await described()).toMatchObject({ DBInstanceClass: "db.m7g.xlarge", AllocatedStorage: 120 });
    expect(pid()).not.toBe(before);
  });

  it("makes a replica of a running database, with an identity of its own, and deletes it with its engine", async () => {
    await askDatabase(database(), "create table if not exists rows as select 1 as number");
    const made = { DBInstanceIdentifier: "orders-copy", SourceDBInstanceIdentifier: "orders-1" };
    const { DBInstance } = await clientOf(lab).send(new CreateDBInstanceReadReplicaCommand(made));
    expect(DBInstance).toMatchObject({ DBInstanceStatus: "creating" });
    expect(DBInstance?.Endpoint).toBeUndefined();
    await lab.settled();
    const copy = lab.database("orders-copy");
    await waitUntil(() => askDatabase(copy, "select number as answer from rows"), {
      what: "the row arrives",
    });
    expect((await described("orders-copy"))?.DbiResourceId).not.toBe((await described())?.DbiResourceId);
    const gone = copy.node;
    await clientOf(lab).send(
      new DeleteDBInstanceCommand({ DBInstanceIdentifier: "orders-copy", SkipFinalSnapshot: true }),
    );
    await lab.settled();
    expect(gone.pid()).toBeNull();
    expect((await described())?.ReadReplicaDBInstanceIdentifiers).toEqual([]);
  });

  it("gives a database another name at the same address", async () => {
    const renamed = { ...id, NewDBInstanceIdentifier: "orders-old", ApplyImmediately: true };
    await clientOf(lab).send(new ModifyDBInstanceCommand(renamed));
    await lab.settled();
    expect(await askDatabase(lab.database("orders-old"), "select 1 as answer")).toBe("1");
    await expect(described()).rejects.toMatchObject({ name: "DBInstanceNotFoundFault" });
    const back = {
      DBInstanceIdentifier: "orders-old",
      NewDBInstanceIdentifier: "orders-1",
      ApplyImmediately: true,
    };
    await clientOf(lab).send(new ModifyDBInstanceCommand(back));
    await lab.settled();
    expect((await described())?.DBInstanceStatus).toBe("available");
  });
});
