import { describe, expect, it } from "vitest";
import type { MadeDatabase } from "../../../../functions/core/change-ports.ts";
import { AwsError } from "../../../../functions/core/errors.ts";
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
