import { describe, expect, it } from "vitest";
import { AwsError } from "../../../../functions/core/errors.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { anAwsOrder, knownParameters } from "../../../support/rds-builder.ts";

const order = anAwsOrder("own-parameter-group");
const [copy, fill, use] = ["CopyDBParameterGroup", "ModifyDBParameterGroup", "ModifyDBInstance"];
const hour = 3600_000;

/** RDS does not know what it has just made for the call named, until `known`. */
function cutAt(operation: string | undefined) {
  const world = awsWorld();
  const { rds } = world;
  const is = { known: false };
  const send = rds.send;
  rds.send = async (call, signal) => {
    if (!is.known && call.operation === operation)
      throw new AwsError("DBParameterGroupNotFound", true, "not found");
    return send(call, signal);
  };
  const give = (name: string, status = "in-sync") => {
    const [state] = rds.databases;
    if (state === undefined) throw new Error("no database");
    rds.databases[0] = { ...state, parameterGroups: [{ name, status }] };
  };
  const uses = () => rds.databases[0]?.parameterGroups.map(({ name }) => name);
  return { ...world, is, give, uses, sent: () => rds.sent.map((call) => call.operation) };
}

describe("A24 a group that a person has given to the database meanwhile", () => {
  it.each([fill, use])(
    "is not replaced by a later look, where the first was cut at %s",
    async (operation) => {
      const { is, give, uses, sent, clock, execute, follow } = cutAt(operation);
      const began = await execute(order);
      expect(began.status).toBe("running");
      const before = sent();
      is.known = true;
      give("persons-own-17");
      await clock.advance(60_000);
      const end = await follow(order, began);
      expect(end).toMatchObject({ status: "failed", mayHaveActed: true });
      expect(end.summary).toContain(
        "does not use orders-17 any more, but persons-own-17. Nothing more was sent",
      );
      expect(sent()).toEqual(before);
      expect(uses()).toEqual(["persons-own-17"]);
    },
  );

  it.each([false, true])(
    "is not replaced by a repeat after a lost answer, nor by its looks; the database takes no call: %s",
    async (isBusy) => {
      const { rds, give, uses, sent, execute } = cutAt(undefined);
      rds.answers.push("lost");
      await execute(order);
      give("persons-own-17");
      const [state] = rds.databases;
      if (isBusy && state !== undefined) rds.databases[0] = { ...state, status: "modifying" };
      const again = await execute(order, { repeated: true });
      expect(again).toMatchObject({ status: "failed", mayHaveActed: true });
      expect(again.summary).toContain("but persons-own-17");
      expect(sent()).toEqual([copy]);
      expect(uses()).toEqual(["persons-own-17"]);
    },
  );

  it("is the old one again, and stays so: what was given once is not given again", async () => {
    const { give, uses, sent, clock, execute, follow } = cutAt(undefined);
    const began = await execute(order);
    expect(sent()).toEqual([copy, fill, use]);
    give("orders-17");
    await clock.advance(60_000);
    const look = await follow(order, began);
    expect(look).toMatchObject({ status: "running" });
    expect(look.summary).toContain("was not taken, or somebody has set it back. Nothing was sent again");
    await clock.advance(61_000);
    expect(await follow(order, look)).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(sent()).toEqual([copy, fill, use]);
    expect(uses()).toEqual(["orders-17"]);
  });

  it("is not given again that a look has given, and keeps in mind that it has", async () => {
    const { is, give, sent, clock, execute, follow } = cutAt(use);
    const began = await execute(order);
    is.known = true;
    await clock.advance(600_000);
    const gave = await follow(order, began);
    expect(sent()).toEqual([copy, fill, use]);
    give("orders-17");
    await clock.advance(30_000);
    const look = await follow(order, gave);
    expect(look.status).toBe("running");
    await clock.advance(100_000);
    expect((await follow(order, look)).status).toBe("failed");
    expect(sent()).toEqual([copy, fill, use]);
  });
});

