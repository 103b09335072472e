import { describe, expect, it } from "vitest";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aNode, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const run = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, oldResource: "db-OLD", fencedBy: "door", groupsBefore: ["sg-app"] },
});
const shut = aLook({ writable: false, fenced: true, traces: true });
const walled = { securityGroups: ["sg-quarantine"], look: shut };
const old = aNode("orders-db-old", { role: "writer", replicaOf: null, resourceId: "db-OLD", ...walled });
const group = aGroup({
  ...{ primary: "orders-db-old", nodes: [old, aNode("orders-db-1", { replicaOf: "orders-db-old" })] },
});
const ending = { status: "held" as const, phase: "check" as const, says: "x", nextCommand: "y" };

describe("an old primary that people renamed", () => {
  it("F5 is given back under its new name", () => {
    const step = next({ ...run, phase: "compensate", ending, sent: { wall: of } }, seenOf(group));
    expect(step).toMatchObject({ effect: { kind: "unwall", node: "orders-db-old", groups: ["sg-app"] } });
  });

  it("F5 is no primary that somebody else made, behind a call", () => {
    const waits = { ...run, phase: "wait" as const, sent: { execute: of, wall: of } };
    const busy = withNode(group, "orders-db-1", { status: "modifying" });
    expect(next(waits, seenOf(busy)).is).toBe("wait");
    const sent = { execute: { ...of, at: noon - 2_000_000 }, wall: of };
    const back = next({ ...run, phase: "compensate", ending, sent }, seenOf(group));
    expect(back).toMatchObject({ effect: { kind: "unwall", node: "orders-db-old" } });
  });

  it("F5 keeps what its redrive knows of its fence", () => {
    const again = {
      ...run,
      phase: "lock" as const,
      method: null,
      candidate: null,
      sent: { wall: of, fence: of },
    };
    const { run: after } = next(again, seenOf(group));
    expect(after).toMatchObject({ oldPrimary: "orders-db-old", groupsBefore: ["sg-app"] });
    expect(Object.keys(after.sent)).toEqual(expect.arrayContaining(["wall", "fence"]));
  });

  it("F5 is looked for by its resource where RDS does not say what the group consists of", () => {
    const trouble = { says: "orders-db not found", lasting: true, unknown: true };
    const step = next({ ...run, phase: "load", sent: { wall: of } }, { ...seenOf(null), trouble });
    expect(step.run.ending?.nextCommand).toContain("dbi-resource-id,Values=db-OLD");
  });
});

describe("what people and another failover left", () => {
  it("F5 a candidate that is gone behind a call is not redriven for ever", () => {
    const seen = seenOf(
      withNode(aGroup(), "orders-db-1", { id: "orders-db-9", look: aLook({ receiving: false }) }),
    );
    const held = { ...run, fencedBy: null, phase: "check" as const };
    const free = next({ ...held, sent: { execute: of } }, seen).run.ending;
    expect(free?.says).toContain("candidate-not-in-group");
    expect(free?.nextCommand).toBe("aws rds describe-db-instances --db-instance-identifier orders-db-1");
    const fenced = next({ ...held, sent: { execute: of, wall: of } }, seen).run.ending;
    expect(fenced?.nextCommand).toBe(`responder failover --give-back ${run.id}`);
  });

  it("F5 a door that another run shut is no primary as before", () => {
    const sent = { wall: of, unwall: of };
    const open = withNode(aGroup(), "orders-db", { look: shut });
    const seen = seenOf(open, { now: noon + 100_000 });
    const { ending: said, notes } = next({ ...run, phase: "compensate", ending, sent }, seen).run;
    expect(said?.says).toContain("FENCED FROM INSIDE");
    expect(notes.join()).not.toContain("the primary as before");
  });

  it("F5 whoever came in before the wall of one that was started again is ended by a restart, once", () => {
    const sent = { execute: of, wall: of };
    const back = { ...run, fencedBy: "gone" as const, phase: "repoint" as const, sent };
    const unreached = aLook({
      reachable: false,
      failedAt: "TCP",
      writable: null,
      fenced: null,
      clients: null,
    });
    const seen = seenOf(withNode(aGroup(), "orders-db", { ...walled, look: unreached }));
    const step = next(back, seen);
    expect(step).toMatchObject({ effect: { kind: "restart", node: "orders-db" } });
    const once = next(step.run, { ...seen, now: noon + 60_000 });
    expect(JSON.stringify(once)).not.toContain('"kind":"restart"');
    const asked = seenOf(withNode(aGroup(), "orders-db", walled));
    expect(JSON.stringify(next(back, asked))).not.toContain('"kind":"restart"');
  });
});
