import { describe, expect, it } from "vitest";
import type { Phase } from "../../../functions/core/contract/failover.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const of = { at: noon, tries: 3, unclear: true, answer: "none" as const, says: null };
const sent = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, fencedBy: "nobody", names: aGroup().names, sent: { execute: of } },
});
const promoted = withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", {
  ...{ replicaOf: null, role: "writer", look: aLook({ writable: true }) },
});

describe("the old primary after a failover that ended badly", () => {
  it.each<[Phase, typeof promoted]>([
    ["execute", aGroup()],
    ["wait", withNode(promoted, "orders-db-1", { status: "modifying" })],
    ["prove-writable", withNode(promoted, "orders-db-1", { look: null })],
    ["prove-name", promoted],
  ])("F5 is watched for, and people are told so, where it ended in %s", (phase, topology) => {
    const step = next({ ...sent, phase }, seenOf(topology, { now: noon + 3_600_000 }));
    expect(step.run).toMatchObject({
      ending: { status: "failed", phase },
      duties: [{ kind: "watch-old-primary", node: "orders-db", because: "it could not be fenced" }],
    });
    expect(JSON.stringify(step)).toContain("Watched for");
  });

  it("F5 is not where the call was refused: nothing was promoted", () => {
    const refused = { ...sent, sent: { execute: { ...of, unclear: false, answer: "refused" as const } } };
    const step = next({ ...refused, phase: "execute" }, seenOf(aGroup(), { now: noon + 3_600_000 }));
    expect(step.run).toMatchObject({ ending: { status: "failed" }, duties: [] });
  });
});
