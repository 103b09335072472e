import { describe, expect, it } from "vitest";
import { AwsError } from "../../../../functions/core/errors.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { anAwsOrder, awsInputs } from "../../../support/rds-builder.ts";

const ids = [
  "change-parameter",
  "own-parameter-group",
  "size-proxy-pool",
  "add-reader",
  "restore-copy",
  "take-snapshot",
  "remove-reader",
] as const;
const reads = {
  "change-parameter": "parameters",
  "own-parameter-group": "describe",
  "size-proxy-pool": "proxyPool",
  "add-reader": "made",
  "restore-copy": "made",
  "take-snapshot": "snapshot",
  "remove-reader": "made",
} as const;

/** What the check reads is told, and from the second time on RDS is throttled. */
function throttledAfterCheck(id: (typeof ids)[number]) {
  const world = awsWorld();
  const { rds } = world;
  const { from } = awsInputs["size-proxy-pool"];
  rds.beside.pools.set("orders-proxy", {
    ...{ status: "available", targets: ["orders-db"], rest: "", updatedAt: null, ...from },
  });
  const { name, resourceId } = awsInputs["remove-reader"];
  if (id === "remove-reader")
    rds.beside.made.push({
      ...{ id: name, resourceId, status: "available", clusterId: null, sourceId: "orders-db" },
      ...{ isWriter: null, instanceClass: "db.m7g.large", isProtected: false, createdAt: null },
      ...{ restorable: { from: null, to: null }, tags: { "rds-responder:made": "reader" } },
    });
  let reading = 0;
  const once =
    <Args extends unknown[], T>(read: (...args: Args) => Promise<T>, checks = 1) =>
    async (...args: Args): Promise<T> => {
      reading += 1;
      if (reading > checks) throw new AwsError("Throttling", true, "Rate exceeded");
      return read(...args);
    };
  switch (reads[id]) {
    case "parameters":
      rds.parameters = once(rds.parameters);
      break;
    case "describe":
      rds.describe = once(rds.describe);
      break;
    case "made":
      rds.made = once(rds.made, id === "restore-copy" ? 2 : 1);
      break;
    case "snapshot":
      rds.snapshot = once(rds.snapshot);
      break;
    case "proxyPool":
      rds.proxyPool = once(rds.proxyPool);
      break;
  }
  return world;
}

describe("a look that fails between the check and the first call", () => {
  it.each(ids)("A40 is told as nothing sent, and is tried again: %s", async (id) => {
    const { rds, execute } = throttledAfterCheck(id);
    const outcome = await execute(anAwsOrder(id));
    expect(outcome).toMatchObject({
      ...{ status: "refused", mayHaveActed: false, refusal: { guard: "rds-not-now" } },
      summary: expect.stringContaining("Nothing was sent: how it stands could not be seen (Throttling"),
    });
    expect(rds.sent).toEqual([]);
  });

  it.each(ids)(
    "A40 of a repeat is no proof that an earlier attempt did nothing: it is followed: %s",
    async (id) => {
      const { rds, execute } = throttledAfterCheck(id);
      const outcome = await execute(anAwsOrder(id), { repeated: true });
      expect(outcome).toMatchObject({ status: "running", mayHaveActed: true });
      expect(outcome.summary).toContain("An earlier attempt may have sent it.");
      expect(rds.sent).toEqual([]);
    },
  );
});
