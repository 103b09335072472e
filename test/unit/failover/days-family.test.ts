import { describe, expect, it } from "vitest";
import { describeGroup } from "../../support/failover-days-family.ts";
import { createGroupRecords } from "../../support/failover-days-records.ts";
import { original } from "../../support/failover-script.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

/** Orders-db-1 was promoted once; the one that has its name by now is another one, and replicates from `source`. */
function shown(source: string | null, ofOthers: string | null = null) {
  const { world } = createFailoverWorld(2);
  const records = createGroupRecords(world, () => original);
  const anew = world.set.servers.get("orders-db-1");
  if (anew !== undefined) anew.replicaOf = source;
  for (const server of world.set.servers.values())
    if (server !== anew && ofOthers !== null) server.replicaOf = ofOthers;
  const promoted = [{ node: "orders-db-1", resourceId: "db-GONE" }];
  const group = { ...records.read(original), promoted };
  const resources = new Map([...world.set.servers.keys()].map((id) => [id, `db-${id}`]));
  const of = { world, resources, records: { ...records, read: () => group } };
  const { primary, nodes } = describeGroup(original, of, "roles");
  return { primary, nodes: nodes.map(({ id }) => id).toSorted() };
}

describe("a group of the days in which one was made anew under the name of one that was promoted", () => {
  it("has it where RDS shows its stream, and not where it stands alone", () => {
    expect(shown(original)).toEqual({ primary: original, nodes: [original, "orders-db-1", "orders-db-2"] });
    expect(shown(null)).toEqual({ primary: original, nodes: [original, "orders-db-2"] });
  });

  it("has it as its primary where the head and the others follow it", () => {
    expect(shown(null, "orders-db-1")).toEqual({
      ...{ primary: "orders-db-1", nodes: [original, "orders-db-1", "orders-db-2"] },
    });
  });
});
