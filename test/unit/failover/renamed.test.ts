import { describe, expect, it } from "vitest";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const run = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, oldResource: "db-OLD", fencedBy: "door", groupsBefore: ["sg-app"] },
});
const renamed = withNode(aGroup(), "orders-db", {
  ...{ resourceId: "db-NEW", look: aLook({ writable: true, clients: 50 }) },
});

describe("another instance under the name of the old primary", () => {
  it.each(["door", "gone"] as const)("F5 is not fenced by a run that goes on (%s)", (fencedBy) => {
    const step = next({ ...run, fencedBy, phase: "wait", sent: { execute: of } }, seenOf(renamed));
    expect(JSON.stringify(step)).not.toMatch(/"kind":"(fence|wall)"/);
    const same = withNode(renamed, "orders-db", { resourceId: "db-OLD" });
    expect(next({ ...run, fencedBy, phase: "wait", sent: { execute: of } }, seenOf(same))).toMatchObject({
      effect: { kind: fencedBy === "door" ? "fence" : "wall" },
    });
  });

  it("F5 is not fenced, nor taken for a primary that is gone, before the call", () => {
    const step = next({ ...run, fencedBy: null, phase: "fence" }, seenOf(renamed));
    expect(step.run.ending).toMatchObject({
      ...{ status: "held", says: expect.stringContaining("another instance has the name orders-db") },
    });
  });

  it("F5 is not given the security groups of the old one", () => {
    const ending = { status: "held" as const, phase: "check" as const, says: "x", nextCommand: "y" };
    const step = next({ ...run, phase: "compensate", ending, sent: { wall: of } }, seenOf(renamed));
    expect(JSON.stringify(step)).not.toContain('"kind":"unwall"');
    expect(step.run.ending?.says).toContain("MAY BE FENCED");
  });
});
