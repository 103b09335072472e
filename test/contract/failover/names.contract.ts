import { expect, it } from "vitest";
import type { FailoverTopology, NameRef } from "../../../functions/core/contract/failover-topology.ts";
import { AwsError } from "../../../functions/core/errors.ts";
import type { Stamp } from "../../../functions/core/failover/effect.ts";
import type { FailoverLock, Names } from "../../../functions/core/failover/ports.ts";

/** A name that points at `orders-db`, which takes writes; `orders-db-1` does not. */
export interface NamesUnderTest {
  readonly names: Names;
  readonly ref: NameRef;
  readonly topology: FailoverTopology;
  readonly lock: Pick<FailoverLock, "take">;
  readonly stamp: Stamp;
}

export function namesContract(make: () => Promise<NamesUnderTest>): void {
  it("F6 says where the name points, and that a writer answers there", async () => {
    const { names, ref, topology } = await make();
    expect(await names.read(ref, topology)).toMatchObject({ pointsTo: "orders-db", proves: "orders-db" });
  });

  it("F9 asks nobody through it where only its place matters: whom it leads to may be dead", async () => {
    const { names, ref, topology } = await make();
    const where = await names.read(ref, topology, undefined, "where");
    expect(where).toMatchObject({ pointsTo: "orders-db", proves: null });
  });

  it("F3 says so where it leads to one that is none of the group", async () => {
    const { names, ref, topology } = await make();
    expect(await names.read(ref, topology)).not.toHaveProperty("stranger");
    const nodes = topology.nodes.filter(({ id }) => id !== "orders-db");
    const reading = await names.read(ref, { ...topology, nodes });
    expect(reading).toMatchObject({ pointsTo: null, stranger: expect.stringContaining("orders-db") });
  });

  it("F6 points it elsewhere, twice as once, and proves nothing where nobody takes writes", async () => {
    const { names, ref, topology, stamp } = await make();
    await names.point(ref, "orders-db-1", stamp);
    await names.point(ref, "orders-db-1", stamp);
    expect(await names.read(ref, topology)).toMatchObject({ pointsTo: "orders-db-1", proves: null });
    await names.point(ref, "orders-db", { ...stamp, effect: stamp.effect + 1 });
    expect(await names.read(ref, topology)).toMatchObject({ pointsTo: "orders-db", proves: "orders-db" });
  });

  it("F4 moves no name for whoever was deposed", async () => {
    const { names, ref, topology, lock, stamp } = await make();
    await lock.take(topology.group, stamp.run);
    const pointed = names.point(ref, "orders-db-1", stamp);
    await expect(pointed).rejects.toThrow(AwsError);
    await expect(pointed).rejects.toMatchObject({ refused: true });
    expect((await names.read(ref, topology)).pointsTo).toBe("orders-db");
  });
}
