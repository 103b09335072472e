import { expect, it } from "vitest";
import { ownUsers } from "../../../../functions/core/failover/door/node-way.ts";
import { settingsSchema } from "../../../../functions/core/settings.ts";

it("F5 the users of every entry are the responder's own: a lock on a primary goes to its replicas, too", () => {
  const settings = settingsSchema.parse({
    database: { probeUser: "looks", actUser: "acts" },
    databases: { "orders-db-1": { probeUser: "looks_there" }, billing: { actUser: "acts_there" } },
  });
  expect(ownUsers({ settings })).toEqual(["looks", "acts", "looks_there", "acts_there"]);
});
