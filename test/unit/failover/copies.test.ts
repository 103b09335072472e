import { describe, expect, it } from "vitest";
import type { Node, NodeLook } from "../../../functions/core/contract/failover-topology.ts";
import { givesBack } from "../../../functions/core/failover/give-back.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  aNode,
  aRun,
  noAnswer,
  noon,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const open = aLook({ writable: true, fenced: false, traces: false });
const shut = aLook({ writable: false, fenced: true, traces: true, clients: 0 });
const replica = aNode("orders-db-2", { role: "replica", replicaOf: "orders-db" });
const three = (change: Partial<Node>) => {
  const group = withNode(aGroup(), "orders-db", change);
  return { ...group, nodes: [...group.nodes, replica] };
};
const common = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, groupsBefore: ["sg-app"], names: [] },
});

/** It is fenced while both follow it, ends, and its fence is given back in that group. */
function endIn(group: ReturnType<typeof aGroup>) {
  const looked = { ...common, phase: "fence" as const, known: ["orders-db", "orders-db-1", "orders-db-2"] };
  const walled = three({ securityGroups: ["sg-quarantine"], look: open });
  const fencing = next({ ...looked, sent: { wall: of } }, seenOf(walled));
  expect(fencing).toMatchObject({ is: "do", effect: { kind: "fence" } });
  const ending = { status: "held" as const, phase: "catch-up" as const, says: "It ended.", nextCommand: "x" };
  const back = givesBack({ ...fencing.run, phase: "ended", ending }, noon + 60_000);
  const sent = { ...back.sent, unwall: { ...of, at: noon + 60_000 }, unfence: { ...of, at: noon + 60_000 } };
  return next({ ...back, sent }, seenOf(group, { now: noon + 200_000 })).run.ending?.says ?? "";
}

describe("a fence that is taken off, of whose copies people promoted one by hand", () => {
  it("F5 says that the copy may be fenced from inside still, whether RDS shows it or not, and what opens it", () => {
    const alone = { role: "writer" as const, replicaOf: null, look: shut };
    for (const group of [aGroup(), withNode(three({}), "orders-db-2", alone)]) {
      const says = endIn(withNode(group, "orders-db", { look: open }));
      expect(says).toContain("It is the primary as before. orders-db-2 is no replica of the group any more");
      expect(says).toContain("MAY BE FENCED FROM INSIDE");
      expect(says).toContain("default_transaction_read_only");
    }
  });

  it("F5 says nothing of it where all follow as before, one by another name", () => {
    const renamed = {
      ...three({ look: open }),
      nodes: [...withNode(aGroup(), "orders-db", { look: open }).nodes, { ...replica, id: "orders-live" }],
    };
    for (const group of [three({ look: open }), renamed]) expect(endIn(group)).not.toContain("INSIDE");
  });

  it("F5 is said by a run that ends by itself, too", () => {
    const ending = {
      status: "held" as const,
      phase: "catch-up" as const,
      says: "It ended.",
      nextCommand: "x",
    };
    const sent = { fence: of, unfence: { ...of, at: noon + 60_000 } };
    const copies = ["orders-db", "orders-db-1", "orders-db-2"];
    const run = { ...common, phase: "compensate" as const, copies, sent, ending };
    const group = withNode(withNode(aGroup(), "orders-db", { look: open }), "orders-db-1", {
      look: noAnswer,
    });
    expect(next(run, seenOf(group, { now: noon + 200_000 })).run.ending?.says).toMatch(
      /^It ended\. orders-db-2 is no/,
    );
  });

  it("F5 says nothing of an old primary of before, which followed nobody when the fence came", () => {
    const before = aNode("orders-old", { role: "writer", replicaOf: null, status: "failed", look: null });
    const walled = three({ securityGroups: ["sg-quarantine"], look: open });
    const group = { ...walled, nodes: [...walled.nodes, before] };
    const run = { ...common, phase: "fence" as const, sent: { wall: of } };
    expect(next(run, seenOf(group)).run.copies).toEqual(["orders-db-1", "orders-db-2"]);
  });
});

describe("a choice between an old primary that is not shown and the one that was promoted", () => {
  const copies = ["orders-db-1", "orders-db-2"];
  const called = { ...common, phase: "prove-writable" as const, copies, sent: { fence: of, execute: of } };
  const run = { ...called, fencedBy: null, times: { ...common.times, approved: null } };
  const says = (look: NodeLook) => {
    const promoted = aNode("orders-db-1", { role: "writer", replicaOf: null, look });
    const topology = { ...aGroup(), primary: "orders-db-1", nodes: [promoted] };
    return next(run, seenOf(topology, { now: noon + 2_000_000 })).run.ending?.says;
  };

  it("F5 says what may be fenced: the old one, its copies, and the new one until it is opened", () => {
    expect(says(shut)).toContain("RDS does not show orders-db, which may take writes");
    expect(says(shut)).toContain("orders-db MAY BE FENCED by this run, which is not seen.");
    expect(says(shut)).toContain("orders-db-1 is FENCED FROM INSIDE until the redrive opens it.");
    expect(says(shut)).toContain("orders-db-2 is no replica of the group any more");
    expect(says(open)).not.toContain("orders-db-1 is FENCED");
  });
});
