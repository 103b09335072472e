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
  return { ...world, look, made: world.rds.beside.made };
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
