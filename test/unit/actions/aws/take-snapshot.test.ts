import { describe, expect, it } from "vitest";
import { AwsError } from "../../../../functions/core/errors.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { aChangeable, anAwsOrder, awsInputs } from "../../../support/rds-builder.ts";

const order = anAwsOrder("take-snapshot");
const { name } = awsInputs["take-snapshot"];
const callFor = (id: string) =>
  ({
    operation: "CreateDBSnapshot",
    input: { DBInstanceIdentifier: id, DBSnapshotIdentifier: name },
  }) as const;

describe("A27 a snapshot of that name that is there already", () => {
  it("is not this order's when it is older", async () => {
    const { rds, clock, execute } = awsWorld();
    await rds.send(callFor("orders-db"));
    rds.settle();
    await clock.advance(5000);
    const issuedAt = new Date(clock.now()).toISOString();
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    const { refusal, mayHaveActed } = await execute({ ...order, issuedAt, expiresAt });
    expect(refusal).toMatchObject({ guard: "name-taken", reason: expect.stringContaining("of orders-db") });
    expect(mayHaveActed).toBe(false);
    expect(rds.sent).toHaveLength(1);
  });

  it.each([false, true])(
    "is not this order's when it is of another database (repeated: %s)",
    async (repeated) => {
      const { rds, execute } = awsWorld();
      rds.databases.push(aChangeable({ id: "bills-db", resourceId: "db-BILLS" }));
      await rds.send(callFor("bills-db"));
      const { refusal } = await execute(order, { repeated });
      expect(refusal).toMatchObject({ guard: "name-taken", reason: expect.stringContaining("of bills-db") });
      expect(rds.sent).toHaveLength(1);
    },
  );

  it("is of no database but the one that was permitted", async () => {
    const { rds, execute } = awsWorld();
    rds.databases.push(aChangeable({ id: "bills-db", resourceId: "db-BILLS" }));
    await rds.send(callFor("bills-db"));
    const { refusal } = await execute(anAwsOrder("take-snapshot", {}, { of: "bills-db" }));
    expect(refusal?.guard).toBe("another-database");
  });

  it("is told to be another's when RDS says so after the call", async () => {
    const { execute, follow } = awsWorld();
    const began = await execute(order);
    const bills = awsWorld({ id: "bills-db", resourceId: "db-BILLS" });
    await bills.rds.send(callFor("bills-db"));
    const ended = await bills.follow(order, began);
    expect(ended).toMatchObject({ status: "failed", summary: expect.stringContaining("is of bills-db") });
    expect((await follow(order, began)).status).toBe("running");
  });
});

describe("A27 a snapshot, again after an attempt that died", () => {
  it("is looked for when RDS takes no such call by now", async () => {
    const { rds, clock, execute, follow } = awsWorld({ status: "modifying" });
    rds.answers.push(new AwsError("InvalidDBInstanceState", true, "is backing-up"));
    const again = await execute(order, { repeated: true });
    expect(again).toMatchObject({ status: "running", mayHaveActed: true });
    await clock.advance(121_000);
    expect(await follow(order, again)).toMatchObject({ status: "failed", mayHaveActed: true });
  });
});
