import { describe, expect, it } from "vitest";
import type { MadeDatabase } from "../../../../functions/core/change-ports.ts";
import { AwsError } from "../../../../functions/core/errors.ts";
import { outcomeOfLostLook } from "../../../../functions/core/respond/outcome-of-error.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { aChangeable, anAwsOrder, changeableTarget } from "../../../support/rds-builder.ts";

const target = {
  ...changeableTarget,
  ...{ name: "shop-1", flavour: "aurora" as const, clusterId: "shop", instanceClass: "db.r6g.large" },
  resourceId: "cluster-SHOP",
};

/** A copy of the cluster shop that is available, and has no instance yet. */
async function restored() {
  const world = awsWorld();
  const cluster = aChangeable({ kind: "cluster", id: "shop", resourceId: "cluster-SHOP" });
  world.rds.databases.push(cluster);
  const at = new Date(world.clock.now() - 3_600_000).toISOString();
  const input = { of: "shop", name: "responder-shop-copy", at, instanceClass: "db.r6g.large" };
  const order = anAwsOrder("restore-copy", { target }, input);
  const began = await world.execute(order);
  world.rds.settle();
  const look = () => world.follow(order, began);
  return { ...world, order, began, look, made: world.rds.beside.made };
}

const theirs: MadeDatabase = {
  ...{ id: "responder-shop-copy-1", resourceId: "db-THEIRS", status: "available", clusterId: "bills" },
  ...{ sourceId: null, isWriter: true, instanceClass: "db.r6g.large", isProtected: false, createdAt: null },
  ...{ restorable: { from: null, to: null }, tags: {} },
};

describe("A28 a copy of Aurora", () => {
  it("is done when the instance that was made in it is available", async () => {
    const { look, rds, made } = await restored();
    expect((await look()).status).toBe("running");
    rds.settle();
    expect((await look()).status).toBe("done");
    expect(made.map(({ id }) => id)).toEqual(["responder-shop-copy", "responder-shop-copy-1"]);
  });

  it.each<[string, Partial<MadeDatabase>]>([
    ["lies in another cluster", { tags: { "rds-responder:made": "copy" } }],
    ["was made by somebody else", { clusterId: "responder-shop-copy" }],
    ["lies in none", { clusterId: null, tags: { "rds-responder:made": "copy" } }],
  ])("is not done by an instance of that name that %s", async (_why, overrides) => {
    const { look, rds, made } = await restored();
    made.push({ ...theirs, ...overrides });
    const outcome = await look();
    expect(outcome).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(outcome.summary).toContain("responder-shop-copy-1 is another's");
    expect(rds.sent).toHaveLength(1);
  });

  it("gets no instance once nobody waits for it any more: a person is told how to make one", async () => {
    const { look, clock, rds } = await restored();
    await clock.advance(12 * 3_600_000);
    const end = await look();
    expect(end).toMatchObject({ status: "not-verified", mayHaveActed: true });
    expect(end.summary).toContain("Next: aws rds create-db-instance");
    expect(rds.sent).toHaveLength(1);
  });

  it("gets no instance where the gate says no by now, and that is told", async () => {
    const { order, began, execute, rds } = await restored();
    if (began.running === undefined) throw new Error("it is not running");
    const says = { held: "snoozed: shop is snoozed.", release: "Lifts by itself." };
    const held = { ...began.running, mayTidy: false, ...says };
    const look = await execute({ ...order, follows: held });
    expect(look).toMatchObject({ status: "running", mayHaveActed: true });
    expect(look.summary).toMatch(
      /Not sent: snoozed: shop is snoozed\. Lifts by itself\. Next: aws rds create-db-instance/,
    );
    const end = await execute({ ...order, follows: { ...held, until: order.issuedAt } });
    expect(end.summary).toMatch(/Not sent: snoozed: shop is snoozed\. Next: /);
    expect(rds.sent).toHaveLength(1);
  });

  it("is not made again, nor told as never taken, where a person has deleted it after a look that was held back", async () => {
    const { order, began, execute, follow, rds, clock, made } = await restored();
    if (began.running === undefined) throw new Error("it is not running");
    await clock.advance(130_000);
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    const held = { ...began.running, mayTidy: false, held: "snoozed: shop is snoozed." };
    const look = await execute({ ...order, expiresAt, follows: held });
    expect(look.status).toBe("running");
    made.splice(0, made.length);
    await clock.advance(30_000);
    const end = await follow(order, look);
    expect(end).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(end.summary).toContain("was there, and is gone: somebody has deleted it");
    expect(rds.sent).toHaveLength(1);
  });

  it("gets no instance by a look whose own time is over", async () => {
    const { order, began, clock, execute, rds } = await restored();
    if (began.running === undefined) throw new Error("it is not running");
    const expiresAt = new Date(clock.now() - 1).toISOString();
    const late = { ...order, expiresAt, follows: { ...began.running, mayTidy: true } };
    expect((await execute(late, { repeated: true })).status).toBe("running");
    expect(rds.sent).toHaveLength(1);
  });

  it("is looked at again when RDS says that there is its instance, and does not show it yet", async () => {
    const { look, rds, made } = await restored();
    rds.answers.push(new AwsError("DBInstanceAlreadyExists", true, "exists"));
    const first = await look();
    expect(first).toMatchObject({ status: "running", mayHaveActed: true });
    expect(first.summary).toContain("cannot be seen yet");
    const own = { clusterId: "responder-shop-copy", tags: { "rds-responder:made": "copy" } };
    made.push({ ...theirs, ...own });
    expect((await look()).status).toBe("done");
  });
});

