import { describe, expect, it } from "vitest";
import { AwsError } from "../../../../functions/core/errors.ts";
import type { GroupState } from "../../../../functions/core/made-group-ports.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { anAwsOrder } from "../../../support/rds-builder.ts";

const name = "responder-orders-db-17";
const order = anAwsOrder("own-parameter-group");
const set = (group: string, key: string, value: string) => ({
  operation: "ModifyDBParameterGroup" as const,
  input: { DBParameterGroupName: group, Parameters: [{ ParameterName: key, ParameterValue: value }] },
});
const copied = (orderId: string) => ({
  operation: "CopyDBParameterGroup" as const,
  input: {
    ...{ SourceDBParameterGroupIdentifier: "orders-17", TargetDBParameterGroupIdentifier: name },
    Tags: [
      { Key: "rds-responder:made", Value: "group" },
      { Key: "rds-responder:order", Value: orderId },
    ],
  },
});

/** Of the new group only `seen` is shown, until `all` is true. */
async function shownLate(seen: (state: GroupState) => GroupState) {
  const world = awsWorld();
  const { rds } = world;
  await rds.send(set("orders-17", "lock_timeout", "5000"));
  const shows = { all: false };
  const whole = rds.groupState;
  rds.groupState = async (group, signal) => {
    const state = await whole(group, signal);
    return group.of === name && !shows.all ? seen(state) : state;
  };
  return { ...world, shows };
}
const sentBy = ({ rds }: Pick<ReturnType<typeof awsWorld>, "rds">) =>
  rds.sent.flatMap(({ operation, input }) =>
    input["DBParameterGroupName"] === "orders-17" ? [] : [operation],
  );

describe("A24 a group of its own that RDS does not show whole at once", () => {
  it.each([
    ["without some of its values", (state: GroupState) => ({ ...state, set: new Map() })],
    ["without its tags", (state: GroupState) => ({ ...state, tags: {} })],
  ])("is gone on with when it is: %s at first, by a look and by a repeat", async (_what, seen) => {
    const world = await shownLate(seen);
    world.rds.answers.push("lost");
    const began = await world.execute(order);
    for (const outcome of [await world.follow(order, began), await world.execute(order, { repeated: true })])
      expect(outcome).toMatchObject({ status: "running", mayHaveActed: true });
    expect(sentBy(world)).toEqual(["CopyDBParameterGroup"]);
    world.shows.all = true;
    await world.follow(order, began);
    await world.follow(order, began);
    expect(sentBy(world)).toEqual([
      ...["CopyDBParameterGroup", "ModifyDBParameterGroup", "ModifyDBInstance"],
    ]);
    world.rds.settle();
    const undo = { actionId: "use-parameter-group" };
    expect(await world.follow(order, began)).toMatchObject({ status: "done", undo });
  });

  it("is waited for five minutes, and no longer", async () => {
    const world = await shownLate((state) => ({ ...state, set: new Map() }));
    world.rds.answers.push("lost");
    const began = await world.execute(order);
    await world.clock.advance(299_000);
    expect((await world.follow(order, began)).status).toBe("running");
    await world.clock.advance(2000);
    const end = await world.follow(order, began);
    expect(end).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(end.summary).toContain("lock_timeout 5000, which responder-orders-db-17 has not");
    expect(sentBy(world)).toEqual(["CopyDBParameterGroup"]);
  });

  it("is another's by another's tag, however new it is", async () => {
    const world = await shownLate((state) => state);
    await world.rds.send(copied("ord-0"));
    for (const repeated of [false, true])
      expect((await world.execute(order, { repeated })).refusal?.guard).toBe("name-taken");
    expect(sentBy(world)).toEqual(["CopyDBParameterGroup"]);
  });

  it("is nobody's that this order may take, without a tag, where it is no repeat", async () => {
    const world = await shownLate((state) => ({ ...state, tags: {} }));
    await world.rds.send(copied("ord-1"));
    expect((await world.execute(order)).refusal?.guard).toBe("name-taken");
    expect(sentBy(world)).toEqual(["CopyDBParameterGroup"]);
  });

  it("is taken up again by its own tag, by an attempt that knows of no earlier one, too", async () => {
    const world = awsWorld();
    await world.rds.send(copied("ord-1"));
    expect((await world.execute(order)).status).toBe("running");
    expect(sentBy(world).slice(1)).toEqual(["ModifyDBParameterGroup", "ModifyDBInstance"]);
  });

  it("is gone on with at a later look where RDS does not know yet what it has just made", async () => {
    const world = awsWorld();
    const { rds } = world;
    const send = rds.send;
    let isKnown = false;
    rds.send = async (call, signal) => {
      if (!isKnown && call.operation === "ModifyDBParameterGroup")
        throw new AwsError("DBParameterGroupNotFound", true, "not found");
      return send(call, signal);
    };
    const began = await world.execute(order);
    expect(began).toMatchObject({ status: "running", mayHaveActed: true });
    expect((await world.follow(order, began)).status).toBe("running");
    isKnown = true;
    await world.follow(order, began);
    await world.follow(order, began);
    rds.settle();
    expect((await world.follow(order, began)).status).toBe("done");
  });
});
