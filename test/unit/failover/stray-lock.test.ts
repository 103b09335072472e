import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { ConflictError } from "../../../functions/core/errors.ts";
import { carryOut } from "../../../functions/core/failover/carry-out.ts";
import { type ClaimProps, claim } from "../../../functions/core/failover/claim.ts";
import { knownSituation } from "../../../functions/core/failover/known-situation.ts";
import type { LockHolder } from "../../../functions/core/failover/ports.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, anInput, aRun, noon, seenOf } from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const held = { status: "held" as const, phase: "check" as const, says: "x", nextCommand: "y" };
const failed = { ...held, status: "failed" as const };
const clock = { now: () => noon, sleep: async () => undefined };

/** A run of which another one writes the end between the reading and the taking of the lock here. */
async function lostTo(ended: Partial<FailoverRun>, how: ClaimProps["how"]) {
  let stored: FailoverRun = aRun({
    ...{ phase: "release", group: "orders-db", token: 7, revision: 5, ending: held },
    driver: { name: "e1#c1", at: noon },
  });
  let has: LockHolder | null = { run: "run-1", token: 7 };
  const runs = {
    get: async () => stored,
    open: async () => [],
    standing: async () => [],
    save: async (run: FailoverRun) => {
      if (run.revision !== stored.revision) throw new ConflictError("it has moved on");
      stored = { ...run, revision: run.revision + 1 };
      return stored;
    },
  };
  const lock = {
    holder: async () => {
      has = null;
      stored = { ...stored, phase: "ended", revision: 6, ...ended };
      return has;
    },
    take: async (_group: string, run: string) => {
      has = { run, token: 8 };
      return has;
    },
    release: async (_group: string, run: string, _signal?: AbortSignal, token?: number) => {
      if (has?.run === run && has.token === token) has = null;
    },
  };
  const claimed = claim("run-1", { ports: { runs, lock }, clock, execution: "e1", call: "c2", how });
  await expect(claimed).rejects.toThrow(ConflictError);
  return has;
}

describe("a run that another call ends while this one takes its lock anew", () => {
  it.each<ClaimProps["how"]>(["again", "take-up"])("F4 leaves no lock behind: %s", async (how) => {
    expect(await lostTo({ sent: { release: of } }, how)).toBeNull();
    expect(await lostTo({ sent: {}, ending: held }, how)).toBeNull();
  });

  it("F4 keeps it where it was given up: what was sent may still happen", async () => {
    expect(await lostTo({ sent: {}, ending: failed }, "take-up")).toEqual({ run: "run-1", token: 8 });
  });
});

describe("a new run that finds the lock with one that has ended", () => {
  const lock = { run: "run-0", token: 3 };
  const begun = aRun({ phase: "lock", group: "orders-db" });
  const by = (change: Partial<FailoverRun>): FailoverRun => ({
    ...aRun({ phase: "ended", group: "orders-db", ending: held }),
    ...{ id: "run-0", ...change },
  });
  const seen = (change: Partial<FailoverRun>, ms = 0) =>
    seenOf(aGroup(), { lock, earlier: [by(change)], now: noon + ms });

  it.each(["held", "done"] as const)(
    "F4 gives back what nobody else would, of one that ended %s",
    async (status) => {
      const step = next(begun, seen({ ending: { ...held, status } }));
      expect(step).toMatchObject({
        effect: { kind: "free-lock", group: "orders-db", holder: "run-0", token: 3 },
      });
      if (step.is !== "do") throw new Error("nothing is sent");
      const released: unknown[] = [];
      const release = async (...args: unknown[]) =>
        void released.push(args.filter((arg) => arg !== undefined));
      const refuses = async () => {
        throw new Error("it is not asked for that");
      };
      const port = { holder: refuses, take: refuses, release };
      const unused = { get: refuses, save: refuses, open: refuses, standing: refuses };
      const answer = await carryOut(step.effect, { ...stub(refuses), lock: port, runs: unused });
      expect(answer).toMatchObject({ key: "free-lock", is: "done" });
      expect(released).toEqual([["orders-db", "run-0", 3]]);
      const freed = next(step.run, { ...seenOf(aGroup(), { lock: "free", now: noon + 100 }), answer });
      expect(freed).toMatchObject({ effect: { kind: "take-lock", group: "orders-db" } });
    },
  );

  it("F4 gives back what one left that failed, and had given its lock back: a taking that came late", () => {
    const regular = { ending: failed, sent: { release: of } };
    expect(next(begun, seen(regular))).toMatchObject({ effect: { kind: "free-lock", holder: "run-0" } });
  });

  it.each<[string, Partial<FailoverRun>, string | null]>([
    ["ended and gave it back", { ending: failed, sent: { release: of } }, null],
    ["was done", { ending: { ...held, status: "done" } }, null],
    ["keeps it", { keepsLock: true }, "run-0"],
    ["was given up", { ending: failed }, "run-0"],
    ["goes on", { phase: "wait", ending: null }, "run-0"],
  ])("F4 holds a dry run by whom the real one is held by: %s", async (_, change, otherRun) => {
    const dry = { ...begun, phase: "check" as const, input: anInput({ dryRun: true }) };
    const nothing = { openIncidentOf: async () => null, get: async () => null };
    const deps = { incidents: nothing, lock: { holder: async () => lock } };
    const runs = { get: async () => by(change) };
    expect(await knownSituation(dry, { ...deps, runs })).toMatchObject({ otherRun });
    const broken = { get: () => Promise.reject(new Error("no answer")) };
    expect(await knownSituation(dry, { ...deps, runs: broken })).toMatchObject({ otherRun: "run-0" });
  });

  it("F4 waits a minute for one that gives it back, as the sweeper does behind its fence", () => {
    const kept = { keepsLock: true, ending: failed };
    expect(next(begun, seen(kept, 30_000))).toMatchObject({
      ...{ is: "wait", says: "run-0 has ended and gives the lock back" },
    });
    expect(next(begun, seen(kept, 61_000)).run.ending).toMatchObject({
      status: "held",
      says: expect.stringMatching(/its lock was not given back so far.*Nothing was done\./),
      nextCommand: expect.stringContaining("responder failover orders-db --reason"),
    });
  });

  it("F4 is sent to the redrive of one that was given up with it", () => {
    expect(next(begun, seen({ ending: failed })).run.ending).toMatchObject({
      ...{ status: "held", nextCommand: "responder failover --redrive run-0" },
      says: expect.stringContaining("It ended in check and keeps the lock"),
    });
  });

  it("F4 takes nothing from one that goes on, and says who it is", () => {
    expect(next(begun, seen({ phase: "wait", ending: null })).run.ending).toMatchObject({
      ...{ status: "held", nextCommand: expect.stringContaining("--show run-0") },
    });
  });
});

/** Ports of which none is to be used. */
function stub(refuses: () => Promise<never>) {
  return {
    controlPlane: {
      ...{ describe: refuses, nameOf: refuses, promoteReplica: refuses, failOverCluster: refuses },
      ...{ rebootWithFailover: refuses, switchOverGlobal: refuses, failOverGlobal: refuses },
      ...{ setSecurityGroups: refuses, restart: refuses, createReplica: refuses, tag: refuses },
    },
    door: { look: refuses, fence: refuses, unfence: refuses },
    names: { read: refuses, point: refuses },
    voice: { tell: refuses, announce: refuses, ask: refuses, approval: refuses },
  };
}
