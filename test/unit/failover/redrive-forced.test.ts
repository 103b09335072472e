import { describe, expect, it } from "vitest";
import { failover } from "../../../bin/commands/failover.ts";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { failoverStartSchema } from "../../../functions/core/contract/failover-machine.ts";
import { claim } from "../../../functions/core/failover/claim.ts";
import { watchEnded } from "../../../functions/core/failover/end-watch.ts";
import { tookSince } from "../../../functions/core/failover/loss.ts";
import { primaryState } from "../../../functions/core/failover/primary-state.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aNode, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const day = 86_400_000;
const of = { at: noon, tries: 1, unclear: false, answer: "none" as const, says: null };
const took = tookSince("orders-db", new Date(noon).toISOString(), "orders-db-1");
const ended = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, phase: "ended", sent: { execute: of } },
  loss: { bytes: null, transactions: null, seconds: null, rows: null, because: took },
  ending: { status: "failed", phase: "prove-writable", says: "It ended.", nextCommand: "x" },
});
/** Promoted by a call that came late; people stopped the old one, which had taken writes since. */
const stopped = withNode(
  withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", { role: "writer", replicaOf: null }),
  "orders-db",
  { status: "stopped" },
);
const seen = seenOf(stopped, { now: noon + day });

describe("a redrive whose person names overrides", () => {
  it("F5 goes on from an old primary that took writes and does not run any more", () => {
    const plain = next(redrive(ended, noon + day), seen).run;
    expect(plain.ending?.says).toContain("--redrive run-1 --force old-primary-unfenced");
    const forced = next(redrive(ended, noon + day, true, ["old-primary-unfenced"]), seen).run;
    expect(forced.ending).toBeNull();
    expect(forced.loss?.because).toBe(took);
    expect(forced.notes).toContain("Redriven with --force old-primary-unfenced.");
    expect(forced.forcedAgain).toEqual(["old-primary-unfenced"]);
    expect(forced.input.force).toBe(false);
  });

  it("F5 takes that word for no later redrive, nor one of when it began", () => {
    const before = { ...ended, input: { ...ended.input, force: ["old-primary-unfenced"] } };
    expect(next(redrive(before, noon + day), seen).run.ending?.status).toBe("failed");
    const said = { ...ended, forcedAgain: ["old-primary-unfenced"] };
    expect(next(redrive(said, noon + day), seen).run.ending?.status).toBe("failed");
  });

  it("F5 takes one of when it began for accepted behind its promotion, also where a card that asked was declined", () => {
    const force = ["old-primary-unfenced"];
    const [ending, times] = [
      { ...ended.ending, phase: "approve" as const },
      { ...ended.times, promoted: noon },
    ];
    const declined = { ...ended, input: { ...ended.input, force }, times, ending };
    const run = {
      ...declined,
      ending: { status: "failed" as const, says: "x", nextCommand: "y", ...ending },
    };
    expect(redrive(run, noon + day).input.force).toEqual(force);
    expect(redrive({ ...run, times: ended.times }, noon + day).input.force).toBe(false);
  });

  it("K4 are refused for a run that goes on, which would not hear of them; whoever begins again with them does", async () => {
    const goesOn = { ...ended, phase: "wait" as const, ending: null, driver: { name: "e1#c1", at: noon } };
    const claims = (run: FailoverRun, force: readonly string[]) => {
      const runs = { get: async () => run, save: async (of: FailoverRun) => of };
      const take = async (_group: string, id: string) => ({ run: id, token: 8 });
      const lock = { holder: async () => null, release: async () => undefined, take };
      const ports = { runs: { ...runs, open: async () => [], standing: async () => [] }, lock };
      const clock = { now: () => noon + 60_000, sleep: async () => undefined };
      return claim("run-1", { ports, clock, execution: "e2", call: "c2", how: "redrive", force });
    };
    await expect(claims(goesOn, ["name-leads-away"])).rejects.toThrow("goes on in wait");
    expect(await claims(goesOn, [])).toMatchObject({ phase: "wait", token: 8 });
    const begun = { ...goesOn, forcedAgain: ["name-leads-away"] };
    expect(await claims(begun, ["name-leads-away"])).toMatchObject({ phase: "wait", token: 8 });
  });

  it("F5 does not go on from one that takes writes", () => {
    const writes = withNode(stopped, "orders-db", { status: "available", look: aLook({ writable: true }) });
    const forced = redrive(ended, noon + day, true, ["old-primary-unfenced"]);
    expect(next(forced, seenOf(writes, { now: noon + day })).run.ending?.status).toBe("failed");
  });

  it("K4 are named one by one, and only for a redrive", async () => {
    const io = { out: () => undefined, err: () => undefined, terminal: false };
    const typed = (options: object) => failover.run({ ...options }, io);
    await expect(typed({ redrive: "fo-1", force: ["all"] })).rejects.toThrow("one by one");
    await expect(typed({ redrive: "fo-1", force: ["primary-alife"] })).rejects.toThrow("did you mean");
    await expect(typed({ "give-back": "fo-1", force: ["primary-alive"] })).rejects.toThrow("no --force");
    const start = { redrive: "fo-1", force: ["primary-alive"] };
    expect(failoverStartSchema.parse(start)).toEqual(start);
  });
});

describe("a watch that a person ends", () => {
  it("F5 says that people stay where the choice between two was left to them", () => {
    expect(watchEnded(ended, noon + day)).toMatchObject({ staysAt: noon + day, duties: [], keepsLock: true });
  });

  it("F5 says nothing of it where names were moved, or no call was sent", () => {
    const moved = { ...ended, times: { ...ended.times, repointed: noon } };
    expect(watchEnded(moved, noon + day).staysAt).toBeNull();
    expect(watchEnded({ ...ended, sent: {} }, noon + day).staysAt).toBeNull();
  });

  it("F5 is refused while the run goes on", () => {
    expect(() => watchEnded({ ...ended, phase: "wait" }, noon)).toThrow("goes on in wait");
  });
});

describe("a planned failover of a primary that takes no writes", () => {
  const state = (look: object) => {
    const node = aNode("orders-db", {
      role: "writer",
      replicaOf: null,
      look: aLook({ fenced: true, ...look }),
    });
    return primaryState(aGroup(), node).is;
  };

  it("F3 is of one that lives where an earlier fence alone keeps it from them, and of a dead one beneath it", () => {
    expect(state({ traces: true })).toBe("alive");
    expect(state({ traces: true, readOnly: true })).toBe("dead");
  });
});
