import { describe, expect, it } from "vitest";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import type { FailoverTopology } from "../../../functions/core/contract/failover-topology.ts";
import { AwsError } from "../../../functions/core/errors.ts";
import { givesBack } from "../../../functions/core/failover/give-back.ts";
import { observe } from "../../../functions/core/failover/observe.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aNode, aRun, lsn, noon, quiet, seenOf } from "../../support/failover-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

const minute = 60_000;
const of = { at: noon - 30 * minute, tries: 1, unclear: false, answer: "done" as const, says: null };
const failed = { status: "failed" as const, phase: "check" as const, says: "It ended.", nextCommand: "x" };
const called = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", candidateResource: "db-ONE", token: 7 },
  ...{ oldPrimary: "orders-db", group: "orders-db", fencedBy: "door", groupsBefore: ["sg-app"] },
  ...{ phase: "ended", ending: failed, sent: { wall: of, fence: of, execute: of } },
});
const shut = aLook({ writable: false, fenced: true, traces: true });
const old = aNode("orders-db", {
  ...{ role: "writer", replicaOf: null, securityGroups: ["sg-quarantine"], look: shut },
});
const group = aGroup({ nodes: [old, aNode("orders-db-2")] });
const alone = aNode("orders-db-9", { role: "writer", replicaOf: null, resourceId: "db-ONE" });

interface Rds {
  /** What RDS calls db-ONE; null: nothing. */
  readonly now: string | null;
  readonly asked: string[];
}

/** The group as described has no candidate any more. */
function observed(run: FailoverRun, rds: Rds, earlier: readonly FailoverRun[] = [], topology = group) {
  const ports = createMemoryFailover(createFailoverWorld(2).world);
  const controlPlane = {
    ...ports.controlPlane,
    describe: async (id: string): Promise<FailoverTopology> => {
      if (id === "orders-db") return topology;
      if (id !== rds.now) throw new AwsError("DBInstanceNotFound", true, `${id} not found`);
      return aGroup({ primary: id, nodes: [{ ...alone, id }] });
    },
    nameOf: async (_: string, resource: string) => {
      rds.asked.push(resource);
      return rds.now;
    },
  };
  const runs = { ...ports.runs, get: async (id: string) => earlier.find((one) => one.id === id) ?? null };
  const door = { ...ports.door, look: async () => shut };
  const lock = { ...ports.lock, holder: async () => ({ run: run.id, token: 7 }) };
  return observe(run, { ...ports, controlPlane, runs, door, lock }, noon, quiet, null);
}

describe("a candidate that people deleted behind its call", () => {
  const back = givesBack(called, noon);

  it("F5 is promoted by nobody any more: the fence is given back", async () => {
    const asked: string[] = [];
    const seen = await observed(back, { now: null, asked });
    expect(asked).toEqual(["db-ONE"]);
    expect(next(back, seen)).toMatchObject({ effect: { kind: "unwall", node: "orders-db" } });
  });

  it("F5 is looked for by its resource where its own run has no fence to give back", () => {
    const again = { ...called, phase: "check" as const, ending: null, sent: { execute: of }, fencedBy: null };
    expect(next(again, seenOf(group)).run.ending).toMatchObject({
      says: expect.stringContaining("candidate-not-in-group"),
      nextCommand: "aws rds describe-db-instances --filters Name=dbi-resource-id,Values=db-ONE",
    });
  });

  it("F5 is not known to be gone where RDS did not tell its resource, or does not answer", async () => {
    const unknown = { ...back, candidateResource: null };
    for (const [run, gone] of [
      [unknown, await observed(unknown, { now: null, asked: [] })],
      [back, seenOf(group)],
    ] as const) {
      expect(next(run, gone).run.ending).toMatchObject({
        ...{ status: "failed", says: expect.stringContaining("orders-db-1 is not shown as a replica") },
      });
    }
  });

  it("F5 may have had replicas, which take writes since: beside those nobody is opened", () => {
    const stands = { ...alone, resourceId: "db-NINE", look: aLook({ writable: true }) };
    const seen = seenOf({ ...group, nodes: [...group.nodes, stands] }, { gone: ["orders-db-1"] });
    expect(next(back, seen).run.ending?.says).toContain("orders-db-9 stands alone and may take writes");
  });

  it("F5 was that of another run's call, and is given back all the same", async () => {
    const first = aRun({
      ...{ ...called, id: "run-0", candidate: "orders-db-2", candidateResource: null },
      sent: { wall: of, fence: of },
    });
    const own = givesBack({ ...first, startedAt: noon - 40 * minute }, noon);
    const lastCall = { at: new Date(of.at).toISOString(), by: called.id };
    const seen = await observed(own, { now: null, asked: [] }, [called], { ...group, lastCall });
    expect(next(own, seen)).toMatchObject({ effect: { kind: "unwall", node: "orders-db" } });
    const there = await observed(own, { now: "orders-db-9", asked: [] }, [called], { ...group, lastCall });
    expect(next(own, there).run.ending?.says).toContain(`behind the call of failover ${called.id}`);
  });
});

describe("a candidate that people renamed behind its call", () => {
  const waits = { ...called, ending: null, phase: "wait" as const, phaseSince: noon };

  it("F5 is known by its resource, also where it is no relative of the group any more", async () => {
    const seen = await observed(waits, { now: "orders-db-9", asked: [] });
    const { run } = next(waits, seen);
    expect(run).toMatchObject({ candidate: "orders-db-9", phase: "prove-writable" });
    expect(run.notes).toEqual(["orders-db-1 is called orders-db-9 by now."]);
  });

  it("F5 is not opened beside by giving the fence back", async () => {
    const back = givesBack(called, noon);
    const step = next(back, await observed(back, { now: "orders-db-9", asked: [] }));
    expect(step.run.ending).toMatchObject({
      status: "failed",
      says: expect.stringContaining("orders-db-9 is not shown as a replica any more: orders-db stays fenced"),
    });
  });

  it("F5 is looked for by its resource from the moment it is called", () => {
    const ready = aNode("orders-db-1", { resourceId: "db-ONE", look: aLook({ receiving: false }) });
    const sent = { wall: of, fence: of };
    const cleared = { goal: lsn("0/500"), clearedAt: noon, candidateResource: null };
    const times = { ...waits.times, approved: noon };
    const before = { ...waits, ...cleared, times, phase: "execute" as const, sent };
    const step = next(before, seenOf({ ...group, nodes: [old, ready] }));
    expect(step).toMatchObject({ effect: { kind: "execute" }, run: { candidateResource: "db-ONE" } });
  });
});
