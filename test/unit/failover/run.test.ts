import { describe, expect, it } from "vitest";
import type { FailoverRun, Method } from "../../../functions/core/contract/failover.ts";
import type { FailoverTopology } from "../../../functions/core/contract/failover-topology.ts";
import { progressMessage } from "../../../functions/core/failover/messages.ts";
import { executeText, planSteps } from "../../../functions/core/failover/plan.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import type { Seen } from "../../../functions/core/failover/turn.ts";
import { keepWatch } from "../../../functions/core/failover/watch-duty.ts";
import {
  aGroup,
  aLook,
  aNode,
  anInput,
  aRun,
  lsn,
  noAnswer,
  noon,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";

function sent(run: FailoverRun, key: string, change: Partial<FailoverRun["sent"][string]> = {}): FailoverRun {
  const of = { at: noon, tries: 1, unclear: false, answer: "none" as const, says: null, ...change };
  return { ...run, sent: { ...run.sent, [key]: of } };
}

const promoting = aRun({
  ...{ phase: "execute", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
  ...{ group: "orders-db", token: 7, fencedBy: "restart", names: aGroup().names },
});
const later = (ms: number, change: Partial<Seen> = {}, topology: FailoverTopology = aGroup()) =>
  seenOf(topology, { now: noon + ms, ...change });
/** A fence that is to be seen: what is sent again goes by it anew. */
const fenced = withNode(aGroup(), "orders-db", { status: "stopped" });

describe("a run", () => {
  it("ends at once where RDS knows no such database, and waits where it only has too much to do", () => {
    const unknown = { says: "RDS knows no database orders-db", lasting: true };
    const step = next(aRun(), seenOf(null, { trouble: unknown }));
    expect(step.run.ending?.says).toContain("(RDS knows no database orders-db)");
    const busy = { says: "Rate exceeded", lasting: false };
    expect(next(aRun(), seenOf(null, { trouble: busy }))).toMatchObject({
      is: "wait",
      says: "Rate exceeded",
    });
  });

  it("raises the wall before it ends a session, and stamps what it sends with its token", () => {
    const step = next(aRun({ phase: "lock", group: "orders-db" }), seenOf(aGroup()));
    expect(step).toMatchObject({
      is: "do",
      effect: { kind: "wall", node: "orders-db", groups: ["sg-quarantine"], stamp: { token: 7, effect: 1 } },
      run: { phase: "fence", groupsBefore: ["sg-app"], sent: { wall: { answer: "none" } } },
    });
  });

  it("chooses the replica against which nothing stands, also where another one comes first by its name", () => {
    const paused = aLook({ receiving: false, applying: false });
    const group = withNode(aGroup(), "orders-db-1", { look: paused });
    const second = aNode("orders-db-2", { look: aLook({ receiving: false }) });
    const seen = seenOf({ ...group, nodes: [...group.nodes, second] });
    const before = aRun({ phase: "lock", group: "orders-db" });
    expect(next(before, seen).run).toMatchObject({ phase: "fence", candidate: "orders-db-2" });
    const named = { ...before, input: anInput({ candidate: "orders-db-1" }) };
    expect(next(named, seen).run).toMatchObject({ ending: { status: "held" }, candidate: "orders-db-1" });
  });

  it("sends sooner again what its predecessor may not have sent: what comes with that one's token is refused", () => {
    const run = sent(promoting, "execute", { token: 6 });
    expect(next(run, later(2000)).is).toBe("wait");
    expect(next(run, later(4000, {}, fenced))).toMatchObject({
      is: "do",
      effect: { kind: "execute", stamp: { token: 7 } },
    });
    expect(next(sent(promoting, "execute", { token: 7 }), later(4000)).is).toBe("wait");
    const begun = withNode(aGroup(), "orders-db-1", { status: "modifying" });
    expect(next(run, later(4000, {}, begun))).toMatchObject({ is: "wait", run: { phase: "wait" } });
  });

  it("takes another replica where the one that was chosen dies before anything was sent to it", () => {
    const group = aGroup();
    const second = aNode("orders-db-2", { look: aLook({ receiving: false }) });
    const dead = { look: noAnswer };
    const seen = later(
      6000,
      {},
      withNode({ ...group, nodes: [...group.nodes, second] }, "orders-db-1", dead),
    );
    const run = { ...promoting, phase: "catch-up" as const };
    expect(next(run, { ...seen, now: noon + 4000 }).run.candidate).toBe("orders-db-1");
    expect(next(run, seen)).toMatchObject({ is: "do", effect: { kind: "execute", of: "orders-db-2" } });
    expect(next(sent(run, "execute"), seen).run.candidate).toBe("orders-db-1");
    const unknown = { look: aLook({ receiving: false, sourceWritten: null }), lag: null };
    const lagging = withNode(seen.topology ?? group, "orders-db-2", unknown);
    expect(next(run, later(6000, {}, lagging)).run.candidate).toBe("orders-db-1");
  });

  it("restarts behind the wall a primary that it cannot ask", () => {
    const walled = withNode(aGroup(), "orders-db", { securityGroups: ["sg-quarantine"] });
    const step = next({ ...promoting, phase: "fence", fencedBy: null }, seenOf(walled));
    expect(step).toMatchObject({ is: "do", effect: { kind: "restart", node: "orders-db" } });
  });

  it("looks for a promotion that may have been sent before it sends it again, to the same node", () => {
    const run = sent(promoting, "execute");
    expect(next(run, later(10_000)).is).toBe("wait");
    expect(next(run, later(50_000, {}, fenced))).toMatchObject({
      is: "do",
      effect: { kind: "execute", of: "orders-db-1" },
      run: { sent: { execute: { tries: 2, unclear: true } } },
    });
    const begun = withNode(aGroup(), "orders-db-1", { status: "modifying" });
    expect(next(run, later(50_000, {}, begun))).toMatchObject({ is: "wait", run: { phase: "wait" } });
  });

  it("never repeats a call that names nobody, and never takes the fence off when one may have been sent", () => {
    const reboot = { ...promoting, method: "reboot-with-failover" as const, candidate: null };
    const step = next(sent(reboot, "execute", { unclear: true }), later(60_000));
    expect(step).toMatchObject({ is: "do", effect: { kind: "announce" }, run: { phase: "announce" } });
    expect(step.run.ending?.says).toContain("it may still happen");
  });

  it("takes the fence off when the promotion was refused for good", () => {
    const topology = withNode(aGroup(), "orders-db", { securityGroups: ["sg-quarantine"] });
    const run = sent(sent(promoting, "wall", { answer: "done" }), "execute", { answer: "refused", tries: 3 });
    const step = next({ ...run, groupsBefore: ["sg-app"] }, later(60_000, {}, topology));
    expect(step).toMatchObject({ is: "do", effect: { kind: "unwall", groups: ["sg-app"] } });
  });

  it("fences an old primary that takes writes again before it does anything else", () => {
    const back = withNode(aGroup(), "orders-db", { look: aLook({ writable: true, written: lsn("0/500") }) });
    const step = next({ ...promoting, phase: "repoint" }, seenOf(back));
    expect(step).toMatchObject({ is: "do", effect: { kind: "fence", node: "orders-db" } });
  });

  it("raises the wall before a stopped primary that is being started can take writes, and moves no name meanwhile", () => {
    const starting = withNode(aGroup(), "orders-db", { status: "starting" });
    const gone = { ...promoting, fencedBy: "gone" as const };
    expect(next({ ...sent(gone, "execute"), phase: "repoint" }, seenOf(starting))).toMatchObject({
      effect: { kind: "wall", node: "orders-db" },
    });
    expect(next(gone, seenOf(starting))).toMatchObject({ effect: { kind: "wall" }, run: { phase: "fence" } });
  });

  it("opens a new primary that inherited the fence", () => {
    const look = aLook({ writable: false, fenced: true });
    const promoted = withNode(aGroup(), "orders-db-1", { role: "writer", replicaOf: null, look });
    const step = next({ ...promoting, phase: "prove-writable" }, seenOf(promoted));
    expect(step).toMatchObject({ is: "do", effect: { kind: "unfence", node: "orders-db-1" } });
  });

  it("does nothing without the lock, and stops when another run has it", () => {
    expect(next(promoting, seenOf(aGroup(), { lock: null })).is).toBe("wait");
    expect(next(promoting, seenOf(aGroup(), { lock: "free" }))).toMatchObject({
      effect: { kind: "take-lock" },
    });
    const other = next(promoting, seenOf(aGroup(), { lock: { run: "run-9", token: 8 } }));
    expect(other.run.ending?.says).toContain("run-9 has taken this group over");
  });

  it("ends a dry run with the plan's next command and takes no lock", () => {
    const dry = aRun({ input: anInput({ dryRun: true }) });
    const step = next(dry, seenOf(aGroup(), { lock: "free" }));
    expect(step.run.ending).toMatchObject({
      status: "dry-run",
      says: expect.stringContaining("Nothing was done"),
    });
    expect(step).toMatchObject({ effect: { kind: "announce" } });
  });

  it("checks everything again after a person has agreed", () => {
    const asked = aRun({ ...promoting, approved: false, phase: "approve", fencedBy: null });
    const granted = { is: "granted" as const, at: noon, by: "U1" };
    const alive = withNode(aGroup(), "orders-db", { look: aLook({ writable: true }) });
    const step = next(asked, seenOf(alive, { approval: granted }));
    expect(step.run.ending).toMatchObject({ status: "held", says: expect.stringContaining("primary-alive") });
  });

  it("asks with the exact calls and says what cannot be taken back", () => {
    const step = next(aRun({ ...promoting, approved: false, phase: "approve" }), seenOf(aGroup()));
    if (step.is !== "do" || step.effect.kind !== "ask") throw new Error("nobody was asked");
    expect(JSON.stringify(step.effect.message.sections)).toContain("cannot be taken back");
    expect(step.effect.message.buttons.map(({ id }) => id)).toEqual(["approve", "decline"]);
  });

  it("promotes nothing while the candidate has not applied what it received", () => {
    const behind = withNode(aGroup(), "orders-db-1", { look: aLook({ received: lsn("0/900") }) });
    const run = { ...promoting, phase: "catch-up" as const };
    expect(next(run, seenOf(behind)).is).toBe("wait");
    expect(next(run, later(120_000, {}, behind)).run.ending?.says).toContain("has not applied everything");
    const forced = { ...run, input: anInput({ force: ["not-caught-up"] }) };
    expect(next(forced, later(120_000, {}, behind))).toMatchObject({ effect: { kind: "execute" } });
  });
});

describe("a run that is taken up again", () => {
  const failed = (phase: FailoverRun["phase"]) => ({
    ...{ status: "failed" as const, phase, says: "x", nextCommand: "y" },
  });

  it("goes on where the call may have been sent", () => {
    const run = { ...sent(promoting, "execute"), phase: "ended" as const, ending: failed("wait") };
    expect(redrive(run, noon)).toMatchObject({ phase: "wait", candidate: "orders-db-1", ending: null });
  });

  it("begins anew where it was not: the fence may be off by now", () => {
    const run = { ...sent(promoting, "wall"), phase: "ended" as const, ending: failed("catch-up") };
    expect(redrive(run, noon)).toMatchObject({ phase: "load", fencedBy: null, sent: {} });
  });

  it("stays ended when it was held or done", () => {
    const run = {
      ...promoting,
      phase: "ended" as const,
      ending: { ...failed("check"), status: "held" as const },
    };
    expect(redrive(run, noon)).toBe(run);
  });
});

describe("the plan", () => {
  it("shows each step in its order with what it sends", () => {
    const steps = planSteps({ ...promoting, phase: "check" }, aGroup());
    expect(steps.map(({ phase }) => phase)).toEqual([
      ...["load", "lock", "choose", "check", "approve", "fence", "catch-up", "execute", "wait"],
      ...["prove-writable", "repoint", "prove-name", "rebuild", "announce"],
    ]);
    const calls = steps.flatMap((step) => step.calls);
    expect(calls).toContain("aws rds reboot-db-instance --db-instance-identifier orders-db");
    expect(calls.join()).toContain("promote-read-replica --db-instance-identifier orders-db-1");
  });

  it.each<[Method, string]>([
    ["fail-over-cluster", "failover-db-cluster"],
    ["reboot-with-failover", "--force-failover"],
    ["switch-over-global", "switchover-global-cluster"],
    ["fail-over-global", "--allow-data-loss"],
  ])("of %s names its call", (method, call) => {
    expect(executeText({ ...promoting, method }, aGroup())).toContain(call);
  });
});

describe("what is told and kept", () => {
  it("a step that people wait for has a line with the time that has passed", () => {
    expect(progressMessage({ ...promoting, phase: "wait" }, noon + 12_000)?.headline).toBe(
      "12 s · orders-db: waits for RDS",
    );
    expect(progressMessage({ ...promoting, phase: "choose" }, noon)).toBeNull();
  });

  const duty = { kind: "watch-old-primary" as const, node: "orders-db", since: noon, because: "x" };

  it("an old primary that comes back and takes writes is fenced, whatever it is", () => {
    const moved = aGroup({ primary: "orders-db-1" });
    const back = withNode(moved, "orders-db", { look: aLook({ writable: true }) });
    expect(keepWatch(duty, back)).toMatchObject({ is: "fence", node: "orders-db" });
    expect(keepWatch(duty, aGroup()).is).toBe("watch");
  });

  it("the watch is over when it is gone or a replica", () => {
    expect(keepWatch(duty, aGroup({ nodes: [] })).is).toBe("over");
    expect(keepWatch(duty, aGroup({ nodes: [aNode("orders-db", { replicaOf: "orders-db-1" })] })).is).toBe(
      "over",
    );
  });
});
