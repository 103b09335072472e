import { expect, it } from "vitest";
import type { RdsControl } from "../../functions/core/ports.ts";

/**
 * RDS that holds: `orders`, a PostgreSQL instance (tag team=shop); `orders-replica`, its replica; the Aurora
 * MySQL cluster `payments` with the writer `payments-1` and the reader `payments-2`.
 */
export interface RdsUnderTest {
  readonly rds: RdsControl;
  readonly ordersResourceId: string;
  readonly clusterResourceId: string;
}

export function rdsControlContract(make: () => Promise<RdsUnderTest>): void {
  it("S10 finds an instance by its identifier, with its tags", async () => {
    const { rds, ordersResourceId } = await make();
    const target = await rds.find({ kind: "instance", id: "orders" });
    expect(target).toMatchObject({
      name: "orders",
      engine: "postgres",
      flavour: "rds",
      role: "writer",
      clusterId: null,
      resourceId: ordersResourceId,
      tags: { team: "shop" },
    });
    expect(target?.group).toBe(`${target?.accountId}/${target?.region}/orders`);
    expect(target?.host).not.toBe("");
  });

  it("S11 puts a replica into the group of its primary", async () => {
    const { rds } = await make();
    const primary = await rds.find({ kind: "instance", id: "orders" });
    const replica = await rds.find({ kind: "instance", id: "orders-replica" });
    expect(replica).toMatchObject({ name: "orders-replica", role: "reader", group: primary?.group });
  });

  it("S10 finds an instance by its resource id", async () => {
    const { rds, ordersResourceId } = await make();
    expect((await rds.find({ kind: "resource-id", id: ordersResourceId }))?.name).toBe("orders");
  });

  it("S10 takes a cluster for its writer", async () => {
    const { rds, clusterResourceId } = await make();
    const byName = await rds.find({ kind: "cluster", id: "payments" });
    expect(byName).toMatchObject({
      name: "payments-1",
      engine: "mysql",
      flavour: "aurora",
      role: "writer",
      clusterId: "payments",
      resourceId: clusterResourceId,
    });
    expect(byName?.group).toBe(`${byName?.accountId}/${byName?.region}/payments`);
  });

  it("S11 puts a reader into the group of its cluster", async () => {
    const { rds } = await make();
    const writer = await rds.find({ kind: "cluster", id: "payments" });
    const reader = await rds.find({ kind: "instance", id: "payments-2" });
    expect(reader).toMatchObject({ role: "reader", clusterId: "payments", group: writer?.group });
  });

  it("S10 finds an identifier in whatever case an alarm spells it", async () => {
    const { rds } = await make();
    expect((await rds.find({ kind: "instance", id: "Orders" }))?.name).toBe("orders");
    expect((await rds.find({ kind: "cluster", id: "PAYMENTS" }))?.name).toBe("payments-1");
  });

  it.each([
    { kind: "instance", id: "nobody" },
    { kind: "cluster", id: "nobody" },
    { kind: "resource-id", id: "db-NOBODY" },
    { kind: "resource-id", id: "cluster-NOBODY" },
  ] as const)("S10 knows no $kind $id", async (ref) => {
    expect(await (await make()).rds.find(ref)).toBeNull();
  });
}
