import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { claim } from "../../../functions/core/failover/claim.ts";
import type { FailoverLock } from "../../../functions/core/failover/ports.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
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

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const failed = aRun({
  ...{ phase: "ended", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
  ...{ group: "orders-db", token: 7, fencedBy: "door", names: aGroup().names, sent: { execute: of } },
  ending: { status: "failed", phase: "prove-writable", says: "x", nextCommand: "y" },
});

function storeOf(run: FailoverRun) {
  return {
    get: async () => run,
    save: async (saved: FailoverRun) => saved,
    open: async () => [],
    standing: async () => [],
  };
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
      run: { ending: { status: "failed" } },
    });
    expect(step.run.ending?.says).toContain("orders-db-2 is the primary by now");
    const again = next(redrive({ ...step.run, phase: "ended" }, noon), seenOf(moved));
    expect(again).toMatchObject({ effect: { kind: "announce" }, run: { ending: step.run.ending } });
  });

  it("F4 goes on with nothing where another one promoted since, and goes on where only the token grew", async () => {
    const run = await redriven(9);
    expect(run).toMatchObject({ phase: "prove-writable", token: 9, ending: null });
    const step = next(run, seenOf(moved, { lock: { run: "run-1", token: 9 } }));
    expect(step).toMatchObject({ effect: { kind: "announce" }, run: { ending: { status: "failed" } } });
  });

  it("F4 goes on with nothing where the writer was moved there and back: the record of calls tells", () => {
    const back = withNode({ ...moved, primary: "orders-db" }, "orders-db", {
      look: aLook({ writable: true }),
    });
    const call = (by: string | null, ms: number) => ({
      ...back,
      lastCall: { at: new Date(noon + ms).toISOString(), by },
    });
    const run = redrive(failed, noon);
    const after = next(run, seenOf(call("run-2", 1000)));
    expect(after).toMatchObject({
      effect: { kind: "announce" },
      run: { ending: { status: "failed", nextCommand: "responder failover --show run-2 --table TABLE" } },
    });
    expect(after.run.ending?.says).toContain("Failover run-2 has moved this group since");
    for (const before of [call("run-0", -1000), call("run-1", 1000), call(null, 20_000)])
      expect(next(run, seenOf(before))).not.toMatchObject({ effect: { kind: "announce" } });
    expect(next(run, seenOf(call(null, 90_000))).run.ending?.status).toBe("failed");
  });

  it("F4 goes on where nobody else had it", async () => {
    expect(await redriven(8)).toMatchObject({ phase: "prove-writable", token: 8, ending: null });
  });
});

