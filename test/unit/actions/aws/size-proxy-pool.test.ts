import { describe, expect, it } from "vitest";
import type { ProxyPool } from "../../../../functions/core/change-ports.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { anAwsOrder, awsInputs } from "../../../support/rds-builder.ts";

const { from, to } = awsInputs["size-proxy-pool"];
const somebodys = { ...from, maxConnectionsPercent: 90 };

function worldWith(pool: Partial<ProxyPool>) {
  const world = awsWorld();
  const known = { status: "available", targets: ["orders-db"], rest: "", updatedAt: null };
  world.rds.beside.pools.set("orders-proxy", { ...known, ...from, ...pool });
  return world;
}

describe("A29 the pool of a proxy, again after an attempt whose answer was lost", () => {
  const order = anAwsOrder("size-proxy-pool");

  it("is left as a person has set it since", async () => {
    const { rds, execute } = worldWith(somebodys);
    const again = await execute(order, { repeated: true });
    expect(again).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(again.summary).toContain("90 % (50 % idle, 120 s to wait) by now");
    expect(again).not.toHaveProperty("undo");
    expect(rds.sent).toEqual([]);
  });

  it("is set when it is as it was before", async () => {
    const { rds, execute, follow } = worldWith({ updatedAt: "2026-11-20T08:00:00.000Z" });
    const again = await execute(order, { repeated: true });
    expect((await follow(order, again)).status).toBe("done");
    expect(rds.sent).toHaveLength(1);
  });

  it.each([
    ["RDS tells that it was updated since", order.issuedAt],
    ["RDS does not tell when it was updated", null],
  ])("is not set again when it is as it was before, and %s", async (_what, updatedAt) => {
    const { rds, clock, execute, follow } = worldWith({ updatedAt });
    const again = await execute(order, { repeated: true });
    const undo = { actionId: "size-proxy-pool", input: { from: to, to: from } };
    expect(again).toMatchObject({ status: "running", mayHaveActed: true, undo });
    expect(again.summary).toContain("somebody has set it back. Nothing was sent again");
    await clock.advance(121_000);
    const end = await follow(order, again);
    expect(end).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(end.summary).toContain("was not taken, or somebody has set it back");
    expect(rds.sent).toEqual([]);
  });

  it("keeps its way back where an attempt that died may have set it", async () => {
    const { rds, execute } = worldWith({});
    rds.answers.push("lost");
    await execute(order);
    const again = await execute(order, { repeated: true });
    expect(again).toMatchObject({
      ...{ status: "already-done", mayHaveActed: true },
      undo: { actionId: "size-proxy-pool", input: { from: to, to: from } },
    });
    expect(await execute(order)).not.toHaveProperty("undo");
    expect(rds.sent).toHaveLength(1);
  });

  it("is followed with its way back while the target group takes no call, perhaps because of that attempt", async () => {
    const { rds, execute, follow } = worldWith({ status: "modifying" });
    const again = await execute(order, { repeated: true });
    const undo = { actionId: "size-proxy-pool", input: { from: to, to: from } };
    expect(again).toMatchObject({ status: "running", mayHaveActed: true, undo });
    expect(again.summary).toContain("orders-proxy is modifying. An earlier attempt may have sent it.");
    const [pool] = rds.beside.pools.values();
    if (pool === undefined) throw new Error("no pool");
    rds.beside.pools.set("orders-proxy", { ...pool, ...to, status: "available" });
    expect(await follow(order, again)).toMatchObject({ status: "done", undo });
    expect(rds.sent).toEqual([]);
    expect((await worldWith({ status: "modifying" }).execute(order)).refusal?.guard).toBe("database-status");
  });

  it("is set already when it is as it was wanted", async () => {
    const { rds, execute } = worldWith(to);
    expect((await execute(order, { repeated: true })).status).toBe("already-done");
    expect(rds.sent).toEqual([]);
  });

  it("is refused at the first attempt when it is another one by now", async () => {
    const { execute } = worldWith(somebodys);
    expect((await execute(order)).refusal?.guard).toBe("state-changed");
  });
});
