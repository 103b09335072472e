import { describe, expect, it } from "vitest";
import { behind } from "../../../functions/core/failover/positions.ts";
import { aLook } from "../../support/failover-builder.ts";
import { createGtids } from "../../support/failover-days-gtids.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

describe("positions of the days on MySQL", () => {
  it("are sets by who committed first: a promoted one goes on under its own, and what it lacks is counted", () => {
    const { world, skip } = createFailoverWorld(2);
    const gtids = createGtids(world);
    const { servers } = world.set;
    const [old, replica] = ["orders-db", "orders-db-1"].map((id) => servers.get(id));
    if (old === undefined || replica === undefined) throw new Error("the world has no such servers");
    const write = (id: string, row: number) => {
      expect(world.set.write(id, "a", row, world.now())).toBe(true);
      gtids.note();
    };
    write("orders-db", 1);
    skip(1000);
    replica.cut.add("replicas");
    for (const row of [2, 3]) write("orders-db", row);
    skip(1000);
    const { written } = gtids.told("orders-db", aLook());
    const { applied, sourceWritten } = gtids.told("orders-db-1", aLook());
    expect(behind(applied, written)).toEqual({ bytes: null, transactions: 2 });
    expect(sourceWritten).toBeNull();
    world.set.promote(replica);
    write("orders-db-1", 4);
    const after = gtids.told("orders-db-1", aLook()).written;
    expect(after?.value.split(",")).toHaveLength(2);
    expect(behind(after, written)?.transactions).toBe(2);
    expect(behind(written, after)?.transactions).toBe(1);
  });
});
