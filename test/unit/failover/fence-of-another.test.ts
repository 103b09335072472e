import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import type { Node } from "../../../functions/core/contract/failover-topology.ts";
import { withEarlier } from "../../../functions/core/failover/earlier-runs.ts";
import { givesBack } from "../../../functions/core/failover/give-back.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const hour = 3_600_000;
const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const ending = { status: "failed" as const, phase: "catch-up" as const, says: "x", nextCommand: "y" };
const common = {
  ...{ phase: "ended" as const, method: "promote-replica" as const, candidate: "orders-db-1" },
  ...{ oldPrimary: "orders-db", group: "orders-db", token: 7, ending },
};
const first = aRun({ ...common, id: "run-0", groupsBefore: ["sg-app"], sent: { wall: of } });
const open = aLook({ writable: true, fenced: false, traces: false });
const shut = aLook({ writable: false, fenced: true, traces: true });

function groupOf(change: Partial<Node>) {
  return withNode(aGroup({ lastRun: "run-1" }), "orders-db", { look: open, ...change });
}

/** Its door alone is its own: the wall was there when it began. */
const walled = withNode(aGroup({ lastRun: "run-0" }), "orders-db", { securityGroups: ["sg-quarantine"] });
const began = { ...seenOf(walled), topology: walled, earlier: [first] };
const second = { ...withEarlier(aRun(common), began), sent: { fence: of } };

/** Its end by --give-back, where its own door is seen open. */
function endOf(run: FailoverRun, change: Partial<Node>) {
  const sent = givesBack(run, noon + hour);
  const unfenced = { ...sent, sent: { ...sent.sent, unfence: { ...of, at: noon + hour } } };
  return next(unfenced, seenOf(groupOf(change), { now: noon + 2 * hour })).run;
}

describe("a fence that is given back where an earlier one stands", () => {
  it("F5 says that the wall stands, whose it is, and what takes that off", () => {
    const run = endOf(second, { securityGroups: ["sg-quarantine"] });
    expect(run.ending).toMatchObject({
      ...{ status: "failed", nextCommand: "responder failover --give-back run-0" },
      says: expect.stringMatching(/It is WALLED still, by an earlier failover.* since failover run-0,/),
    });
    expect(run.ending?.says).not.toContain("as before");
  });

  it("F5 says so where nobody knows whose it is, and of a door that is shut", () => {
    const unknown = { ...second, earlier: null };
    expect(endOf(unknown, { securityGroups: ["sg-quarantine"] }).ending).toMatchObject({
      ...{ status: "failed", nextCommand: expect.stringContaining("describe-db-instances") },
      says: expect.stringContaining("What gives it back is not known here."),
    });
    const wallAlone = { ...second, earlier: null, groupsBefore: ["sg-app"], sent: { wall: of } };
    expect(endOf(wallAlone, { look: shut }).ending?.says).toContain("FENCED FROM INSIDE still");
  });

  it("F5 is the primary as before where nothing stands any more, and nothing else is said", () => {
    const { says, status } = endOf(second, { securityGroups: ["sg-app"] }).ending ?? {};
    expect(status).toBe("held");
    expect(says).toBe(
      "The fence was taken off orders-db, and nothing else was done. It is the primary as before.",
    );
  });
});