describe("a redrive of a run that left its fence", () => {
  const walledIn = { securityGroups: ["sg-quarantine"] };
  const stuck = aRun({
    ...{ phase: "ended", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
    ...{ group: "orders-db", token: 7, fencedBy: "restart", groupsBefore: ["sg-app"] },
    sent: { wall: of, restart: { ...of, at: noon - 60_000, tries: 2 } },
    ending: { status: "failed", phase: "catch-up", says: "RDS did not answer.", nextCommand: "y" },
  });
  const back = withNode(aGroup(), "orders-db", { ...walledIn, look: aLook({ writable: true, clients: 3 }) });

  it("F5 gives it back where it is held now, with the groups of before", () => {
    const step = next(redrive(stuck, noon), seenOf(back, { now: noon + 60_000 }));
    expect(step).toMatchObject({
      effect: { kind: "unwall", groups: ["sg-app"] },
      run: { phase: "compensate", ending: { status: "held" } },
    });
  });

  it("F5 does not fence twice what stands fenced", () => {
    const restartedAt = new Date(noon - 50_000).toISOString();
    const standing = withNode(aGroup(), "orders-db", { ...walledIn, restartedAt });
    const step = next(redrive(stuck, noon), seenOf(standing));
    expect(step).toMatchObject({ effect: { kind: "execute" }, run: { fencedBy: "restart" } });
  });

  it("F5 takes no restart for a fence after which the wall was lowered", () => {
    const restartedAt = new Date(noon - 50_000).toISOString();
    const lowered = { ...stuck, sent: { ...stuck.sent, unwall: of } };
    const standing = withNode(aGroup(), "orders-db", { ...walledIn, restartedAt });
    const step = next(redrive(lowered, noon), seenOf(standing));
    expect(step).toMatchObject({ effect: { kind: "restart" } });
  });

  it("F7 says that it may stand where another failover has the group, or RDS shows it no more", () => {
    const taken = next(redrive(stuck, noon), seenOf(back, { lock: { run: "run-9", token: 9 } }));
    expect(taken.run.ending).toMatchObject({
      ...{ status: "failed", nextCommand: expect.stringContaining("--redrive run-1") },
      says: expect.stringContaining("orders-db may still be fenced by this run"),
    });
    const gone = aGroup({ primary: null, nodes: [aNode("orders-db-1")] });
    const ending = { status: "held" as const, phase: "check" as const, says: "x", nextCommand: "y" };
    const held = { ...redrive(stuck, noon), phase: "compensate" as const, ending };
    expect(next(held, seenOf(gone)).run.ending).toMatchObject({
      ...{ status: "failed", says: expect.stringContaining("MAY BE FENCED") },
    });
  });

  it("F5 leaves whom it fenced as it is where another one is the primary by now", () => {
    const moved = withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", { replicaOf: null });
    const step = next(redrive(stuck, noon), seenOf(moved, { now: noon + 60_000 }));
    expect(step.run).toMatchObject({ oldPrimary: "orders-db-1", sent: {} });
    expect(step.run.notes.join()).toContain("orders-db was fenced by this run and is not the primary");
  });

  it("F4 does not take its own call, which RDS refused, for another failover an hour ago", () => {
    const refusedCall = { ...of, answer: "refused" as const };
    const run = redrive({ ...stuck, sent: { ...stuck.sent, execute: refusedCall } }, noon + 60_000);
    const at = (ms: number) => new Date(noon + ms).toISOString();
    const seen = (ms: number) => {
      const restartedAt = at(-50_000);
      const lastFailoverAt = at(ms);
      return seenOf({ ...withNode(aGroup(), "orders-db", { ...walledIn, restartedAt }), lastFailoverAt });
    };
    expect(next(run, seen(300))).toMatchObject({ effect: { kind: "execute" } });
    expect(next(run, seen(30_000)).run.ending?.says).toContain("failed-over-lately");
  });

  it("knows nothing of a fence that was given back", () => {
    expect(redrive({ ...stuck, givenBack: noon }, noon).sent).toEqual({});
  });
});

describe("a redrive that ends as the run did before", () => {
  it("F7 says it again: what was said of the first end is not said of the second", () => {
    const said = { "announce:failed:prove-writable": of, slow: of, release: of };
    const run = redrive({ ...failed, sent: { ...failed.sent, ...said } }, noon + 60_000);
    expect(Object.keys(run.sent)).toEqual(["execute"]);
    const shut = withNode(aGroup(), "orders-db-1", { replicaOf: null, role: "writer" });
    const step = next(run, seenOf(shut, { now: noon + 600_000 }));
    expect(step).toMatchObject({
      effect: { kind: "announce" },
      run: { ending: { phase: "prove-writable" } },
    });
  });
});

describe("a redrive and what was agreed to", () => {
  const granted = { is: "granted" as const, by: "U1", at: noon, expiresAt: noon + 900_000 };
  const refused = aRun({
    ...{ phase: "ended", approved: false, approval: granted, group: "orders-db", token: 7 },
    times: { ...aRun().times, approved: noon },
    ending: { status: "failed", phase: "load", says: "x", nextCommand: "y" },
  });

  it("F1 asks anew: an approval is for one plan, at one time", () => {
    const run = redrive(refused, noon);
    expect(run).toMatchObject({ approval: null, approved: false, times: { approved: null } });
    expect(next(run, seenOf(aGroup()))).toMatchObject({ effect: { kind: "ask" } });
  });

  it("F1 goes by the settings of now where they take who types it for the one who agrees, or do not", () => {
    expect(redrive(refused, noon, true).approved).toBe(true);
    expect(redrive({ ...refused, approved: true }, noon, false).approved).toBe(false);
  });

  it("F1 is held where whoever goes on after the click comes too late", () => {
    const died = { ...refused, phase: "check" as const, method: "promote-replica" as const, ending: null };
    const run = { ...died, candidate: "orders-db-1", oldPrimary: "orders-db", input: anInput() };
    const step = next(run, seenOf(aGroup(), { now: noon + 1_000_000 }));
    expect(step.run.ending).toMatchObject({ status: "held", says: expect.stringContaining("too long ago") });
  });
});

describe("a redrive of a run that was given up where it only had to say its end", () => {
  it.each(["announce", "release", "compensate"] as const)(
    "F7 proves what it did, and ends with what it finds (%s)",
    (phase) => {
      const ending = {
        status: "failed" as const,
        phase,
        says: "5 executions in a row died",
        nextCommand: "y",
      };
      const run = redrive({ ...failed, ending }, noon + 60_000);
      const shut = withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", {
        replicaOf: null,
        role: "writer",
      });
      expect(next(run, seenOf(shut, { now: noon + 60_000 }))).toMatchObject({
        ...{ is: "wait", run: { phase: "prove-writable", ending: null } },
      });
    },
  );
});
