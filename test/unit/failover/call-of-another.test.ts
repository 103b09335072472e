import { describe, expect, it } from "vitest";
import { giveBackCommand } from "../../../functions/core/failover/commands.ts";
import { saidEarlier } from "../../../functions/core/failover/earlier-runs.ts";
import { givesBack } from "../../../functions/core/failover/give-back.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aNode, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const minute = 60_000;
const of = { at: noon - 30 * minute, tries: 1, unclear: false, answer: "done" as const, says: null };
const failed = { status: "failed" as const, phase: "catch-up" as const, says: "x", nextCommand: "y" };
const common = {
  ...{ method: "promote-replica" as const, oldPrimary: "orders-db", group: "orders-db", token: 7 },
  ...{ phase: "ended" as const, startedAt: noon - 40 * minute, ending: failed },
};
const first = aRun({
  ...{ ...common, candidate: "orders-db-2", fencedBy: "door", groupsBefore: ["sg-app"] },
  sent: { wall: of, fence: of },
});
/** Stands on the fence of the first, and called. */
const second = aRun({
  ...{ ...common, id: "run-2", candidate: "orders-db-1" },
  sent: { execute: { ...of, at: noon, answer: "none" } },
});
const lastCall = { at: new Date(noon).toISOString(), by: "run-2" };
const shut = aLook({ writable: false, fenced: true, traces: true });
const group = aGroup({
  ...{ lastRun: "run-2", lastCall },
  nodes: [
    aNode("orders-db", { role: "writer", replicaOf: null, securityGroups: ["sg-quarantine"], look: shut }),
    aNode("orders-db-1"),
    aNode("orders-db-2"),
  ],
});

function givingBack(minutes: number, topology = group, run = first, earlier = [second]) {
  const now = noon + minutes * minute;
  return next(givesBack(run, now), seenOf(topology, { now, earlier }));
}

describe("a fence that is to be given back behind the call of another run", () => {
  it("F3 stands while that call may still be carried out: two would take writes", () => {
    const step = givingBack(5);
    expect(step).toMatchObject({ effect: { kind: "announce" }, run: { givenBack: null } });
    expect(step.run.ending).toMatchObject({
      status: "failed",
      says: expect.stringContaining(
        "the call of failover run-2 may still be carried out until 2026-01-01T12:16",
      ),
    });
  });

  it("F3 stands where whom that one called for is none of its replicas, or changes", () => {
    const promoted = withNode(group, "orders-db-1", { replicaOf: null, role: "writer" });
    const changing = withNode(group, "orders-db-1", { status: "modifying" });
    for (const topology of [promoted, changing])
      for (const earlier of [[second], []])
        expect(givingBack(17, topology, first, earlier).run.ending).toMatchObject({
          status: "failed",
          says: expect.stringContaining("behind the call of failover run-2"),
        });
  });

  it("F3 is taken off where that call is over and moved nobody, or was so before the run began", () => {
    expect(givingBack(17)).toMatchObject({ effect: { kind: "unwall", groups: ["sg-app"] } });
    const gone = { ...group, nodes: group.nodes.filter(({ id }) => id !== "orders-db-1") };
    const later = { ...first, startedAt: noon + 60 * minute };
    expect(givingBack(90, gone, later)).toMatchObject({ effect: { kind: "unwall" } });
    expect(givingBack(17, gone).run.ending?.status).toBe("failed");
  });
});

describe("the end of a run that stands on the fence of another one", () => {
  const says = `orders-db is fenced since failover run-1. Given back by: ${giveBackCommand(first)}.`;
  const on = { ...second, earlier: { says, nextCommand: null } };

  it("F3 names no command that opens it while its own call may still be carried out", () => {
    const { ending } = saidEarlier(saidEarlier(on));
    expect(ending?.says).toBe("x orders-db is fenced since failover run-1. It is not to be opened.");
    expect(saidEarlier({ ...on, sent: {} }).ending?.says).toContain("--give-back run-1");
    // Its own fence was given back: that its call moved nobody was seen.
    const back = saidEarlier({ ...on, givenBack: noon }).ending?.says;
    expect(back).toContain("--give-back run-1");
    expect(back).not.toContain("not to be opened");
  });
});
