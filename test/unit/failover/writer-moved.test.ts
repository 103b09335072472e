import { describe, expect, it } from "vitest";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aNode, anInput, aRun, noon, seenOf } from "../../support/failover-builder.ts";

const reader = { role: "reader" as const, replicaOf: null, replication: null, tier: 1 };
const writer = { ...reader, role: "writer" as const, look: aLook({ writable: true, clients: 80 }) };
const nodes = [aNode("w1", reader), aNode("w2", writer), aNode("w3", reader)];
const group = aGroup({
  ...{ kind: "aurora", clusterId: "orders", clusterStatus: "available", primary: "w2", names: [], nodes },
  lastFailoverAt: new Date(noon - 60_000).toISOString(),
});
const run = aRun({
  ...{ method: "fail-over-cluster", candidate: "w3", oldPrimary: "w1", group: "orders", token: 7 },
  input: anInput({ database: "orders", force: true }),
});

describe("a cluster whose writer moved while it was agreed to", () => {
  it.each(["check", "execute"] as const)("F3 is left alone in %s, whatever is forced", (phase) => {
    const step = next({ ...run, phase }, seenOf(group));
    expect(step.run).toMatchObject({ ending: { status: "held" } });
    expect(step.run.sent["execute"]).toBeUndefined();
    expect(step.run.ending?.says).toContain("w2 is the writer by now");
  });
});
