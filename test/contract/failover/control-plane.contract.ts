import { expect, it } from "vitest";
import { nodeOf } from "../../../functions/core/contract/failover-topology.ts";
import { AwsError } from "../../../functions/core/errors.ts";
import type { Stamp } from "../../../functions/core/failover/effect.ts";
import type { FailoverPorts } from "../../../functions/core/failover/ports.ts";

/** RDS with `orders-db` and its replica `orders-db-1`, PostgreSQL, both available, and a run that has the lock. */
export interface ControlPlaneUnderTest {
  readonly plane: FailoverPorts["controlPlane"];
  readonly lock: FailoverPorts["lock"];
  /** Of the run that has the lock. */
  readonly stamp: Stamp;
  /** What was begun has ended when this resolves. */
  settle(): Promise<void>;
}

export function controlPlaneContract(make: () => Promise<ControlPlaneUnderTest>): void {
  it("F2 describes a primary with its replica, and says what it is configured for", async () => {
    const { plane } = await make();
    const seen = await plane.describe("orders-db");
    expect(seen).toMatchObject({
      ...{ kind: "primary-replica", engine: "postgres", primary: "orders-db", clusterId: null },
      ...{ quarantineGroup: "sg-quarantine", failingOver: false, blueGreen: false },
    });
    expect(seen.lastFailoverAt).toBeUndefined();
    expect(seen.nodes.map(({ id }) => id)).toEqual(["orders-db", "orders-db-1"]);
    expect(nodeOf(seen, "orders-db")).toMatchObject({ role: "writer", replicaOf: null, status: "available" });
    expect(nodeOf(seen, "orders-db-1")).toMatchObject({ role: "replica", replicaOf: "orders-db" });
  });

  it("F2 sees the same group whichever of the two is named", async () => {
    const { plane } = await make();
    const [one, other] = [await plane.describe("orders-db"), await plane.describe("orders-db-1")];
    expect(other).toMatchObject({ group: one.group, primary: one.primary });
  });

  it("F5 knows an instance by its DbiResourceId, whatever it is called, and says where there is none", async () => {
    const { plane } = await make();
    const resource = nodeOf(await plane.describe("orders-db"), "orders-db")?.resourceId ?? "none";
    expect(await plane.nameOf("orders-db-before", resource)).toBe("orders-db");
    expect(await plane.nameOf("orders-db", "db-NOBODYHASTHIS")).toBeNull();
  });

  it("F2 promotes the replica, which is the primary of the same group then", async () => {
    const { plane, stamp, settle } = await make();
    const before = await plane.describe("orders-db");
    await plane.promoteReplica("orders-db-1", stamp);
    await settle();
    const after = await plane.describe("orders-db");
    expect(after).toMatchObject({ primary: "orders-db-1", group: before.group });
    expect(nodeOf(after, "orders-db-1")).toMatchObject({
      role: "writer",
      replicaOf: null,
      status: "available",
    });
    expect(nodeOf(after, "orders-db")?.replicaOf).toBeNull();
  });

  it("F4 counts a failover from the moment in which its call was sent", async () => {
    const { plane, stamp } = await make();
    await plane.promoteReplica("orders-db-1", stamp);
    expect((await plane.describe("orders-db")).lastFailoverAt).toMatch(/^\d{4}-/);
  });

  it("F5 puts a node behind other security groups, and shows them", async () => {
    const { plane, stamp, settle } = await make();
    await plane.setSecurityGroups("orders-db", ["sg-quarantine"], stamp);
    await settle();
    expect(nodeOf(await plane.describe("orders-db"), "orders-db")?.securityGroups).toEqual(["sg-quarantine"]);
  });

  it("F5 restarts a node, which is available again", async () => {
    const { plane, stamp, settle } = await make();
    await plane.restart("orders-db", stamp);
    await settle();
    expect(nodeOf(await plane.describe("orders-db"), "orders-db")?.status).toBe("available");
  });

  it("F6 makes a replica of the new primary, and tags the old one", async () => {
    const { plane, stamp, settle } = await make();
    await plane.createReplica("orders-db", "orders-db-2", stamp);
    await plane.tag("orders-db", "rds-responder:failed-over-at", "2026-01-01T00:00:00Z", stamp);
    await settle();
    const { nodes } = await plane.describe("orders-db");
    expect(nodes.find(({ id }) => id === "orders-db-2")?.replicaOf).toBe("orders-db");
  });

  it("F4 refuses whoever was deposed, by a newer token of its own as well", async () => {
    const { plane, lock, stamp } = await make();
    const { group } = await plane.describe("orders-db");
    await lock.take(group, stamp.run);
    const sent = plane.promoteReplica("orders-db-1", stamp);
    await expect(sent).rejects.toThrow(AwsError);
    await expect(sent).rejects.toMatchObject({ refused: true });
    expect((await plane.describe("orders-db")).primary).toBe("orders-db");
  });
}