describe("A24 a group that may have been given by an attempt that nobody heard of", () => {
  const lost = (handle: Record<string, boolean | null> = {}) => ({
    startedAt: order.issuedAt,
    until: new Date(Date.parse(order.issuedAt) + 2 * hour).toISOString(),
    ...{ handle, mayTidy: true },
  });

  /** All three calls were taken, their answer was lost, and a person has set the old group back. */
  async function setBack() {
    const world = cutAt(undefined);
    await world.execute(order);
    expect(world.sent()).toEqual([copy, fill, use]);
    world.give("orders-17");
    return world;
  }

  it("is not given again by the looks that follow what was lost", async () => {
    const { sent, uses, clock, execute } = await setBack();
    await clock.advance(10_000);
    const look = await execute({ ...order, follows: lost() });
    expect(look.summary).toContain("or may have been");
    await clock.advance(600_000);
    const late = { ...order, expiresAt: new Date(clock.now() + 60_000).toISOString(), follows: lost() };
    expect(await execute(late)).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(sent()).toEqual([copy, fill, use]);
    expect(uses()).toEqual(["orders-17"]);
  });

  it("is not given again by a repeat that sees well, nor by its looks", async () => {
    const { sent, uses, clock, execute, follow } = await setBack();
    const again = await execute(order, { repeated: true });
    expect(again).toMatchObject({ status: "running", mayHaveActed: true });
    await clock.advance(30_000);
    await follow(order, again);
    expect(sent()).toEqual([copy, fill, use]);
    expect(uses()).toEqual(["orders-17"]);
  });

  it("is not given again by the look after one that died, nor by that look's own repeat", async () => {
    const { sent, clock, execute } = await setBack();
    await clock.advance(10_000);
    await execute({ ...order, follows: lost({ givenAt: null, lostLook: true }) });
    await execute({ ...order, follows: lost({ givenAt: null }) }, { repeated: true });
    expect(sent()).toEqual([copy, fill, use]);
    await execute({ ...order, follows: lost({ givenAt: null }) });
    expect(sent()).toEqual([copy, fill, use, use]);
  });

  it("is waited for after a look that died, as if that had given it just then", async () => {
    const { is, give, rds, sent, clock, execute, follow } = cutAt(use);
    const began = await execute(order);
    is.known = true;
    await clock.advance(600_000);
    const { running } = began;
    if (running === undefined) throw new Error("it is not running");
    const after = { ...running, handle: { givenAt: null, lostLook: true } };
    const first = await follow(order, { ...began, running: after });
    expect(first).toMatchObject({ status: "running", running: { handle: { givenAt: clock.now() } } });
    give("responder-orders-db-17", "applying");
    await clock.advance(30_000);
    expect(await follow(order, first)).toMatchObject({ status: "running" });
    rds.settle();
    expect(await follow(order, first)).toMatchObject({ status: "done" });
    give("orders-17");
    await clock.advance(100_000);
    expect(await follow(order, first)).toMatchObject({ status: "failed" });
    expect(sent()).toEqual([copy, fill]);
  });

  it("gets no value back that a person has changed in it since it is used: by a repeat and by its looks", async () => {
    const { rds, sent, clock, execute, follow } = cutAt(undefined);
    await execute(order);
    rds.parameters = async (_of, names) => knownParameters.filter(({ name }) => names.includes(name));
    const again = await execute(order, { repeated: true });
    expect(again).toMatchObject({ status: "running", mayHaveActed: true });
    const look = await follow(order, again);
    expect(look.summary).toContain(
      "orders-db uses responder-orders-db-17, which has not shared_buffers as ordered",
    );
    await clock.advance(121_000);
    expect(await follow(order, look)).toMatchObject({
      ...{ status: "failed", summary: expect.stringContaining("Next: aws rds modify-db-parameter-group") },
      undo: { actionId: "use-parameter-group", input: { to: "orders-17" } },
    });
    expect(sent()).toEqual([copy, fill, use]);
  });

  it("keeps its way back where somebody has set a value in it that is neither's", async () => {
    const { rds, execute, follow } = cutAt(undefined);
    const began = await execute(order);
    await rds.send({
      operation: "ModifyDBParameterGroup",
      input: {
        DBParameterGroupName: "responder-orders-db-17",
        Parameters: [{ ParameterName: "shared_buffers", ParameterValue: "99" }],
      },
    });
    const undo = { actionId: "use-parameter-group", input: { to: "orders-17" } };
    expect(await follow(order, began)).toMatchObject({ status: "failed", undo });
    expect(await execute(order, { repeated: true })).toMatchObject({ status: "failed", undo });
  });

  it.each([0, 121])(
    "is told with all that is left where its values were never set, %i s later",
    async (seconds) => {
      const { sent, clock, execute } = cutAt(fill);
      await execute(order);
      expect(sent()).toEqual([copy]);
      await clock.advance(seconds * 1000);
      const expiresAt = new Date(clock.now() + 60_000).toISOString();
      const look = await execute({ ...order, expiresAt, follows: lost() });
      expect(look.status).toBe(seconds === 0 ? "running" : "failed");
      expect(look.summary).toMatch(
        /has not shared_buffers as ordered, .* Nothing was sent again\. Next: aws rds modify-db-parameter-group .*65536.* && aws rds modify-db-instance /,
      );
      expect(sent()).toEqual([copy]);
    },
  );

  it("is not given where a person has given another between the copy and it", async () => {
    const { rds, give, uses, sent, execute } = cutAt(undefined);
    const send = rds.send;
    rds.send = async (call, signal) => {
      await send(call, signal);
      if (call.operation === fill) give("persons-own-17");
    };
    const end = await execute(order);
    expect(end).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(end.summary).toContain("does not use orders-17 any more");
    expect(sent()).toEqual([copy, fill]);
    expect(uses()).toEqual(["persons-own-17"]);
  });
});

describe("A24 calls that are left of a group of its own", () => {
  it("are not sent once nobody waits for it any more: a person is told the next", async () => {
    const { is, uses, sent, clock, execute, follow } = cutAt(use);
    const began = await execute(order);
    is.known = true;
    await clock.advance(3 * hour);
    const end = await follow(order, began);
    expect(end).toMatchObject({ status: "not-verified", mayHaveActed: true });
    expect(end.summary).toContain("Next: aws rds modify-db-instance");
    expect(sent()).toEqual([copy, fill]);
    expect(uses()).toEqual(["orders-17"]);
  });

  it("are not sent where the gate says no by now, and that is told", async () => {
    const { is, sent, execute } = cutAt(use);
    const { running } = await execute(order);
    if (running === undefined) throw new Error("it is not running");
    is.known = true;
    const held = "exempt: orders-db is exempted.";
    const look = await execute({ ...order, follows: { ...running, mayTidy: false, held } });
    expect(look).toMatchObject({ status: "running" });
    expect(look.summary).toMatch(
      /Not sent: exempt: orders-db is exempted\. Next: aws rds modify-db-instance/,
    );
    expect(sent()).toEqual([copy, fill]);
  });

  it("are not sent by a look whose own time is over", async () => {
    const { is, sent, clock, execute } = cutAt(use);
    const { running } = await execute(order);
    if (running === undefined) throw new Error("it is not running");
    is.known = true;
    const expiresAt = new Date(clock.now() - 1).toISOString();
    const late = { ...order, expiresAt, follows: { ...running, mayTidy: true } };
    expect(await execute(late, { repeated: true })).toMatchObject({ status: "running" });
    expect(sent()).toEqual([copy, fill]);
  });
});
