import { describe, expect, it } from "vitest";
import type { MadeDatabase } from "../../../../functions/core/change-ports.ts";
import { AwsError } from "../../../../functions/core/errors.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { aChangeable, anAwsOrder, awsInputs, changeableTarget } from "../../../support/rds-builder.ts";

const { name, resourceId } = awsInputs["remove-reader"];

function aReader(overrides: Partial<MadeDatabase> = {}): MadeDatabase {
  return {
    ...{ id: name, resourceId, status: "available", clusterId: null, sourceId: "orders-db" },
    ...{ isWriter: null, instanceClass: "db.m7g.large", isProtected: false, createdAt: null },
    restorable: { from: null, to: null },
    tags: { "rds-responder:made": "reader" },
    ...overrides,
  };
}

function worldWith(reader: MadeDatabase) {
  const world = awsWorld();
  world.rds.beside.made.push(reader);
  return world;
}

describe("A22 a reader that is removed", () => {
  it.each<[string, Partial<MadeDatabase>]>([
    ["somebody else made it", { tags: {} }],
    ["it is a copy, no reader", { tags: { "rds-responder:made": "copy" } }],
    ["it was promoted", { sourceId: null }],
    ["it follows another database", { sourceId: "bills-db" }],
    ["it was made anew by that name", { resourceId: "db-OTHER" }],
    ["it is protected against deletion", { isProtected: true }],
  ])("stays when %s", async (_why, reader) => {
    const { rds, execute } = worldWith(aReader(reader));
    const { refusal } = await execute(anAwsOrder("remove-reader"));
    expect(refusal?.guard).toBe("not-our-reader");
    expect(rds.sent).toEqual([]);
  });

  it.each([true, null])("stays when it is the writer of its cluster, or may be (%s)", async (isWriter) => {
    const { rds, execute } = worldWith(aReader({ sourceId: null, clusterId: "shop", isWriter }));
    const target = { ...changeableTarget, flavour: "aurora" as const, clusterId: "shop" };
    const { refusal } = await execute(anAwsOrder("remove-reader", { target }, { of: "shop" }));
    expect(refusal?.reason).toContain("the writer of shop");
    expect(rds.sent).toEqual([]);
  });

  it("is gone when RDS shows it no more, and a repeat finds nothing to do", async () => {
    const { rds, execute, follow } = worldWith(aReader());
    const order = anAwsOrder("remove-reader");
    const began = await execute(order);
    expect((await follow(order, began)).status).toBe("running");
    rds.settle();
    expect(await follow(order, began)).toMatchObject({ status: "done", undo: { actionId: "add-reader" } });
    expect((await execute(order, { repeated: true })).status).toBe("already-done");
    expect(rds.sent).toHaveLength(1);
  });

  it("is not said to be gone while somebody deletes it", async () => {
    const { rds, execute } = worldWith(aReader({ status: "deleting" }));
    const outcome = await execute(anAwsOrder("remove-reader"));
    expect(outcome).toMatchObject({ status: "not-verified", mayHaveActed: false });
    expect(outcome.summary).toContain("is not gone yet");
    expect(rds.sent).toEqual([]);
  });

  it("is followed by a repeat while it goes, and not asked for again", async () => {
    const { rds, execute, follow } = worldWith(aReader());
    const order = anAwsOrder("remove-reader");
    await execute(order);
    const again = await execute(order, { repeated: true });
    expect(again).toMatchObject({ status: "running", mayHaveActed: true });
    expect(rds.sent).toHaveLength(1);
    rds.settle();
    expect((await follow(order, again)).status).toBe("done");
  });

  it("has failed to go when RDS shows it as before", async () => {
    const { rds, clock, execute, follow } = worldWith(aReader());
    rds.answers.push(new AwsError("TimeoutError", false, "socket hang up"));
    const order = anAwsOrder("remove-reader");
    const began = await execute(order);
    await clock.advance(301_000);
    expect((await follow(order, began)).status).toBe("failed");
  });
});

describe("A22 a reader that is added", () => {
  it("is sent once, followed, and done when it is available", async () => {
    const { rds, execute, follow } = awsWorld();
    const order = anAwsOrder("add-reader");
    const began = await execute(order);
    expect(rds.sent).toEqual([
      {
        operation: "CreateDBInstanceReadReplica",
        input: {
          ...{ SourceDBInstanceIdentifier: "orders-db", DBInstanceIdentifier: name },
          ...{ DBInstanceClass: "db.m7g.large", Tags: [{ Key: "rds-responder:made", Value: "reader" }] },
        },
      },
    ]);
    expect((await execute(order, { repeated: true })).status).toBe("running");
    expect((await follow(order, began)).status).toBe("running");
    rds.settle();
    expect(await follow(order, began)).toMatchObject({ status: "done", undo: { actionId: "remove-reader" } });
    expect(rds.sent).toHaveLength(1);
  });

  it.each([
    ["another-database", { of: "bills-db" }, {}],
    ["unknown-action", { name: "orders-db-2" }, {}],
    ["unknown-action", { name: "responder-orders--db" }, {}],
    ["class-ceiling", { instanceClass: "db.m7g.16xlarge" }, { maxInstanceClass: "db.r7g.4xlarge" }],
    ["never-alone", {}, { unasked: true }],
  ])("is refused by %s for %j", async (guard, input, guards) => {
    const { rds, execute } = awsWorld();
    rds.databases.push(aChangeable({ id: "bills-db", resourceId: "db-BILLS" }));
    const order = anAwsOrder("add-reader", {}, input);
    const { refusal } = await execute({ ...order, guards: { ...order.guards, ...guards } });
    expect(refusal?.guard).toBe(guard);
    expect(rds.sent).toEqual([]);
  });

  it("is refused while its source takes no call", async () => {
    const { execute } = awsWorld({ status: "modifying" });
    expect((await execute(anAwsOrder("add-reader"))).refusal?.guard).toBe("database-status");
  });
});
