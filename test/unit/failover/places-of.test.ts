import { describe, expect, it } from "vitest";
import { placesOf } from "../../../functions/core/failover/places-of.ts";
import { failoverSettingsSchema } from "../../../functions/core/failover-settings.ts";

const names = [{ kind: "route53" as const, zoneId: "Z", record: "orders.internal" }];
const settings = failoverSettingsSchema.parse({
  databases: { "orders-db": { names, quarantineGroup: "sg-1" } },
});
const nodes = ["orders-db", "orders-db-1"];
const found = { names, quarantineGroup: "sg-1" };

describe("the names of a group", () => {
  it.each([
    ["what was typed", ["orders-db", null]],
    ["the group's first database, whichever of it was typed", ["orders-db-1", "orders-db"]],
    ["another spelling", ["Orders-DB"]],
    ["an ARN", ["arn:aws:rds:us-west-2:1:db:orders-db"]],
  ])("F6 are found by %s", (_, group) => {
    expect(placesOf(settings, { group, nodes })).toEqual(found);
  });

  it("F6 are not taken from another node of it, of which people are told", () => {
    const called = { group: ["orders-db-1", "shop"], nodes };
    expect(placesOf(settings, called)).toEqual({
      ...{ names: [], quarantineGroup: null, namesElsewhere: ["orders-db"] },
    });
    expect(placesOf(settings, { group: ["bills"], nodes: ["bills"] })).toEqual({
      names: [],
      quarantineGroup: null,
    });
  });
});
