import { describe, expect, it } from "vitest";
import type { FailoverRun, Phase } from "../../../functions/core/contract/failover.ts";
import type { FailoverTopology } from "../../../functions/core/contract/failover-topology.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  aRun,
  lsn,
  noAnswer,
  noon,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const unanswered = { ...of, answer: "none" as const };
const run = aRun({
  ...{ phase: "execute", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
  ...{ group: "orders-db", token: 7, fencedBy: "door", goal: lsn("0/500"), groupsBefore: ["sg-app"] },
  sent: { wall: { ...of, at: noon - 90_000 }, fence: { ...of, at: noon - 90_000 } },
});
const walled = withNode(aGroup(), "orders-db", { securityGroups: ["sg-quarantine"] });
const shut = (written: string) =>
  withNode(walled, "orders-db", { look: aLook({ fenced: true, written: lsn(written) }) });
const opened = (written: string) =>
  withNode(aGroup(), "orders-db", { look: aLook({ writable: true, clients: 5, written: lsn(written) }) });

function failed(phase: Phase, overrides: Partial<FailoverRun>): FailoverRun {
  const ending = { status: "failed" as const, phase, says: "x", nextCommand: "y" };
  return { ...run, phase: "ended", sent: { ...run.sent, execute: unanswered }, ending, ...overrides };
}

/** One look after the other, each call answered; what was sent in that order. */
function looks(from: FailoverRun, each: readonly (readonly [FailoverTopology, number])[]) {
  let at = from;
  let key: string | null = null;
  const kinds: string[] = [];
  for (const [topology, now] of each) {
    const answer = key === null ? null : { key, is: "done" as const, says: null };
    const step = next(at, seenOf(topology, { now, answer }));
    key = step.is === "do" ? step.effect.key : null;
    if (step.is === "do") kinds.push(step.effect.kind);
    at = step.run;
  }
  return { run: at, kinds };
}

describe("what cleared a promotion", () => {
  it("F5 counts for a minute: a switch, a lock or a function that failed may have been hours", () => {
    const cleared = { ...run, clearedAt: noon };
    const soon = next(cleared, seenOf(shut("0/500"), { now: noon + 60_000 }));
    expect(soon).toMatchObject({ effect: { kind: "execute" }, run: { clearedAt: noon } });
    const late = next(cleared, seenOf(shut("0/900"), { now: noon + 60_001 }));
    expect(late).toMatchObject({ is: "wait", run: { phase: "catch-up", goal: lsn("0/900") } });
  });

  it("F5 is not held by a replication that broke at the fence, where the candidate has all that was written", () => {
    const waiting = { ...run, phase: "catch-up" as const };
    const broken = { replication: { status: "error", normal: false } };
    const seen = (written: string) => seenOf(withNode(shut(written), "orders-db-1", broken));
    const reached = { ...waiting, goal: lsn("0/500") };
    expect(next(reached, seen("0/500"))).toMatchObject({ is: "do", effect: { kind: "execute" } });
    expect(next({ ...waiting, goal: lsn("0/900") }, seen("0/900"))).toMatchObject({ is: "wait" });
    const unsaid = next(
      { ...reached, fencedBy: "restart", goal: null },
      seenOf(withNode(walled, "orders-db-1", broken)),
    );
    expect(unsaid).toMatchObject({ is: "wait", says: expect.stringContaining("replication-stopped") });
  });

  it("F5 does not count any more once the old primary took writes before the second call", () => {
    const again = {
      ...run,
      clearedAt: noon + 46_000,
      sent: { ...run.sent, execute: unanswered },
    };
    const { run: after, kinds } = looks(again, [
      [opened("0/900"), noon + 50_000],
      [shut("0/900"), noon + 55_000],
      [shut("0/900"), noon + 56_000],
    ]);
    expect(kinds).toEqual(["fence"]);
    expect(after).toMatchObject({ phase: "catch-up", goal: lsn("0/900") });
  });

  it.each<Phase>(["fence", "catch-up", "execute"])("F5 is proved anew by a redrive (%s)", (phase) => {
    const cleared = failed(phase, { clearedAt: noon + 50_000 });
    const again = redrive(cleared, noon + 100_000);
    expect(again).toMatchObject({ phase: "fence", fencedBy: null, goal: null, clearedAt: null });
    const { run: after, kinds } = looks(again, [
      [opened("0/900"), noon + 100_000],
      [withNode(opened("0/900"), "orders-db", { securityGroups: ["sg-quarantine"] }), noon + 101_000],
      [shut("0/900"), noon + 106_000],
    ]);
    expect(kinds).toEqual(["wall", "fence"]);
    expect(after).toMatchObject({ phase: "catch-up", goal: lsn("0/900") });
  });
});

describe("a restart behind a wall", () => {
  const restartedAt = new Date(noon - 70_000).toISOString();
  const sent = { wall: of, restart: { ...of, at: noon - 80_000 }, execute: unanswered };
  const restarted = (topology: FailoverTopology) =>
    withNode(topology, "orders-db", { restartedAt, look: noAnswer });

  it("F5 proves nothing once the wall was seen down: clients came back behind it", () => {
    const again = redrive(failed("execute", { fencedBy: "restart", sent }), noon + 100_000);
    const { kinds } = looks(again, [
      [restarted(aGroup()), noon + 100_000],
      [restarted(walled), noon + 112_000],
      [restarted(walled), noon + 120_000],
    ]);
    expect(kinds).toEqual(["wall", "restart"]);
  });

  it("F5 proves nothing to a redrive of ten minutes later: nobody looked whether the wall stood", () => {
    const fence = { wall: of, restart: sent.restart };
    const stuck = failed("catch-up", { fencedBy: "restart", sent: fence, phaseSince: noon });
    expect(next(redrive(stuck, noon + 600_000), seenOf(restarted(walled)))).toMatchObject({
      effect: { kind: "execute" },
    });
    expect(next(redrive(stuck, noon + 600_001), seenOf(restarted(walled)))).toMatchObject({
      effect: { kind: "restart" },
    });
    const unclear = failed("execute", { fencedBy: "restart", sent, phaseSince: noon });
    expect(redrive(unclear, noon + 600_001).sent).not.toHaveProperty("restart");
  });
});

describe("a redrive long after a call of which nothing shows", () => {
  const days = noon + 3 * 86_400_000;
  const asked = failed("execute", { approved: false, times: { ...run.times, approved: noon - 200_000 } });
  const replica = { look: aLook({ receiving: false, applied: lsn("0/500") }) };
  const down = withNode(aGroup(), "orders-db-1", replica);

  it("F3 fences nobody who works: every check is made again", () => {
    const step = next(redrive(asked, days, true), seenOf(opened("0/500"), { now: days }));
    expect(step).toMatchObject({
      effect: { kind: "announce" },
      run: { ending: { status: "failed", phase: "check" } },
    });
    expect(step.run.ending?.says).toMatch(/^The call is not sent again\. primary-alive.*it may still happen/);
  });

  it("F1 asks anew whether the checks pass or not, and sends on after the click", () => {
    const again = redrive(asked, days);
    expect(again).toMatchObject({ phase: "check", approval: null, times: { approved: null } });
    const step = next(again, seenOf(down, { now: days }));
    expect(step).toMatchObject({ effect: { kind: "ask" }, run: { phase: "approve" } });
    const approval = { is: "granted" as const, by: "U1", at: days + 9000 };
    const after = next(step.run, seenOf(down, { now: days + 10_000, approval }));
    expect(after).toMatchObject({ effect: { kind: "wall" }, run: { phase: "fence" } });
    const declined = { is: "declined" as const, by: "U1", at: days + 9000 };
    const end = next(step.run, seenOf(down, { now: days + 10_000, approval: declined }));
    expect(end.run.ending).toMatchObject({
      ...{ status: "failed", phase: "approve", says: expect.stringContaining("it may still happen") },
    });
    expect(redrive({ ...end.run, phase: "ended" }, days + 20_000).phase).toBe("check");
  });

  it("F7 goes on with the call where it shows after all, whoever was to be asked", () => {
    const begun = withNode(down, "orders-db-1", { replicaOf: null, role: "writer", status: "modifying" });
    for (const phase of ["check", "approve"] as const) {
      const step = next({ ...redrive(asked, days), phase }, seenOf(begun, { now: days }));
      expect(step.run.phase).toBe("wait");
    }
  });

  it("F4 does not take its own call without an answer for another failover", () => {
    const soon = noon + 1_000_000;
    const lastFailoverAt = new Date(noon + 300).toISOString();
    const step = next(redrive(asked, soon, true), seenOf({ ...down, lastFailoverAt }, { now: soon }));
    expect(step).toMatchObject({ effect: { kind: "wall" } });
  });

  it("F1 asks of a cluster's failover, too", () => {
    const named = failed("execute", { method: "fail-over-cluster", sent: { execute: unanswered } });
    expect(redrive(named, days)).toMatchObject({ phase: "check", times: { approved: null } });
    expect(redrive(named, noon + 60_000).phase).toBe("execute");
    const unnamed = { ...named, method: "reboot-with-failover" as const, candidate: null };
    expect(redrive(unnamed, days).phase).toBe("execute");
  });
});
