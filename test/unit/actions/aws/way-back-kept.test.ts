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

describe("A40 the way back of what makes a database larger", () => {
  const scale = anAwsOrder("scale-instance-class");
  const smaller = { actionId: "scale-instance-class", input: { to: "db.m7g.large" } };

  it("A20 is there where nobody waits any longer for the end of it", async () => {
    const { rds, clock, execute, follow } = awsWorld();
    const began = await execute(scale);
    expect(began).toMatchObject({ status: "running", undo: smaller });
    const [state] = rds.databases;
    if (state === undefined) throw new Error("no database");
    const has = { ...state.has, DBInstanceClass: "db.m7g.xlarge" };
    rds.databases[0] = { ...state, has, pending: [], status: "modifying" };
    await clock.advance(7_300_000);
    expect(await follow(scale, began)).toMatchObject({ status: "not-verified", undo: smaller });
  });

  it("A20 is there of an order that nobody has heard of, too", async () => {
    const { rds, clock, execute } = awsWorld();
    await execute(scale);
    await clock.advance(7_300_000);
    const late = outcomeOfLostLook({ ...scale, issuedAt: new Date(clock.now()).toISOString() }, lost, 0);
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    const look = await execute({ ...scale, expiresAt, follows: follows(late) });
    expect(rds.databases[0]?.pending).not.toEqual([]);
    expect(look).toMatchObject({ status: "not-verified", undo: smaller });
  });

  it.each([true, false])("A23 of one that failed is there where some of it is there: %s", async (isHalf) => {
    const { rds, clock, execute, follow } = awsWorld({
      has: { StorageThroughput: 125, AllocatedStorage: 400 },
    });
    const input = { fromGib: 400, sizeGib: 400, type: "gp3", iops: 15_000, throughputMibps: 500 };
    const order = anAwsOrder("tune-storage", {}, input);
    const began = await execute(order);
    expect(began.status).toBe("running");
    const [state] = rds.databases;
    if (state === undefined) throw new Error("no database");
    const has = isHalf ? { ...state.has, Iops: 15_000 } : state.has;
    rds.databases[0] = { ...state, has, pending: [], status: "available" };
    await clock.advance(400_000);
    const end = await follow(order, began);
    expect(end.status).toBe("failed");
    if (isHalf) expect(end).toMatchObject({ undo: { actionId: "tune-storage", input: { iops: 3000 } } });
    else expect(end).not.toHaveProperty("undo");
  });

  it("A22 of a reader is there where nobody waits any longer until it can be reached", async () => {
    const { clock, execute, follow } = awsWorld();
    const reader = anAwsOrder("add-reader");
    const began = await execute(reader);
    await clock.advance(4 * 3_600_000);
    expect(await follow(reader, began)).toMatchObject({
      ...{ status: "not-verified", undo: { actionId: "remove-reader" } },
    });
  });
});
