import { DescribeDBInstancesCommand, PromoteReadReplicaCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../lab/engines/wait-until.ts";
import { type Lab, startLab } from "../../lab/rds/start-lab.ts";
import { askDatabase, clientOf } from "./rds-lab-support.ts";

describe("L2 the lab's RDS with a primary and a replica of PostgreSQL 17", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ engine: "postgres", topology: "primary-replica" });
  });
  afterAll(() => lab?.stop());

  it("answers with addresses where the engines answer, and with who follows whom", async () => {
    const { DBInstances } = await clientOf(lab).send(new DescribeDBInstancesCommand({}));
    expect(DBInstances).toMatchObject([
      {
        DBInstanceIdentifier: "orders-1",
        DBInstanceStatus: "available",
        ReadReplicaDBInstanceIdentifiers: ["orders-2"],
      },
      { DBInstanceIdentifier: "orders-2", ReadReplicaSourceDBInstanceIdentifier: "orders-1" },
    ]);
    expect(await askDatabase(lab.database("orders-1"), "select pg_is_in_recovery()::text as answer")).toBe(
      "false",
    );
    expect(await askDatabase(lab.database("orders-2"), "select pg_is_in_recovery()::text as answer")).toBe(
      "true",
    );
  });

  it("promotes the engine: what was written is there, and it takes writes", async () => {
    const [primary, replica] = [lab.database("orders-1"), lab.database("orders-2")];
    await askDatabase(primary, "create table rows as select 1 as number");
    await waitUntil(() => askDatabase(replica, "select number::text as answer from rows"), {
      what: "the row arrives",
    });
    const { DBInstance } = await clientOf(lab).send(
      new PromoteReadReplicaCommand({ DBInstanceIdentifier: "orders-2", BackupRetentionPeriod: 7 }),
    );
    expect(DBInstance?.DBInstanceStatus).toBe("modifying");
    await lab.settled();
    await askDatabase(replica, "insert into rows values (2)");
    expect(await askDatabase(replica, "select count(*)::text as answer from rows")).toBe("2");
    const { DBInstances } = await clientOf(lab).send(new DescribeDBInstancesCommand({}));
    expect(DBInstances?.map((one) => one.ReadReplicaSourceDBInstanceIdentifier)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("refuses to promote what follows nobody, and what is not there", async () => {
    const promote = (id: string) =>
      clientOf(lab).send(new PromoteReadReplicaCommand({ DBInstanceIdentifier: id }));
    await expect(promote("orders-1")).rejects.toThrow("not a read replica");
    await expect(promote("nobody")).rejects.toMatchObject({ name: "DBInstanceNotFoundFault" });
  });
});
