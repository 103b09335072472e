import { describe, expect, it } from "vitest";
import { asItIs } from "../../../functions/core/failover/as-it-is.ts";
import { primaryState } from "../../../functions/core/failover/primary-state.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  anInput,
  aRun,
  lsn,
  noAnswer,
  noon,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";

const hour = 3_600_000;
const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const shut = aLook({ writable: false, fenced: true, traces: true, written: lsn("0/500") });
/** The door of a run that ended is shut still; its wall was lowered by hand. */
const standing = withNode(aGroup({ lastRun: "run-1" }), "orders-db", { look: shut });
const left = aRun({
  ...{ phase: "ended", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
  ...{ group: "orders-db", token: 7, fencedBy: "door", goal: lsn("0/500"), groupsBefore: ["sg-app"] },
  sent: { wall: of, fence: of, unwall: of },
  ending: { status: "failed", phase: "catch-up", says: "STILL FENCED", nextCommand: "y" },
});

describe("a primary that answers, and takes no writes by the run's own fence alone", () => {
  it("F5 lives, whosever fence of ours it is; one that something else keeps from writing is down", () => {
    const of = (look: typeof shut, own: boolean) => {
      const topology = withNode(aGroup(), "orders-db", { look });
      return primaryState(topology, topology.nodes[0] ?? null, own).is;
    };
    expect(of(shut, true)).toBe("alive");
    expect(of(shut, false)).toBe("alive");
    expect(of({ ...shut, readOnly: false }, true)).toBe("alive");
    expect(of({ ...shut, readOnly: true }, true)).toBe("dead");
    expect(of({ ...shut, traces: false }, true)).toBe("dead");
    expect(of({ ...shut, fenced: false }, true)).toBe("dead");
    expect(of(noAnswer, true)).toBe("dead");
  });

  it("F5 is not promoted over by a redrive: it is held, and the fence is given back", () => {
    const step = next(redrive(left, noon + hour), seenOf(standing, { now: noon + hour }));
    expect(step).toMatchObject({
      effect: { kind: expect.stringMatching(/^un(wall|fence)$/) },
      run: { phase: "compensate", ending: { status: "held", says: expect.stringContaining("own fence") } },
    });
  });

  it("F5 is failed over all the same where it was planned", () => {
    const planned = { ...left, input: anInput({ kind: "planned" as const }) };
    const step = next(redrive(planned, noon + hour), seenOf(standing, { now: noon + hour }));
    expect(step).toMatchObject({ effect: { kind: "wall" }, run: { phase: "fence", ending: null } });
  });

  it("F5 is told to a new run with the command that does that and nothing else", () => {
    const behind = withNode(standing, "orders-db-1", { instanceClass: "db.t4g.micro" });
    const healthy = next(
      { ...aRun({ phase: "lock", group: "orders-db" }), id: "run-2" },
      seenOf(standing, { earlier: [left], lock: { run: "run-2", token: 8 } }),
    ).run.ending;
    expect(healthy?.says).toContain("by the fence of an earlier failover alone");
    const run = { ...aRun({ phase: "lock", group: "orders-db" }), id: "run-2" };
    const lock = { run: "run-2", token: 8 };
    const { ending } = next(run, seenOf(behind, { earlier: [left], lock })).run;
    expect(ending?.says).toContain("Given back by: responder failover --give-back run-1");
    expect(ending?.says).not.toContain("--redrive");
  });
});

describe("a run that began on the wall of another one, which was lowered since", () => {
  it("F5 goes back to what stood before its own", () => {
    const walled = withNode(aGroup(), "orders-db", { securityGroups: ["sg-quarantine"] });
    const begun = asItIs(aRun({ method: "promote-replica", group: "orders-db", token: 7 }), walled);
    expect(begun.groupsBefore).toBeNull();
    const fencing = { ...begun, phase: "fence" as const, candidate: "orders-db-1" };
    const raised = next(fencing, seenOf(aGroup()));
    expect(raised).toMatchObject({ effect: { kind: "wall" }, run: { groupsBefore: ["sg-app"] } });
    const ending = { status: "held" as const, phase: "fence" as const, says: "x", nextCommand: "y" };
    const back = next({ ...raised.run, phase: "compensate", ending }, seenOf(walled));
    expect(back).toMatchObject({ effect: { kind: "unwall", groups: ["sg-app"] } });
  });
});

describe("a new run after a call that was never answered", () => {
  const called = { ...left, id: "run-0", sent: { execute: { ...of, answer: "none" as const } } };
  const ending = { status: "failed" as const, phase: "execute" as const, says: "x", nextCommand: "y" };
  const ended = { ...called, ending };
  const lastCall = { at: new Date(noon).toISOString(), by: "run-0" };
  const alive = withNode(aGroup({ lastCall, lastRun: "run-0" }), "orders-db", {
    look: aLook({ writable: true, clients: 9 }),
  });
  const held = (ms: number) =>
    next(aRun({ phase: "lock", group: "orders-db" }), seenOf(alive, { earlier: [ended], now: noon + ms })).run
      .ending;

  it("F7 is sent to no redrive where that call is old and its candidate a replica as before", () => {
    expect(held(hour)).toMatchObject({ status: "held", says: expect.stringContaining("primary-alive") });
    expect(`${held(hour)?.says} ${held(hour)?.nextCommand}`).not.toContain("redrive");
  });

  it("F7 is told of it while the call may still arrive, and keeps the command that lifts its own vetoes", () => {
    expect(held(60_000)?.says).toContain("Failover run-0 made orders-db-1 the writer, or may have");
    expect(held(60_000)?.nextCommand).toContain("--force primary-alive");
  });
});
