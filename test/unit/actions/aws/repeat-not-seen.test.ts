import { describe, expect, it } from "vitest";
import { AwsError } from "../../../../functions/core/errors.ts";
import { outcomeOfLostLook } from "../../../../functions/core/respond/outcome-of-error.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { anAwsOrder, awsInputs } from "../../../support/rds-builder.ts";

const setHigher = { values: [{ name: "max_wal_size", value: "8192", from: "4096" }] };
const parametersBack = {
  actionId: "change-parameter",
  input: { values: [{ name: "max_wal_size", value: "4096", from: "8192" }] },
};

/** A world in which an action of any kind can be done, and whose reads can be made to fail. */
function aWorld() {
  const world = awsWorld();
  const { rds } = world;
  const { from } = awsInputs["size-proxy-pool"];
  const pool = { status: "available", targets: ["orders-db"], rest: "", updatedAt: null, ...from };
  rds.beside.pools.set("orders-proxy", pool);
  const { describe: read, parameters, proxyPool } = rds;
  /** Reads fail from the one after so many on. */
  const failing = (after: number) => {
    let reads = 0;
    const counted = async () => {
      reads += 1;
      if (reads > after) throw new AwsError("Throttling", true, "Rate exceeded");
    };
    rds.describe = async (...args) => counted().then(() => read.apply(rds, args));
    rds.parameters = async (...args) => counted().then(() => parameters.apply(rds, args));
    rds.proxyPool = async (...args) => counted().then(() => proxyPool.apply(rds, args));
  };
  const seen = () => Object.assign(rds, { describe: read, parameters, proxyPool });
  return { ...world, failing, seen };
}

const changesOfRds = [
  "change-parameter",
  "use-parameter-group",
  "own-parameter-group",
  "size-proxy-pool",
  "scale-instance-class",
  "grow-storage",
] as const;

describe("A40 a repeat that cannot see how it stands, after an attempt that has sent it", () => {
  it.each(changesOfRds)("%s sends nothing, and is followed as what may have begun", async (id) => {
    const { rds, execute, failing } = aWorld();
    rds.answers.push("lost");
    await execute(anAwsOrder(id));
    const sent = rds.sent.length;
    failing(0);
    const again = await execute(anAwsOrder(id), { repeated: true });
    expect(again).toMatchObject({ status: "running", mayHaveActed: true, running: { handle: {} } });
    expect(again.summary).toMatch(
      /^Whether an earlier attempt acted is not known; this one sent nothing\. .*Throttling: Rate exceeded/,
    );
    expect(rds.sent).toHaveLength(sent);
  });

  // What the other two set is there at once, and found there by the first look.
  it.each(["use-parameter-group", "own-parameter-group", "scale-instance-class", "grow-storage"] as const)(
    "%s at its second look: the same",
    async (id) => {
      for (const reads of [1, 2]) {
        const { rds, execute, failing } = aWorld();
        rds.answers.push("lost");
        await execute(anAwsOrder(id));
        failing(reads);
        const again = await execute(anAwsOrder(id), { repeated: true });
        expect([id, reads, again.status, again.mayHaveActed]).toEqual([id, reads, "running", true]);
      }
    },
  );

  it("A20 the class has its way back at the end of it, which the order tells", async () => {
    const { rds, execute, follow, failing, seen } = aWorld();
    const order = anAwsOrder("scale-instance-class");
    rds.answers.push("lost");
    await execute(order);
    failing(0);
    const again = await execute(order, { repeated: true });
    seen();
    rds.settle();
    expect(await follow(order, again)).toMatchObject({
      ...{ status: "done", mayHaveActed: true },
      undo: { actionId: "scale-instance-class", input: { from: "db.m7g.xlarge", to: "db.m7g.large" } },
    });
  });

  it("is nothing sent, and no more, where it is the first attempt", async () => {
    const { execute, failing } = aWorld();
    failing(0);
    const outcome = await execute(anAwsOrder("grow-storage"));
    expect(outcome).toMatchObject({ status: "failed", mayHaveActed: false });
    expect(outcome.summary).toMatch(/^Nothing was sent: the target could not be checked \(Throttling/);
  });
});

describe("A40 what was begun by attempts that were all lost", () => {
  const lost = { error: { Error: "Sandbox.Timedout" }, begun: 0 };

  it("A24 ends with the values of before, which the order tells", async () => {
    const { execute, follow, clock } = aWorld();
    const order = anAwsOrder("change-parameter", {}, setHigher);
    await execute(order);
    const ended = await follow(order, outcomeOfLostLook(order, lost, clock.now()));
    expect(ended).toMatchObject({ status: "done", undo: parametersBack });
  });

  it("A24 keeps what was read before the call where that is known", async () => {
    const { execute, follow } = aWorld();
    const order = anAwsOrder("change-parameter", {}, setHigher);
    expect(await follow(order, await execute(order))).toMatchObject({ undo: parametersBack });
  });
});

describe("A40 a look after what was begun whose order's time is over", () => {
  it("goes on, and is looked at again", async () => {
    const { execute, clock } = aWorld();
    const order = anAwsOrder("scale-instance-class");
    const { running } = await execute(order);
    if (running === undefined) throw new Error("it has not begun");
    const expiresAt = new Date(clock.now() - 1).toISOString();
    const late = await execute({ ...order, expiresAt, follows: { ...running, mayTidy: true } });
    expect(late).toMatchObject({ status: "running", mayHaveActed: true, running, refusal: null });
    expect(late.summary).toMatch(/^How far it is was not looked at\. The order was good until/);
  });

  it("is not waited for any longer once its end has passed", async () => {
    const { execute, clock } = aWorld();
    const order = anAwsOrder("scale-instance-class");
    const { running } = await execute(order);
    if (running === undefined) throw new Error("it has not begun");
    await clock.advance(Date.parse(running.until) - clock.now());
    const expiresAt = new Date(clock.now() - 1).toISOString();
    const late = await execute({ ...order, expiresAt, follows: { ...running, mayTidy: true } });
    expect(late).toMatchObject({ status: "not-verified", mayHaveActed: true });
  });

  it("goes on where another version of the function knows its action no more", async () => {
    const { execute, clock } = aWorld();
    const order = anAwsOrder("scale-instance-class");
    const { running } = await execute(order);
    if (running === undefined) throw new Error("it has not begun");
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    const other = { ...order, actionId: "no-such", expiresAt, follows: { ...running, mayTidy: true } };
    expect(await execute(other)).toMatchObject({ status: "running", running });
  });
});
