import { describe, expect, it } from "vitest";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aRun, lsn, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const run = aRun({
  ...{ phase: "catch-up", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
  ...{ group: "orders-db", token: 7, fencedBy: "door", goal: lsn("0/500"), groupsBefore: ["sg-app"] },
  sent: { wall: of, fence: of },
});
const walled = withNode(aGroup(), "orders-db", { securityGroups: ["sg-quarantine"] });
const alive = (written: string) =>
  withNode(walled, "orders-db", { look: aLook({ writable: true, clients: 2, written: lsn(written) }) });
const shut = (written: string) =>
  withNode(walled, "orders-db", { look: aLook({ fenced: true, written: lsn(written) }) });

describe("an old primary that takes writes before the first call", () => {
  it("F5 is fenced anew, and its new end is what the candidate has to have", () => {
    const back = next(run, seenOf(alive("0/800"), { now: noon + 6000 }));
    expect(back).toMatchObject({ effect: { kind: "fence" }, run: { phase: "fence", goal: null } });
    const answer = { key: "fence", is: "done" as const, says: null };
    const step = next(back.run, seenOf(shut("0/900"), { now: noon + 8000, answer }));
    expect(step).toMatchObject({ is: "wait", run: { phase: "catch-up", goal: lsn("0/900") } });
  });

  it("F5 is not held for fenced by a restart of before", () => {
    const restartedAt = new Date(noon + 1000).toISOString();
    const again = withNode(alive("0/800"), "orders-db", { restartedAt });
    const restarted = { ...run, fencedBy: "restart" as const, sent: { wall: of, restart: of } };
    expect(next(restarted, seenOf(again, { now: noon + 6000 }))).toMatchObject({ effect: { kind: "fence" } });
  });
});

describe("a promotion of which nothing shows, sent again", () => {
  const unanswered = {
    ...run,
    phase: "execute" as const,
    sent: { ...run.sent, execute: { ...of, answer: "none" as const } },
  };
  const failed = {
    ...{ ...unanswered, phase: "ended" as const },
    ending: { status: "failed" as const, phase: "execute" as const, says: "x", nextCommand: "y" },
  };
  const days = noon + 3 * 86_400_000;

  it("F5 goes to nobody who is behind what the old primary wrote since", () => {
    const forced = redrive(failed, days, true, ["primary-alive", "candidate-lag-unknown"]);
    const first = next(forced, seenOf(alive("9/0"), { now: days }));
    expect(first.run.phase).not.toBe("catch-up");
    const step = next(first.run, seenOf(shut("9/0"), { now: days + 6000 }));
    expect(step).toMatchObject({ is: "wait", run: { phase: "catch-up", goal: lsn("9/0") } });
    const end = next(step.run, seenOf(shut("9/0"), { now: days + 200_000 }));
    expect(end.run.ending).toMatchObject({ status: "failed", phase: "catch-up" });
    expect(end.run.ending?.says).toContain("it may still happen");
    expect(JSON.stringify(end)).not.toContain('"kind":"unfence"');
  });

  it("F7 is sent where the candidate has it all, once for each way there", () => {
    const step = next(unanswered, seenOf(shut("0/500"), { now: noon + 50_000 }));
    expect(step).toMatchObject({ effect: { kind: "execute" }, run: { clearedAt: noon + 50_000 } });
    expect(next(step.run, seenOf(shut("0/500"), { now: noon + 51_000 })).is).toBe("wait");
  });

  it("F7 is waited for where it shows after all while the fence is looked at", () => {
    const begun = withNode(shut("0/500"), "orders-db-1", { replicaOf: null, role: "writer" });
    for (const phase of ["fence", "catch-up"] as const) {
      const step = next({ ...unanswered, phase }, seenOf(begun, { now: noon + 50_000 }));
      expect(step.run.times.promoted).toBe(noon + 50_000);
    }
  });
});
