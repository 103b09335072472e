import { expect, it } from "vitest";
import { ownUsers } from "../../../../functions/core/failover/door/node-way.ts";
import { settingsSchema } from "../../../../functions/core/settings.ts";
import { aTarget } from "../../../support/evidence-builder.ts";

const settings = settingsSchema.parse({
  database: { probeUser: "looks", actUser: "acts" },
  databases: {
    "orders-db-1": { probeUser: "looks_there" },
    "orders-db-2": { actUser: "acts_abroad" },
    orders: { actUser: "acts_in_cluster" },
    billing: { actUser: "acts_there" },
  },
});
const target = { ...aTarget(), name: "orders-db", clusterId: null };
const abroad = "arn:aws:rds:us-east-1:123456789012:db:orders-db-2";

it("F5 the users of every entry of the group are the responder's own: a lock on a primary goes to its replicas, too", () => {
  const of = { settings, target, group: ["orders-db", "orders-db-1", abroad] };
  expect(ownUsers(of)).toEqual(["looks", "acts", "looks_there", "acts_abroad"]);
  expect(ownUsers({ settings, target: { ...target, clusterId: "orders" } })).toContain("acts_in_cluster");
});

it("F5 the user of another group's entry is a client like any other: an application may sign in by it", () => {
  expect(ownUsers({ settings, target })).toEqual(["looks", "acts"]);
});
