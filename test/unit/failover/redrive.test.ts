import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { claim } from "../../../functions/core/failover/claim.ts";
import type { FailoverLock } from "../../../functions/core/failover/ports.ts";
import { next, redrive } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aNode, aRun, noon, seenOf } from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const failed = aRun({
  ...{ phase: "ended", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
  ...{ group: "orders-db", token: 7, fencedBy: "door", names: aGroup().names, sent: { execute: of } },
  ending: { status: "failed", phase: "prove-writable", says: "x", nextCommand: "y" },
});

function storeOf(run: FailoverRun) {
  return { get: async () => run, save: async (saved: FailoverRun) => saved, open: async () => [] };
}

function lockAt(token: number): FailoverLock {
  return {
    ...{ holder: async () => null, release: async () => undefined },
    take: async (_group, run) => ({ run, token }),
  };
}

async function redriven(token: number) {
  const ports = { runs: storeOf(failed), lock: lockAt(token) };
  const clock = { now: () => noon, sleep: async () => undefined };
  return claim("run-1", { ports, clock, execution: "e2", call: "c", how: "redrive" });
}

describe("a redrive after another failover of the group", () => {
  const fenced = aLook({ fenced: true });
  const moved = aGroup({
    primary: "orders-db-2",
    nodes: [
      aNode("orders-db", { role: "writer", replicaOf: null, look: fenced }),
      aNode("orders-db-1", { role: "writer", replicaOf: null, look: fenced }),
      aNode("orders-db-2", { role: "writer", replicaOf: null, look: aLook({ writable: true }) }),
    ],
  });

  it("F4 opens nobody beside the primary that the other one made, and moves no name", () => {
    const step = next(redrive(failed, noon), seenOf(moved));
    expect(step).toMatchObject({
      is: "do",
      effect: { kind: "announce" },
      run: { ending: { status: "held" } },
    });
    expect(step.run.ending?.says).toContain("orders-db-2 is the primary by now");
    expect(redrive({ ...step.run, phase: "ended" }, noon).phase).toBe("ended");
  });

  it("F4 goes on with nothing where the lock was another one's since, whatever is to be seen", async () => {
    const run = await redriven(9);
    expect(run).toMatchObject({ phase: "announce", token: 9, ending: { status: "held" } });
    expect(run.ending?.says).toContain("Another failover had this group since");
  });

  it("F4 goes on where nobody else had it", async () => {
    expect(await redriven(8)).toMatchObject({ phase: "prove-writable", token: 8, ending: null });
  });
});
