import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const record = { kind: "route53" as const, zoneId: "Z1", record: "orders.internal" };
const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
/** Renamed by people since the name was moved to it. */
const run: FailoverRun = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-9", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, phase: "prove-name", fencedBy: "restart", names: [record] },
  ...{ sent: { execute: of, open: of, "point:0": of } },
});
const renamed = withNode(aGroup({ primary: "orders-db-9" }), "orders-db-1", {
  ...{ id: "orders-db-9", role: "writer", replicaOf: null, look: aLook({ writable: true, traces: false }) },
});
const shown = withNode(renamed, "orders-db", { status: "stopped" });
const later = noon + 301_000;
const stranger = "orders-db-1.abc.rds.amazonaws.com";
const point =
  "aws route53 change-resource-record-sets --hosted-zone-id Z1 (record orders.internal → endpoint of orders-db-9)";

describe("a name that was moved, and leads to nobody of the group by now", () => {
  it.each([
    [{ pointsTo: null, stranger, proves: null, ttlSeconds: 0 }, `leads to ${stranger} by now`],
    [{ pointsTo: null, proves: null, ttlSeconds: 0 }, "leads to an address by now"],
  ])("F6 is moved by the printed command before the redrive", (reading, says) => {
    const { ending } = next(run, seenOf(shown, { now: later, names: [{ ref: record, reading }] })).run;
    expect(ending).toMatchObject({
      ...{ status: "failed", phase: "prove-name", says: expect.stringContaining(says) },
      nextCommand: `${point} && responder failover --redrive run-1`,
    });
  });

  it("F6 is only looked at again where it could not be read, or leads there and does not answer yet", () => {
    for (const reading of [null, { pointsTo: "orders-db-9", proves: null, ttlSeconds: 0 }]) {
      const { ending } = next(run, seenOf(shown, { now: later, names: [{ ref: record, reading }] })).run;
      expect(ending?.nextCommand).toBe("responder failover --redrive run-1");
    }
  });
});