describe("A28 a copy that somebody has deleted, or whose instance", () => {
  const gone = (made: MadeDatabase[], id: string) =>
    made.splice(
      made.findIndex((one) => one.id === id),
      1,
    );

  it("is not made again by a look: the instance", async () => {
    const { order, began, rds, made, follow, clock } = await restored();
    const first = await follow(order, began);
    await clock.advance(30_000);
    const second = await follow(order, first);
    expect(second).toMatchObject({ status: "running" });
    gone(made, "responder-shop-copy-1");
    await clock.advance(30_000);
    const third = await follow(order, second);
    expect(third).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(third.summary).toMatch(
      /responder-shop-copy-1 was there, and is gone: .* Next: aws rds create-db-instance/,
    );
    expect(rds.sent).toHaveLength(2);
  });

  it("is not made again where its call was sent and its instance was never seen", async () => {
    const { order, began, rds, made, follow, clock } = await restored();
    const first = await follow(order, began);
    gone(made, "responder-shop-copy-1");
    expect(await follow(order, first)).toMatchObject({ status: "running" });
    await clock.advance(121_000);
    const late = await follow(order, first);
    expect(late).toMatchObject({ status: "failed" });
    expect(late.summary).toContain("was not taken, or somebody has deleted it. It is not sent again.");
    expect(rds.sent).toHaveLength(2);
  });

  it.each(["a look", "a repeat of a look"])(
    "is not asked for after %s that ended without an answer",
    async (what) => {
      const { order, began, rds, follow, execute, clock } = await restored();
      if (began.running === undefined) throw new Error("it is not running");
      const lost = outcomeOfLostLook(
        { ...order, follows: { ...began.running, mayTidy: true } },
        { error: { Error: "Sandbox.Timedout" }, begun: 0 },
        clock.now(),
      );
      const next =
        what === "a look"
          ? await follow(order, lost)
          : await execute({ ...order, follows: { ...began.running, mayTidy: true } }, { repeated: true });
      expect(next).toMatchObject({
        status: "running",
        summary: expect.stringContaining("nothing was sent again"),
      });
      await clock.advance(121_000);
      expect(await follow(order, next)).toMatchObject({ status: "failed" });
      expect(rds.sent).toHaveLength(1);
    },
  );

  it("gets its instance where the look that was lost saw it still being made", async () => {
    const world = awsWorld();
    world.rds.databases.push(aChangeable({ kind: "cluster", id: "shop", resourceId: "cluster-SHOP" }));
    const at = new Date(world.clock.now() - 3_600_000).toISOString();
    const input = { of: "shop", name: "responder-shop-copy", at, instanceClass: "db.r6g.large" };
    const order = anAwsOrder("restore-copy", { target }, input);
    const { running } = await world.execute(order);
    if (running === undefined) throw new Error("it is not running");
    const lost = { ...running, handle: { lostLook: true } };
    const seen = await world.follow(order, Object({ running: lost }));
    world.rds.settle();
    await world.follow(order, seen);
    expect(world.rds.sent.map(({ operation }) => operation)).toEqual([
      "RestoreDBClusterToPointInTime",
      "CreateDBInstance",
    ]);
  });

  it("gets its instance where the look that was lost did not see it yet", async () => {
    const { order, began, rds, made, follow, clock } = await restored();
    if (began.running === undefined) throw new Error("it is not running");
    const copies = made.splice(0, made.length);
    const lost = { ...began.running, handle: { lostLook: true } };
    await clock.advance(15_000);
    const unseen = await follow(order, Object({ running: lost }));
    expect(unseen).toMatchObject({ status: "running" });
    made.push(...copies);
    await clock.advance(30_000);
    const next = await follow(order, unseen);
    expect(next.summary).not.toContain("nothing was sent again");
    expect(rds.sent.map(({ operation }) => operation)).toEqual([
      "RestoreDBClusterToPointInTime",
      "CreateDBInstance",
    ]);
  });

  it("is told as deleted, and not as never taken: the copy", async () => {
    const { order, rds, made, follow, look } = await restored();
    const seen = await look();
    gone(made, "responder-shop-copy");
    const next = await follow(order, seen);
    expect(next).toMatchObject({ status: "failed" });
    expect(next.summary).toContain("responder-shop-copy was there, and is gone: somebody has deleted it.");
    expect(rds.sent).toHaveLength(2);
  });

  it("is not made by a repeat of an order that may have had it made", async () => {
    const { order, rds, made, execute, follow, clock } = await restored();
    gone(made, "responder-shop-copy");
    const again = await execute(order, { repeated: true });
    expect(again).toMatchObject({ status: "running", mayHaveActed: true });
    expect(again.summary).toContain("somebody may have deleted it since. Nothing was sent again");
    await clock.advance(121_000);
    expect(await follow(order, again)).toMatchObject({ status: "failed" });
    expect(rds.sent).toHaveLength(1);
  });
});

