import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import type { NameReading } from "../../../functions/core/failover/ports.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
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
  const end = (reading: NameReading) =>
    next(run, seenOf(shown, { now: later, names: [{ ref: record, reading }] })).run;

  it("F6 is moved by the printed command before the redrive where nobody knows to whom", () => {
    expect(end({ pointsTo: null, proves: null, ttlSeconds: 0 }).ending).toMatchObject({
      ...{
        status: "failed",
        phase: "prove-name",
        says: expect.stringContaining("leads to an address by now"),
      },
      nextCommand: `${point} && responder failover --redrive run-1`,
    });
  });

  it("F4 is left with whom people led it to until it is said that those are given up, and is moved then", () => {
    const reading = { pointsTo: null, stranger, proves: null, ttlSeconds: 0 };
    const ended = end(reading);
    expect(ended.ending).toMatchObject({
      ...{ status: "failed", phase: "prove-name" },
      says: expect.stringMatching(/leads to \S+ by now, .* which of the two goes on is for people to say/),
      nextCommand: "responder failover --redrive run-1 --force name-leads-away",
    });
    const at = later + 60_000;
    const see = (now: number) => seenOf(shown, { now, names: [{ ref: record, reading }] });
    const typed = redrive({ ...ended, phase: "ended" }, at, true, ["name-leads-away"]);
    expect(next(typed, see(at))).toMatchObject({
      ...{ effect: { kind: "point", to: "orders-db-9" } },
      run: { loss: { because: `what ${stranger} took, if anything, orders-db-9 never got` } },
    });
    const asked = redrive({ ...ended, phase: "ended", approved: false }, at, false, ["name-leads-away"]);
    expect(next(asked, see(at))).toMatchObject({ effect: { kind: "ask" }, run: { phase: "approve" } });
    const plain = redrive({ ...ended, phase: "ended" }, at, true);
    expect(JSON.stringify(next(plain, see(at)))).not.toContain('"kind":"point"');
  });

  it("F6 is only looked at again where it could not be read, or leads there and does not answer yet", () => {
    for (const reading of [null, { pointsTo: "orders-db-9", proves: null, ttlSeconds: 0 }]) {
      const { ending } = next(run, seenOf(shown, { now: later, names: [{ ref: record, reading }] })).run;
      expect(ending?.nextCommand).toBe("responder failover --redrive run-1");
    }
  });
});
