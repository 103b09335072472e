import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../../functions/core/contract/work-order.ts";
import { AwsError } from "../../../../functions/core/errors.ts";
import { outcomeOfLostLook } from "../../../../functions/core/respond/outcome-of-error.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { anAwsOrder } from "../../../support/rds-builder.ts";

const order = anAwsOrder("own-parameter-group");
const back = { actionId: "use-parameter-group", input: { to: "orders-17" } };
const lost = { error: { Error: "Sandbox.Timedout" }, begun: 0 };

const follows = ({ running }: Outcome) => {
  if (running === undefined) throw new Error("it is not running");
  return { ...running, mayTidy: true };
};

/** The database uses the new group, is at it still, and a look has seen that; then nobody waits for it any more. */
async function given() {
  const world = awsWorld();
  const { rds, clock, execute, follow } = world;
  const began = await execute(order);
  const use = (name: string) => {
    const [state] = rds.databases;
    if (state === undefined) throw new Error("no database");
    const parameterGroups = [{ name, status: "applying" }];
    rds.databases[0] = { ...state, status: "available", pending: [], parameterGroups };
  };
  use("responder-orders-db-17");
  await clock.advance(60_000);
  const seen = await follow(order, began);
  expect(seen).toMatchObject({ status: "running", undo: back });
  const throttle = () => {
    rds.describe = async () => {
      throw new AwsError("Throttling", true, "Rate exceeded");
    };
  };
  const isOver = () => clock.advance(1_800_000);
  return { ...world, seen, use, throttle, isOver };
}

describe("A40 the way back of what is there, where the last look after it", () => {
  it("does not see, is what the look before it told", async () => {
    const { throttle, isOver, follow, seen } = await given();
    throttle();
    const look = await follow(order, seen);
    expect(look).toMatchObject({ status: "running", undo: back });
    await isOver();
    expect(await follow(order, look)).toMatchObject({ status: "not-verified", undo: back });
  });

  it("is lost, is what the look before it told", async () => {
    const { isOver, clock, seen } = await given();
    const look = outcomeOfLostLook({ ...order, follows: follows(seen) }, lost, clock.now());
    expect(look).toMatchObject({ status: "running", undo: back });
    expect(look).not.toHaveProperty("takesBack");
    await isOver();
    const end = outcomeOfLostLook({ ...order, follows: follows(look) }, lost, clock.now());
    expect(end).toMatchObject({ status: "not-verified", undo: back });
  });

  it("comes too late, is what the look before it told", async () => {
    const { isOver, execute, seen } = await given();
    await isOver();
    const late = await execute({ ...order, follows: follows(seen) });
    expect(late).toMatchObject({ status: "not-verified", undo: back });
  });

  it("sees that the database does not use it any more, is none", async () => {
    const { use, throttle, isOver, follow, seen } = await given();
    use("orders-17");
    const look = await follow(order, seen);
    expect(look).toMatchObject({ status: "running" });
    expect(look).not.toHaveProperty("undo");
    throttle();
    await isOver();
    const end = await follow(order, look);
    expect(end).toMatchObject({ status: "not-verified" });
    expect(end).not.toHaveProperty("undo");
  });
});
