import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import type { FailoverTopology } from "../../../functions/core/contract/failover-topology.ts";
import { next } from "../../../functions/core/failover/run.ts";
import type { Seen } from "../../../functions/core/failover/turn.ts";
import {
  aGroup,
  aLook,
  aNode,
  anInput,
  aRun,
  noon,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";

const of = { at: noon - 90_000, tries: 1, unclear: false, answer: "done" as const, says: null };
const first = aRun({
  ...{ id: "run-0", phase: "ended", method: "promote-replica", group: "orders-db", groupsBefore: ["sg-app"] },
  ...{ candidate: "orders-db-1", oldPrimary: "orders-db", sent: { wall: of } },
  ending: { status: "failed", phase: "wait", says: "x", nextCommand: "y" },
});
const walled = withNode(aGroup({ lastRun: "run-0" }), "orders-db", { securityGroups: ["sg-quarantine"] });

/** The end of a run that begins now and is held: the lag of its candidate is too large. */
function heldOn(topology: FailoverTopology, over: Partial<Seen>): FailoverRun {
  const behind = withNode(topology, "orders-db-1", { instanceClass: "db.t4g.micro" });
  return next(aRun({ phase: "lock", group: "orders-db" }), seenOf(behind, over)).run;
}

describe("a new run that stands on the fence of an earlier one", () => {
  it("F5 says whose it is and what gives it back, wherever it is held", () => {
    const { ending } = heldOn(walled, { earlier: [first] });
    expect(ending?.status).toBe("held");
    expect(ending?.says).toContain(
      "orders-db is fenced (security group) since failover run-0, which ended failed in wait. Given back by: responder failover --give-back run-0, or aws rds modify-db-instance --db-instance-identifier orders-db --vpc-security-group-ids sg-app --apply-immediately.",
    );
    expect(ending?.nextCommand).toContain("--force");
  });

  it("F5 says so of a fence from inside, and where nobody knows whose it is", () => {
    const look = aLook({ writable: false, fenced: true, traces: true });
    const shut = withNode(aGroup(), "orders-db", { look });
    expect(heldOn(shut, {}).ending?.says).toContain(
      "orders-db is fenced (from inside) since an earlier failover. What gives it back is not known here.",
    );
  });

  it("F5 names the first of several that stand on one", () => {
    const says = "orders-db is fenced since failover run-0.";
    const second = { ...first, id: "run-00", sent: {}, earlier: { says, nextCommand: null } };
    expect(heldOn({ ...walled, lastRun: "run-00" }, { earlier: [second] }).ending?.says).toContain(says);
  });

  it("F5 says nothing of it where nothing stands", () => {
    expect(heldOn(aGroup({ lastRun: "run-0" }), { earlier: [first] }).earlier).toBeNull();
  });
});

describe("a new run after one that did not finish", () => {
  const lastCall = { at: new Date(noon - 90_000).toISOString(), by: "run-0" };
  const moved = aGroup({
    ...{ primary: "orders-db-1", lastRun: "run-0", lastCall, lastFailoverAt: lastCall.at },
    nodes: [
      aNode("orders-db", { role: "writer", replicaOf: null, look: aLook({ writable: false, fenced: true }) }),
      aNode("orders-db-1", { role: "writer", replicaOf: null, look: aLook({ writable: true }) }),
    ],
  });
  const halfway = {
    ...{ ...first, sent: { wall: of, execute: of } },
    ending: { status: "failed" as const, phase: "repoint" as const, says: "x", nextCommand: "y" },
  };

  it("F7 is held, and told that that one is to be redriven", () => {
    const step = next(aRun({ phase: "lock", group: "orders-db" }), seenOf(moved, { earlier: [halfway] }));
    expect(step.run.ending).toMatchObject({
      ...{ status: "held", nextCommand: "responder failover --redrive run-0" },
      says: expect.stringContaining(
        "Failover run-0 made orders-db-1 the writer, and ended in repoint: names may still lead to orders-db.",
      ),
    });
  });

  it("F5 does not leave the copy in place of the primary that people stay with", () => {
    const staying = { ...halfway, staysAt: noon - 60_000 };
    const begun = aRun({ phase: "lock", group: "orders-db" });
    const step = next(begun, seenOf(moved, { earlier: [staying] }));
    expect(step.run.ending).toMatchObject({
      ...{
        status: "held",
        nextCommand: "aws rds describe-db-instances --db-instance-identifier orders-db-1",
      },
      says: expect.stringContaining("People stay with orders-db"),
    });
    const forced = next({ ...begun, input: anInput({ force: true }) }, seenOf(moved, { earlier: [staying] }));
    expect(forced.run.ending?.status).toBe("held");
    // The copy is deleted.
    const free = next(begun, seenOf(aGroup({ lastRun: "run-0", lastCall }), { earlier: [staying] }));
    expect(free.run.ending?.says ?? "").not.toContain("People stay with");
  });

  it("F7 is not where that one came to its end", () => {
    const done = { ...halfway, ending: { ...halfway.ending, status: "done" as const } };
    const step = next(aRun({ phase: "lock", group: "orders-db" }), seenOf(moved, { earlier: [done] }));
    expect(step.run.ending?.nextCommand).not.toContain("--redrive");
  });

  it("F4 is told of its redrive where it keeps the lock", () => {
    const lock = { run: "run-0", token: 3 };
    const asked = aRun({ phase: "lock", group: "orders-db" });
    const step = next(asked, seenOf(moved, { earlier: [halfway], lock }));
    expect(step.run.ending).toMatchObject({
      ...{ status: "held", nextCommand: "responder failover --redrive run-0" },
      says: expect.stringContaining("It ended in repoint and keeps the lock"),
    });
    expect(next(asked, seenOf(moved, { lock })).run.ending?.nextCommand).toContain("--show run-0");
  });
});
