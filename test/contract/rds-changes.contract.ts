import { expect, it } from "vitest";
import type { RdsChanges } from "../../functions/core/change-ports.ts";
import { AwsError } from "../../functions/core/errors.ts";

/** RDS that holds `orders-db`: PostgreSQL on db.m7g.large with 100 GiB. */
export interface ChangesUnderTest {
  readonly rds: RdsChanges;
  /** What was begun has ended when this resolves. */
  settle(): Promise<void>;
}

const orders = { kind: "instance", id: "orders-db" } as const;

export function rdsChangesContract(make: () => Promise<ChangesUnderTest>): void {
  it("A20 describes an instance by the names of the parameters that change it", async () => {
    const { rds } = await make();
    const state = await rds.describe(orders);
    expect(state).toMatchObject({
      ...{ kind: "instance", id: "orders-db", status: "available", engine: "postgres", pending: [] },
      storageOperation: null,
      has: { DBInstanceClass: "db.m7g.large", AllocatedStorage: 100 },
    });
    expect(state?.resourceId).toMatch(/^db-/);
  });

  it.each([
    { kind: "instance", id: "nobody" },
    { kind: "cluster", id: "nobody" },
  ] as const)("A20 knows no $kind of another name", async (of) => {
    const { rds } = await make();
    expect(await rds.describe(of)).toBeNull();
    expect(await rds.snapshot(of)).toBeNull();
  });

  it("A20 changes the class, and shows it in the end", async () => {
    const { rds, settle } = await make();
    await rds.send({
      operation: "ModifyDBInstance",
      input: { DBInstanceIdentifier: "orders-db", DBInstanceClass: "db.m7g.xlarge", ApplyImmediately: true },
    });
    await settle();
    expect((await rds.describe(orders))?.has).toMatchObject({ DBInstanceClass: "db.m7g.xlarge" });
  });

  it("A27 makes a snapshot that is there by its name", async () => {
    const { rds, settle } = await make();
    const name = "orders-db-2026112109";
    await rds.send({
      operation: "CreateDBSnapshot",
      input: { DBInstanceIdentifier: "orders-db", DBSnapshotIdentifier: name },
    });
    await settle();
    const snapshot = await rds.snapshot({ kind: "instance", id: name });
    expect(snapshot?.status).toBe("available");
    expect(snapshot?.of).toBe("orders-db");
    expect(Date.parse(snapshot?.createdAt ?? "")).not.toBeNaN();
  });

  it("A26 restarts, and is available again", async () => {
    const { rds, settle } = await make();
    await rds.send({ operation: "RebootDBInstance", input: { DBInstanceIdentifier: "orders-db" } });
    await settle();
    expect((await rds.describe(orders))?.status).toBe("available");
  });

  it("A0 says that RDS refused, and by which name", async () => {
    const { rds } = await make();
    const sent = rds.send({ operation: "RebootDBInstance", input: { DBInstanceIdentifier: "nobody" } });
    await expect(sent).rejects.toThrow(AwsError);
    await expect(sent).rejects.toMatchObject({ code: "DBInstanceNotFoundFault", refused: true });
  });
}
