import { describe, expect, it } from "vitest";
import type { FailoverRun, Phase } from "../../../functions/core/contract/failover.ts";
import type { FailoverTopology } from "../../../functions/core/contract/failover-topology.ts";
import { type ClaimProps, claim } from "../../../functions/core/failover/claim.ts";
import { goneStale, redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
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

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const minute = 60_000;
const hours = 5 * 60 * minute;
const died = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, fencedBy: "door", goal: lsn("0/500"), groupsBefore: ["sg-app"], approved: false },
  ...{ times: { ...aRun().times, approved: noon }, sent: { wall: of, fence: of } },
  driver: { name: "e1#c1", at: noon },
});
const walled = withNode(aGroup(), "orders-db", { securityGroups: ["sg-quarantine"] });
/** Opened by hand, and served from since. */
const opened = withNode(aGroup(), "orders-db", { look: aLook({ writable: true, clients: 50 }) });

async function claimed(run: FailoverRun, ms: number, how: ClaimProps["how"] = "take-up") {
  const runs = {
    get: async () => run,
    save: async (saved: FailoverRun) => saved,
    open: async () => [],
    standing: async () => [],
  };
  const take = async (_group: string, id: string) => ({ run: id, token: 8 });
  const lock = { holder: async () => null, release: async () => undefined, take };
  const clock = { now: () => noon + ms, sleep: async () => undefined };
  return claim("run-1", { ports: { runs, lock }, clock, execution: "e1", call: "c2", how });
}

/** What a run does that was claimed so late, look by look, each call answered, until it waits or ends. */
function does(run: FailoverRun, topology: FailoverTopology, ms: number): readonly string[] {
  let at = run;
  let key: string | null = null;
  const kinds: string[] = [];
  for (let look = 0; look < 6; look += 1) {
    const answer = key === null ? null : { key, is: "done" as const, says: null };
    const lock = { run: "run-1", token: 8 };
    const step = next(at, seenOf(topology, { now: noon + ms + look * 6000, answer, lock }));
    if (step.is !== "do") break;
    kinds.push(step.effect.kind);
    key = step.effect.key;
    at = step.run;
  }
  return kinds;
}

describe("a run whose driver died on the way to the call, taken up much later", () => {
  it.each<[Phase, ClaimProps["how"]]>([
    ["fence", "take-up"],
    ["catch-up", "take-up"],
    ["execute", "take-up"],
    ["execute", "again"],
  ])(
    "F5 F7 in %s (%s) begins anew, and fails no primary over that people opened by hand",
    async (phase, how) => {
      const run = await claimed({ ...died, phase }, hours, how);
      expect(run).toMatchObject({ phase: "load", token: 8, fencedBy: null, goal: null, approval: null });
      expect(Object.keys(run.sent)).toEqual(["wall", "fence"]);
      const kinds = does(run, opened, hours);
      expect(kinds).not.toContain("wall");
      expect(kinds).not.toContain("execute");
      expect(
        next(run, seenOf(opened, { now: noon + hours, lock: { run: "run-1", token: 8 } })).run.ending,
      ).toMatchObject({
        ...{ status: "held", says: expect.stringContaining("primary-alive") },
      });
    },
  );

  it("F1 asks again for what was agreed to so long ago, also of whoever started it", async () => {
    for (const approved of [false, true]) {
      const run = await claimed({ ...died, approved, phase: "catch-up" }, hours);
      expect(does(run, walled, hours)).toEqual(["ask"]);
    }
  });

  it("F1 moves no cluster by a click of hours ago", async () => {
    const cluster = aGroup({
      ...{ kind: "aurora", clusterId: "c", clusterStatus: "available" },
      nodes: [
        aNode("orders-db", { role: "writer", replicaOf: null, tier: 1, look: aLook({ writable: true }) }),
        aNode("orders-db-1", { role: "reader", replicaOf: null, tier: 1 }),
      ],
    });
    const planned = { ...died, input: anInput({ kind: "planned" as const }), sent: {} };
    const run = await claimed({ ...planned, phase: "execute", method: "fail-over-cluster" }, hours);
    expect(does(run, cluster, hours)).toEqual(["ask"]);
  });

  it("F5 proves anew after ten silent minutes, and goes on as it was before them", async () => {
    const soon = { ...died, approved: true, phase: "catch-up" as const };
    expect(await claimed(soon, 9 * minute)).toMatchObject({ phase: "catch-up", fencedBy: "door" });
    expect(await claimed(soon, 10 * minute)).toMatchObject({ phase: "load", approved: true });
  });

  it("F7 goes on behind a call that may have happened, asks anew before the next one, and watches one that shows", async () => {
    const called = { ...died, sent: { ...died.sent, execute: { ...of, answer: "none" as const } } };
    const run = await claimed({ ...called, phase: "execute" }, hours);
    expect(run).toMatchObject({ phase: "check", fencedBy: null, sent: { execute: { at: noon } } });
    expect(does(run, opened, hours).slice(0, 2)).toEqual(["announce", "release-lock"]);
    const begun = withNode(walled, "orders-db-1", { replicaOf: null, role: "writer", status: "modifying" });
    expect(next(run, seenOf(begun, { now: noon + hours, lock: { run: "run-1", token: 8 } })).run.phase).toBe(
      "wait",
    );
    expect((await claimed({ ...called, phase: "repoint" }, hours)).phase).toBe("repoint");
  });

  it("F1 leaves a card that is asked to its own time, and takes a click by when it was", async () => {
    const asked = { ...died, phase: "approve" as const, times: aRun().times, sent: { ask: of } };
    const run = await claimed(asked, hours);
    expect(run.phase).toBe("approve");
    const ofLoss = { ...asked, approved: true, byCard: true, accepts: { lagSeconds: 60, granted: false } };
    expect((await claimed(ofLoss, hours)).phase).toBe("approve");
    const approval = { is: "granted" as const, at: noon + minute, by: "U1" };
    const dead = withNode(aGroup(), "orders-db", { look: noAnswer });
    const step = next(run, seenOf(dead, { now: noon + hours, approval, lock: { run: "run-1", token: 8 } }));
    expect(step.run.ending).toMatchObject({ status: "held", says: expect.stringContaining("too long ago") });
  });
});

describe("what its starter agreed to by typing it", () => {
  /** It dies in check again and again, and somebody looked each time. */
  const typed = aRun({
    ...{
      phase: "check",
      approved: true,
      startedAt: noon,
      saidAt: noon,
      input: anInput({ force: ["primary-alive"] }),
    },
    ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  });
  const at = (ms: number) => ({ ...typed, phaseSince: noon + ms, lookedAt: noon + ms, sawAt: noon + ms });

  it("F5 counts for 16 minutes, however often its run was taken up meanwhile: then it is asked", () => {
    expect(goneStale(at(10 * minute), noon + 11 * minute)).toMatchObject({ phase: "check", approved: true });
    expect(goneStale(at(35 * minute), noon + 36 * minute)).toMatchObject({ phase: "load", approved: false });
    const asked = { ...at(35 * minute), approved: false };
    expect(goneStale(asked, noon + 36 * minute)).toMatchObject({ phase: "check" });
  });

  it("F5 is said anew by a redrive", () => {
    const ending = { status: "failed" as const, phase: "check" as const, says: "x", nextCommand: "y" };
    const again = redrive({ ...typed, phase: "ended", ending }, noon + 60 * minute);
    expect(again.saidAt).toBe(noon + 60 * minute);
  });
});
