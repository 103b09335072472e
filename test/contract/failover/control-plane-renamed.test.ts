import { describe, expect, it } from "vitest";
import { createRdsChangeClient, createRdsClient } from "../../../functions/adapters/aws/clients.ts";
import type { Promoted } from "../../../functions/adapters/aws/failover/failover-reach.ts";
import { createRdsControlPlane } from "../../../functions/adapters/aws/failover/rds-control-plane.ts";
import { type Behaviour, startLoopback } from "../loopback.ts";

interface Instance {
  readonly id: string;
  readonly resource: string;
  readonly source?: string;
  readonly replicas?: readonly string[];
}

const oldOne = { id: "orders-db", resource: "db-OLD", replicas: ["orders-db-2"] };
const follower = { id: "orders-db-2", resource: "db-TWO", source: "orders-db" };
const promoted = { node: "orders-db-1", resourceId: "db-NEW" };

function textOf({ id, resource, source, replicas = [] }: Instance): string {
  const names = replicas.map(
    (name) => `<ReadReplicaDBInstanceIdentifier>${name}</ReadReplicaDBInstanceIdentifier>`,
  );
  const of =
    source === undefined
      ? ""
      : `<ReadReplicaSourceDBInstanceIdentifier>${source}</ReadReplicaSourceDBInstanceIdentifier>`;
  return `<DBInstance><DBInstanceIdentifier>${id}</DBInstanceIdentifier><DbiResourceId>${resource}</DbiResourceId>
    <DBInstanceArn>arn:aws:rds:eu-west-1:123456789012:db:${id}</DBInstanceArn><Engine>postgres</Engine>
    <DBInstanceStatus>available</DBInstanceStatus>${of}
    <ReadReplicaDBInstanceIdentifiers>${names.join("")}</ReadReplicaDBInstanceIdentifiers></DBInstance>`;
}

function answer(instances: readonly Instance[]): Behaviour {
  const all = instances.map(textOf).join("");
  const xmlns = "http://rds.amazonaws.com/doc/2014-10-31/";
  return {
    ...{ status: 200, headers: { "content-type": "text/xml" } },
    body: `<DescribeDBInstancesResponse xmlns="${xmlns}"><DescribeDBInstancesResult><DBInstances>${all}</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`,
  };
}

const unknown: Behaviour = {
  ...{ status: 404, headers: { "content-type": "text/xml" } },
  body: "<ErrorResponse><Error><Type>Sender</Type><Code>DBInstanceNotFound</Code><Message>none</Message></Error></ErrorResponse>",
};

/** RDS with these instances alone, and a record by which these were promoted out of the group of orders-db. */
async function planeWith(instances: readonly Instance[], before: readonly Promoted[] = [promoted]) {
  const { endpoint } = await startLoopback(({ body }) => {
    const asked = new URLSearchParams(body.toString());
    const id = asked.get("DBInstanceIdentifier");
    const resource = asked.get("Filters.Filter.1.Values.Value.1");
    const found = instances.filter((one) => (id === null ? one.resource === resource : one.id === id));
    return id !== null && found.length === 0 ? unknown : answer(found);
  });
  return createRdsControlPlane({
    region: "eu-west-1",
    at: (region) => ({
      reads: createRdsClient({ region, endpoint }),
      writes: createRdsChangeClient({ region, endpoint }),
      metrics: { read: async () => ({ series: [], missing: [] }) },
    }),
    clock: { now: () => 0, sleep: async () => undefined },
    records: {
      ...{ admit: async () => undefined, retract: async () => undefined },
      read: async () => ({ group: "instance/orders-db", promoted: before, lastCallAt: null }),
    },
    places: async () => ({ names: [], quarantineGroup: null }),
  });
}

describe("RDS of a group whose new primary people renamed", () => {
  const live = { id: "orders-live", resource: "db-NEW", replicas: ["orders-live-1"] };
  const fresh = { id: "orders-live-1", resource: "db-FRESH", source: "orders-live" };
  const stranger = { id: "orders-db-1", resource: "db-OTHER" };

  it.each([
    ["", [oldOne, follower, live, fresh]],
    [", also where another one has its name by now", [oldOne, follower, live, fresh, stranger]],
  ])("F1 shows it as the primary as before%s", async (_, instances) => {
    const plane = await planeWith(instances);
    const { primary, nodes } = await plane.describe("orders-db", undefined, "roles");
    expect(primary).toBe("orders-live");
    expect(nodes.map(({ id }) => id).toSorted()).toEqual([
      "orders-db",
      "orders-db-2",
      "orders-live",
      "orders-live-1",
    ]);
  });

  it("F1 where it is gone the head of the chain is the primary, whoever has its name", async () => {
    const plane = await planeWith([oldOne, follower, stranger]);
    const { primary, nodes } = await plane.describe("orders-db", undefined, "roles");
    expect(primary).toBe("orders-db");
    expect(nodes.map(({ id }) => id).toSorted()).toEqual(["orders-db", "orders-db-2"]);
  });
});

