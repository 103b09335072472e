import { describe, expect, it } from "vitest";
import { AwsError } from "../../../../functions/core/errors.ts";
import { awsWorld as world } from "../../../support/aws-world.ts";
import { aChangeable, anAwsOrder } from "../../../support/rds-builder.ts";

const id = "own-parameter-group";
const name = "responder-orders-db-17";
const throttled = new AwsError("Throttling", true, "Rate exceeded");
const denied = new AwsError("AccessDenied", true, "is not authorized");
const defaults = { parameterGroups: [{ name: "default.postgres17", status: "in-sync" }] };
const madeBy = (orderId: string) => [
  { Key: "rds-responder:made", Value: "group" },
  { Key: "rds-responder:order", Value: orderId },
];
const json = (value: unknown) => JSON.parse(JSON.stringify(value ?? null));

describe("A24 a parameter group of its own", () => {
  it("is a copy with the value, used by this database alone, and goes back by its undo", async () => {
    const { rds, execute, follow } = world();
    rds.databases.push(aChangeable({ id: "bills-db", resourceId: "db-BILLS" }));
    const order = anAwsOrder(id);
    const began = await execute(order);
    expect(began).toMatchObject({ status: "running", mayHaveActed: true });
    expect(began.steps.map(({ says }) => says).join(" ")).toContain("used by bills-db, too: they keep it");
    expect(rds.sent.map(({ operation }) => operation)).toEqual([
      ...["CopyDBParameterGroup", "ModifyDBParameterGroup", "ModifyDBInstance"],
    ]);
    expect((await follow(order, began)).status).toBe("running");
    rds.settle();
    const done = await follow(order, began);
    expect(done).toMatchObject({ status: "done", undo: { actionId: "use-parameter-group" } });
    expect(done.summary).toContain("count after a restart");
    expect(rds.databases[1]?.parameterGroups).toMatchObject([{ name: "orders-17" }]);
    const back = anAwsOrder("use-parameter-group", {}, json(done.undo?.input));
    const backBegan = await execute(back);
    rds.settle();
    const undone = await follow(back, backBegan);
    expect(undone).toMatchObject({ status: "done", undo: { input: { from: "orders-17", to: name } } });
    expect(rds.databases[0]?.parameterGroups).toMatchObject([{ name: "orders-17" }]);
    expect((await execute(back)).status).toBe("already-done");
  });

  it("is made of the family where its group is a default one", async () => {
    const { rds, execute } = world(defaults);
    await execute(anAwsOrder(id, {}, { group: "default.postgres17" }));
    expect(rds.sent[0]).toMatchObject({
      operation: "CreateDBParameterGroup",
      input: { DBParameterGroupName: name, DBParameterGroupFamily: "postgres17" },
    });
  });

  it("is gone on with by a later look, where it was cut, and by a repeat up to what cannot be told to be new", async () => {
    const { rds, clock, execute, follow } = world();
    const order = anAwsOrder(id);
    rds.answers.push("lost");
    const began = await execute(order);
    expect(began).toMatchObject({ status: "running" });
    expect(rds.sent).toHaveLength(1);
    expect((await follow(order, began)).status).toBe("running");
    expect(rds.sent).toHaveLength(2);
    // An attempt that nobody heard of may have given it, and somebody have set it back.
    const again = await execute(order, { repeated: true });
    expect(rds.sent).toHaveLength(2);
    await clock.advance(121_000);
    const left = await follow(order, again);
    expect(left).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(left.summary).toContain("Next: aws rds modify-db-instance");
    const goesOn = await follow(order, began);
    expect(rds.sent.map(({ operation }) => operation)).toEqual([
      ...["CopyDBParameterGroup", "ModifyDBParameterGroup", "ModifyDBInstance"],
    ]);
    rds.settle();
    expect((await follow(order, goesOn)).status).toBe("done");
  });

  it("is refused where nothing was made, and has failed where the database keeps its group", async () => {
    const first = world();
    first.rds.answers.push(throttled);
    const order = anAwsOrder(id);
    expect(await first.execute(order)).toMatchObject({
      ...{ status: "refused", mayHaveActed: false, refusal: { guard: "rds-not-now" } },
    });
    const second = world();
    await second.rds.send({
      operation: "CopyDBParameterGroup",
      input: {
        ...{ SourceDBParameterGroupIdentifier: "orders-17", TargetDBParameterGroupIdentifier: name },
        Tags: madeBy("ord-1"),
      },
    });
    second.rds.answers.push(denied);
    const repeated = await second.execute(order, { repeated: true });
    expect(repeated).toMatchObject({ status: "running", mayHaveActed: true });
    const sent = second.rds.sent.length;
    await second.clock.advance(121_000);
    const failed = await second.follow(order, repeated);
    expect(failed).toMatchObject({ status: "failed" });
    expect(failed.summary).toContain("Nothing was sent again");
    expect(second.rds.sent).toHaveLength(sent);
  });

  it("has failed when nothing is there two minutes after a call without an answer", async () => {
    const { rds, clock, execute, follow } = world();
    const order = anAwsOrder(id);
    rds.answers.push(new AwsError("TimeoutError", false, "no answer came"));
    const began = await execute(order);
    await clock.advance(130_000);
    expect(await follow(order, began)).toMatchObject({ status: "failed" });
    expect(rds.sent).toEqual([]);
  });

  it("has failed where RDS could not apply it", async () => {
    const { rds, execute, follow } = world();
    const order = anAwsOrder(id);
    const began = await execute(order);
    rds.databases[0] = aChangeable({ parameterGroups: [{ name, status: "failed-to-apply" }] });
    expect((await follow(order, began)).status).toBe("failed");
  });

  it.each([
    ["name-taken", { name: "responder-taken" }, {}],
    ["state-changed", { group: "orders-16" }, {}],
    ["parameter-not-settable", { values: [{ name: "fsync", value: "off" }] }, {}],
    ["parameter-not-settable", { values: [{ name: "fzync", value: "off" }] }, {}],
    ["unknown-action", { name: "orders-18" }, {}],
    ["database-status", {}, { status: "modifying" }],
    ["pending-changes", {}, { pending: [{ name: "DBInstanceClass", value: "db.m7g.large" }] }],
    ["another-database", {}, { resourceId: "db-OTHER" }],
  ])("is refused by %s for %j of %j", async (guard, input, state) => {
    const { rds, execute } = world(state);
    const copied = { SourceDBParameterGroupIdentifier: "orders-17" };
    const taken = { ...copied, TargetDBParameterGroupIdentifier: "responder-taken" };
    await rds.send({ operation: "CopyDBParameterGroup", input: taken });
    expect((await execute(anAwsOrder(id, {}, input))).refusal?.guard).toBe(guard);
    expect(rds.sent).toHaveLength(1);
  });

  it("is not gone back from where the database has got a third group meanwhile", async () => {
    const { execute } = world({ parameterGroups: [{ name: "other-17", status: "in-sync" }] });
    expect((await execute(anAwsOrder("use-parameter-group"))).refusal?.guard).toBe("state-changed");
  });

  it.each(["own-parameter-group", "use-parameter-group"] as const)(
    "is not called undone by a repeat of %s while RDS is at it, and is followed to its end with its undo",
    async (actionId) => {
      const { rds, execute, follow } = world();
      const order = anAwsOrder(actionId);
      await execute(order);
      const [now] = rds.databases;
      const calls = rds.sent.length;
      rds.databases[0] = { ...aChangeable(), ...now, status: "modifying" };
      const again = await execute(order, { repeated: true });
      expect(again).toMatchObject({ status: "running", mayHaveActed: true });
      expect(rds.sent).toHaveLength(calls);
      rds.databases[0] = { ...aChangeable(), ...now, status: "available" };
      rds.settle();
      const undo = { actionId: "use-parameter-group" };
      expect(await follow(order, again)).toMatchObject({ status: "done", undo });
      const late = await execute(order, { repeated: true });
      expect(await follow(order, late)).toMatchObject({ status: "done", undo });
      expect(rds.sent).toHaveLength(calls);
    },
  );

  it("is another database's by a repeat, too, and nothing that waits is taken along by it", async () => {
    for (const actionId of ["own-parameter-group", "use-parameter-group"] as const) {
      const other = world({ resourceId: "db-OTHER" });
      const refused = await other.execute(anAwsOrder(actionId), { repeated: true });
      expect(refused.refusal?.guard).toBe("another-database");
      const waits = world({ pending: [{ name: "DBInstanceClass", value: "db.m7g.large" }] });
      const held = await waits.execute(anAwsOrder(actionId), { repeated: true });
      expect(held.status).toBe("running");
      await waits.follow(anAwsOrder(actionId), held);
      expect([...other.rds.sent, ...waits.rds.sent]).toEqual([]);
    }
  });

  const copied = (orderId: string) => ({
    operation: "CopyDBParameterGroup" as const,
    input: {
      ...{ SourceDBParameterGroupIdentifier: "orders-17", TargetDBParameterGroupIdentifier: name },
      Tags: madeBy(orderId),
    },
  });

  it("is left alone by a repeat where another order made it, though the first attempt never ran", async () => {
    const { rds, execute } = world();
    rds.databases.push(
      aChangeable({
        ...{ id: "bills-db", resourceId: "db-BILLS" },
        parameterGroups: [{ name, status: "in-sync" }],
      }),
    );
    await rds.send(copied("ord-0"));
    expect((await execute(anAwsOrder(id))).refusal?.guard).toBe("name-taken");
    expect((await execute(anAwsOrder(id), { repeated: true })).refusal?.guard).toBe("name-taken");
    expect(rds.sent).toHaveLength(1);
  });

  it("brings no value of an earlier order back, which was undone and left its group", async () => {
    const { rds, execute, follow } = world(defaults);
    const first = anAwsOrder(id, { orderId: "ord-0" }, { group: "default.postgres17" });
    const began = await execute(first);
    rds.settle();
    const back = anAwsOrder("use-parameter-group", {}, json((await follow(first, began)).undo?.input));
    await execute(back);
    rds.settle();
    const calls = rds.sent.length;
    const values = [{ name: "max_wal_size", value: "8192" }];
    const second = anAwsOrder(id, {}, { group: "default.postgres17", values });
    for (const repeated of [false, true])
      expect((await execute(second, { repeated })).refusal?.guard).toBe("name-taken");
    expect(rds.sent).toHaveLength(calls);
  });

  it.each([
    [
      "somebody else uses it",
      "used by bills-db by now",
      { DBInstanceIdentifier: "bills-db", DBParameterGroupName: name },
    ],
    [
      "somebody has set another value in it",
      "log_output FILE, which neither this order nor orders-17 has",
      {
        DBParameterGroupName: name,
        Parameters: [{ ParameterName: "log_output", ParameterValue: "FILE" }],
      },
    ],
    [
      "somebody has set a value in the group that it was copied from",
      "orders-17 has lock_timeout 5000, which responder-orders-db-17 has not",
      {
        DBParameterGroupName: "orders-17",
        Parameters: [{ ParameterName: "lock_timeout", ParameterValue: "5000" }],
      },
    ],
  ] as const)("is gone on with by nobody once %s", async (_what, why, input) => {
    const { rds, clock, execute, follow } = world();
    rds.databases.push(aChangeable({ id: "bills-db", resourceId: "db-BILLS" }));
    rds.answers.push("lost");
    const order = anAwsOrder(id);
    const began = await execute(order);
    const operation = "Parameters" in input ? "ModifyDBParameterGroup" : "ModifyDBInstance";
    await rds.send({ operation, input: JSON.parse(JSON.stringify(input)) });
    const calls = rds.sent.length;
    // What is missing of a copy may only not be seen for so long.
    await clock.advance(300_001);
    for (const outcome of [await execute(order, { repeated: true }), await follow(order, began)]) {
      expect(outcome).toMatchObject({ status: "failed", mayHaveActed: true });
      expect(outcome.summary).toContain(why);
    }
    expect(rds.sent).toHaveLength(calls);
  });

  it("is not gone on with where its making met one of that name in the same moment", async () => {
    const { rds, execute } = world();
    rds.answers.push(new AwsError("DBParameterGroupAlreadyExists", true, "exists"));
    const again = await execute(anAwsOrder(id), { repeated: true });
    expect(again).toMatchObject({ status: "running" });
    expect(rds.sent).toEqual([]);
  });
});