describe("A28 a copy of that name that is there already", () => {
  const tags = (of: string, at: string) => ({
    "rds-responder:made": "copy",
    ...{ "rds-responder:copy-of": of, "rds-responder:copy-at": at },
  });
  const at = "2026-11-21T08:30:00Z";
  const found = { ...theirs, id: "responder-orders-db-0830", clusterId: null };
  const order = anAwsOrder("restore-copy", {}, { name: found.id, at });

  it.each<[string, MadeDatabase["tags"], string]>([
    ["of another database", tags("bills-db", at), "a copy of bills-db as of 2026-11-21T08:30:00Z"],
    ["of another moment", tags("orders-db", "2026-11-20T08:30:00Z"), "as of 2026-11-20T08:30:00Z"],
    ["that does not tell of what", { "rds-responder:made": "copy" }, "a database that it does not tell"],
  ])("is not this order's where it is one %s, neither for a repeat", async (_what, of, says) => {
    const { rds, execute, follow } = awsWorld();
    rds.beside.made.push({ ...found, tags: of });
    for (const repeated of [false, true]) {
      const { refusal } = await execute(order, { repeated });
      expect(refusal).toMatchObject({ guard: "name-taken", reason: expect.stringContaining(says) });
    }
    const running = { startedAt: order.issuedAt, until: order.expiresAt, handle: {} };
    const followed = await follow(order, Object({ running }));
    expect(followed).toMatchObject({ status: "failed", summary: expect.stringContaining(says) });
    expect(rds.sent).toEqual([]);
  });

  it("is found by a repeat where it is of that database and moment", async () => {
    const { rds, execute } = awsWorld();
    rds.beside.made.push({ ...found, status: "creating", tags: tags("orders-db", at) });
    const again = await execute(order, { repeated: true });
    expect(again).toMatchObject({ status: "running", mayHaveActed: true });
    expect(rds.sent).toEqual([]);
  });
});