describe("RDS of a group in which one was made anew under the name of one that was once promoted", () => {
  const head = { id: "orders-db", resource: "db-BACK", replicas: ["orders-db-1"] };
  const anew = { id: "orders-db-1", resource: "db-ANEW", source: "orders-db" };
  const back = { node: "orders-db", resourceId: "db-BACK" };

  it.each([
    ["after the failback", "orders-db", [back, promoted]],
    ["after the failback, asked for by that name", "orders-db-1", [back, promoted]],
    ["where people stayed and the copy is gone", "orders-db", [promoted]],
  ])("F2 has it to fail over to as any other replica: %s", async (_, asked, before) => {
    const plane = await planeWith([head, anew], before);
    const { kind, primary, nodes } = await plane.describe(asked, undefined, "roles");
    expect({ kind, primary }).toEqual({ kind: "primary-replica", primary: "orders-db" });
    expect(nodes.map(({ id }) => id).toSorted()).toEqual(["orders-db", "orders-db-1"]);
  });

  it("F2 has it as a replica of the one that was promoted, also where the old one is asked for", async () => {
    const live = { id: "orders-db-2", resource: "db-TWO", replicas: ["orders-db-1"] };
    const behind = { ...anew, source: "orders-db-2" };
    const plane = await planeWith(
      [{ ...oldOne, replicas: [] }, live, behind],
      [{ node: "orders-db-2", resourceId: "db-TWO" }, promoted],
    );
    const { primary, nodes } = await plane.describe("orders-db", undefined, "roles");
    expect(primary).toBe("orders-db-2");
    expect(nodes.map(({ id }) => id).toSorted()).toEqual(["orders-db", "orders-db-1", "orders-db-2"]);
  });

  it("F2 is no replica of its group where it stands alone, nor are those that follow it", async () => {
    const alone = { id: "orders-db-1", resource: "db-ANEW", replicas: ["other-db"] };
    const other = { id: "other-db", resource: "db-THEIRS", source: "orders-db-1" };
    const plane = await planeWith([{ ...head, replicas: [] }, alone, other], [back, promoted]);
    const { primary, nodes } = await plane.describe("orders-db", undefined, "roles");
    expect({ primary, nodes: nodes.map(({ id }) => id) }).toEqual({
      ...{ primary: "orders-db", nodes: ["orders-db"] },
    });
  });

  it("F2 with replicas of its own is their primary where nobody of the record is left", async () => {
    const alone = { id: "orders-db-1", resource: "db-ANEW", replicas: ["orders-db-3"] };
    const third = { id: "orders-db-3", resource: "db-THREE", source: "orders-db-1" };
    const plane = await planeWith([alone, third]);
    const { kind, primary, nodes } = await plane.describe("orders-db-3", undefined, "roles");
    expect({ kind, primary }).toEqual({ kind: "primary-replica", primary: "orders-db-1" });
    expect(nodes.map(({ id }) => id).toSorted()).toEqual(["orders-db-1", "orders-db-3"]);
  });

  it.each(["orders-db-1", "orders-db", "orders-db-2"])(
    "F2 is the primary where the group's head and its replicas were made to follow it: asked for %s",
    async (asked) => {
      const root = { id: "orders-db-1", resource: "db-ANEW", replicas: ["orders-db", "orders-db-2"] };
      const others = ["orders-db", "orders-db-2"].map((id) => ({
        id,
        resource: `db-${id}`,
        source: root.id,
      }));
      const plane = await planeWith([root, ...others]);
      const { primary, nodes } = await plane.describe(asked, undefined, "roles");
      expect(primary).toBe("orders-db-1");
      expect(nodes.map(({ id }) => id).toSorted()).toEqual(["orders-db", "orders-db-1", "orders-db-2"]);
    },
  );

  it("F2 is no primary where the head stands alone, and one of the group follows it", async () => {
    const anew2 = { id: "orders-db-1", resource: "db-ANEW", replicas: ["orders-db-2"] };
    const two = { id: "orders-db-2", resource: "db-TWO", source: "orders-db-1" };
    const before = [{ node: "orders-db-2", resourceId: "db-TWO" }, promoted];
    for (const asked of ["orders-db", "orders-db-1"]) {
      const plane = await planeWith([{ ...head, replicas: [] }, anew2, two], before);
      const { primary, nodes } = await plane.describe(asked, undefined, "roles");
      expect(primary).toBe("orders-db");
      expect(nodes.map(({ id }) => id).toSorted()).toEqual(["orders-db", "orders-db-1", "orders-db-2"]);
    }
  });
});
