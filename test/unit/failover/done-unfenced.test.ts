import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import type { Node } from "../../../functions/core/contract/failover-topology.ts";
import { rebuild } from "../../../functions/core/failover/phases-names.ts";
import { aGroup, aLook, aNode, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const run = aRun({
  ...{ phase: "rebuild", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
  ...{ group: "orders-db", token: 7, sent: { execute: of, rebuild: of, tag: of } },
});
const lapsed: FailoverRun = { ...run, times: { ...run.times, approved: null } };
const group = aGroup({
  primary: "orders-db-1",
  nodes: [
    ...aGroup().nodes.map((node) => ({ ...node, replicaOf: null })),
    aNode("orders-db-1-2", { replicaOf: "orders-db-1" }),
  ],
});

function saysOf(of: FailoverRun, change: Partial<Node>): string | undefined {
  const topology = withNode(group, "orders-db", change);
  const turn = rebuild(of, { ...seenOf(topology), topology });
  return turn.run.ending?.says;
}

describe("the old primary at the end of a failover that went on by no agreement", () => {
  it("F5 is called fenced where that is seen, and not where nobody fenced it", () => {
    expect(saysOf(lapsed, {})).toContain("orders-db IS NOT SEEN FENCED");
    expect(saysOf(lapsed, {})).not.toContain("is fenced");
    expect(saysOf(lapsed, { securityGroups: ["sg-quarantine"] })).toContain("orders-db is fenced");
    expect(saysOf(lapsed, { look: aLook({ fenced: true }) })).toContain("orders-db is fenced");
    expect(saysOf({ ...run, fencedBy: "door" }, {})).toContain("orders-db is fenced and goes on costing");
  });

  it("F5 is not called fenced by what was agreed to alone", () => {
    for (const fencedBy of ["nobody", "unseen", null] as const)
      expect(saysOf({ ...run, fencedBy }, {})).toContain("orders-db IS NOT SEEN FENCED");
    const again = { ...run, fencedBy: "nobody" as const, sent: { ...run.sent, refence: of } };
    expect(saysOf(again, {})).toContain("orders-db is fenced");
  });
});

describe("a new primary that is gone before its failover has ended", () => {
  const end = (change: Partial<Node>, ms: number) => {
    const topology = withNode(group, "orders-db-1", change);
    return rebuild({ ...run, phaseSince: noon }, { ...seenOf(topology, { now: noon + ms }), topology });
  };

  it("F7 is no end that tells people to delete the only other copy", () => {
    for (const change of [{ id: "orders-db-9" }, { status: "failed" }, { replicaOf: "orders-db-9" }]) {
      expect(end(change, 1000)).toHaveProperty("wait");
      const { ending } = end(change, 61_000).run;
      expect(ending).toMatchObject({
        ...{
          status: "failed",
          phase: "rebuild",
          says: expect.stringContaining("orders-db is not to be deleted"),
        },
        nextCommand: "aws rds describe-db-instances --db-instance-identifier orders-db-1",
      });
    }
    expect(end({}, 61_000).run.ending?.status).toBe("done");
  });
});
describe("the old primary at the end of a failover that was agreed to", () => {
  it("F5 is not called fenced where nobody fenced it, or where it does not run", () => {
    const nobody = { ...run, fencedBy: "nobody" as const };
    expect(saysOf(nobody, {})).toContain("orders-db IS NOT SEEN FENCED");
    expect(saysOf({ ...run, fencedBy: "gone" }, { status: "stopped" })).toContain(
      "orders-db does not run and IS NOT FENCED",
    );
    const refenced = { ...nobody, sent: { ...run.sent, refence: of } };
    expect(saysOf(refenced, {})).toContain("orders-db is fenced");
    expect(saysOf(nobody, { securityGroups: ["sg-quarantine"] })).toContain("orders-db is fenced");
    expect(saysOf({ ...run, fencedBy: "restart" }, {})).toContain("orders-db is fenced");
  });
});

describe("an old primary of which people were told that it is left, at an end that is done", () => {
  const duty = { kind: "watch-old-primary" as const, node: "orders-db", since: noon - 600_000, because: "x" };
  const told = { ...lapsed, duties: [{ ...duty, toldAt: noon - 600_000 }] };
  const duties = (change: Partial<Node>) => {
    const topology = withNode(group, "orders-db", change);
    return rebuild(told, { ...seenOf(topology), topology }).run.duties;
  };

  it("F5 is watched as any other where a person shut it since: opened again it is fenced", () => {
    const [after] = duties({
      securityGroups: ["sg-quarantine"],
      restartedAt: new Date(noon - 60_000).toISOString(),
    });
    expect(after).toMatchObject({ node: "orders-db", since: noon });
    expect(after).not.toHaveProperty("toldAt");
  });

  it("F5 stays left where it may take writes, by their own will", () => {
    expect(duties({})).toMatchObject([{ toldAt: noon - 600_000 }]);
  });
});
