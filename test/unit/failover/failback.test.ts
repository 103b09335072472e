import { describe, expect, it } from "vitest";
import type { FailoverRun, Phase } from "../../../functions/core/contract/failover.ts";
import { asItIs } from "../../../functions/core/failover/as-it-is.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aNode, aRun, lsn, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const failed = (phase: Phase, overrides: Partial<FailoverRun> = {}) =>
  aRun({
    ...{ phase: "ended", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
    ...{ oldResource: "db-OLD", group: "orders-db", token: 7, fencedBy: "door", groupsBefore: ["sg-app"] },
    ...{ names: aGroup().names, goal: lsn("0/500"), clearedAt: noon - 1 },
    sent: { wall: of, fence: of, execute: { ...of, answer: "none" } },
    ending: { status: "failed", phase, says: "x", nextCommand: "y" },
    ...overrides,
  });

const alone = { replicaOf: null, replication: null, role: "writer" as const };
const taking = aLook({ writable: true, clients: 9, written: lsn("9/0") });
/** Failed back by another run: to a new instance under the old name, with the first candidate fenced. */
const failedBack = aGroup({
  nodes: [
    aNode("orders-db", { ...alone, resourceId: "db-NEW", look: taking }),
    aNode("orders-db-1", {
      ...alone,
      resourceId: "db-C1",
      securityGroups: ["sg-quarantine"],
      look: aLook({ fenced: true, traces: true, written: lsn("5/0") }),
    }),
  ],
});
const later = noon + 3 * 86_400_000;

describe("a redrive after the group was failed back to a new instance of the old name", () => {
  it.each<Phase>(["execute", "wait", "prove-writable", "repoint", "prove-name"])(
    "F4 opens nobody and moves no name: the primary is another instance (%s)",
    (phase) => {
      const step = next(redrive(failed(phase), later), seenOf(failedBack, { now: later }));
      expect(step).toMatchObject({ effect: { kind: "announce" }, run: { ending: { status: "failed" } } });
      expect(step.run.ending?.says).toContain("orders-db, another instance under that name, is the primary");
    },
  );

  it("F4 goes on where the primary of that name is the one that it left", () => {
    const same = withNode(failedBack, "orders-db", { resourceId: "db-OLD", look: aLook({ fenced: true }) });
    const step = next(redrive(failed("prove-writable"), later), seenOf(same, { now: later }));
    expect(step).toMatchObject({ effect: { kind: "unfence", node: "orders-db-1" } });
  });
});

describe("another instance under the name of the old primary from the fence on", () => {
  const renamed = withNode(aGroup(), "orders-db", { resourceId: "db-NEW", look: taking });
  const fenced = { ...failed("catch-up"), ending: null, sent: { wall: of, fence: of } };

  it.each<Phase>(["catch-up", "execute"])("F5 is not promoted past (%s)", (phase) => {
    const step = next({ ...fenced, phase, clearedAt: noon }, seenOf(renamed));
    expect(JSON.stringify(step)).not.toContain('"kind":"execute"');
    expect(step.run.ending?.says).toContain("another instance has the name orders-db by now");
  });

  it("F5 is not sent the security groups of the other one by the command that is left", () => {
    const step = next({ ...fenced, phase: "catch-up" }, seenOf(renamed));
    expect(step.run.ending?.nextCommand).not.toContain("identifier orders-db");
    expect(step.run.ending?.nextCommand).toContain("Name=dbi-resource-id,Values=db-OLD");
  });

  it("F5 does not inherit the wall and the groups of the one before", () => {
    const stuck = failed("fence", { sent: { wall: of, fence: of } });
    const seen = withNode(renamed, "orders-db", { securityGroups: ["sg-new"] });
    const run = asItIs(redrive(stuck, noon), seen);
    expect(run).toMatchObject({ oldResource: "db-NEW", groupsBefore: ["sg-new"], sent: {} });
    expect(run.notes.join()).toContain("What had the name orders-db (db-OLD) was fenced by this run");
  });
});
