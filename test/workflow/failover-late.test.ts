import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../functions/core/contract/failover.ts";
import { ConflictError } from "../../functions/core/errors.ts";
import { givenBack } from "../../functions/core/failover/lock-given-back.ts";
import { sweepRuns } from "../../functions/core/failover/sweep-runs.ts";
import { createFailoverLab } from "../support/failover-lab.ts";

const of = { at: 0, tries: 1, unclear: false, answer: "done" as const, says: null };

/** A run as it was left. */
async function left(change: Partial<FailoverRun>) {
  const lab = createFailoverLab({});
  const typed = { database: "orders-db", reason: "checkout fails" };
  await lab.handler({ step: "begin", execution: { Name: "e1" }, input: typed });
  const run = await lab.ports.runs.get("fo-e1");
  if (run === null) throw new Error("nothing was begun");
  await lab.ports.runs.save({ ...run, group: "orders-db", ...change });
  const known = async () => {
    const stored = await lab.ports.runs.get("fo-e1");
    if (stored === null) throw new Error("it is gone");
    return stored;
  };
  return { ...lab, known };
}

describe("a run that nobody went on with for hours", () => {
  it("F5 is begun anew by the sweeper, whose own mark says nothing of how long it was", async () => {
    const lab = await left({
      ...{ phase: "catch-up", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
      ...{ fencedBy: "door", groupsBefore: ["sg-app"], sent: { wall: of, fence: of } },
    });
    lab.skip(700_000);
    const started = { start: async () => "started" as const };
    expect(await sweepRuns({ ...lab.deps, workflow: started })).toMatchObject({ takenUp: ["fo-e1"] });
    expect(await lab.known()).toMatchObject({
      phase: "load",
      fencedBy: null,
      takenUp: 1,
      sent: { fence: of },
    });
    await lab.start("e2", { takeUp: "fo-e1" });
    expect((await lab.known()).ending).toMatchObject({
      ...{ status: "held", says: expect.stringContaining("primary-alive") },
    });
    expect(lab.world.promoted).toEqual([]);
  });
});

describe("a run whose executions died saying its end", () => {
  const ending = {
    status: "done",
    phase: "rebuild",
    says: "orders-db-1 is the primary.",
    nextCommand: "x",
  } as const;

  it("F7 keeps that end, which the sweeper tells, and whose lock it gives back", async () => {
    const lab = await left({ phase: "announce", takenUp: 5, ending });
    await lab.ports.lock.take("orders-db", "fo-e1");
    lab.skip(200_000);
    expect(await lab.handler({ step: "sweep" })).toMatchObject({ givenUp: ["fo-e1"] });
    expect(await lab.known()).toMatchObject({ phase: "ended", ending });
    await lab.handler({ step: "sweep" });
    expect(lab.chat.messages.at(-1)?.message.headline).toMatch(/^Failed over: orders-db/);
    expect(lab.world.lock).toBeNull();
    expect(await lab.handler({ step: "sweep" })).toMatchObject({ open: 0 });
  });

  it("F7 tells an end that was told no second time where it died giving the lock back", async () => {
    const lab = await left({ phase: "release", takenUp: 5, ending });
    await lab.ports.lock.take("orders-db", "fo-e1");
    lab.skip(200_000);
    const said = lab.chat.messages.length;
    for (let sweep = 0; sweep < 2; sweep += 1) await lab.handler({ step: "sweep" });
    expect(lab.chat.messages).toHaveLength(said);
    expect(lab.world.lock).toBeNull();
    expect((await lab.known()).ending).toEqual(ending);
  });
});

describe("a sweeper and a redrive in the same moment", () => {
  const ending = { status: "failed", phase: "load", says: "x", nextCommand: "y" } as const;
  const redrive = { step: "begin", execution: { Name: "e2" }, input: { redrive: "fo-e1" } };

  it("F4 leave no lock behind that nobody knows of", async () => {
    const lab = await left({ phase: "ended", ending });
    const { holder } = lab.deps.ports.lock;
    let first = true;
    const swept = async () => {
      if (first) {
        first = false;
        await givenBack(await lab.known(), { ...lab.ports, lock: { ...lab.ports.lock, holder } });
      }
      return holder("orders-db");
    };
    const run = await lab.known();
    await lab.ports.runs.save({ ...run, token: 1 });
    lab.deps.ports.lock.holder = swept;
    await expect(lab.handler(redrive)).rejects.toThrow(ConflictError);
    expect(await lab.known()).toMatchObject({ phase: "ended", keepsLock: false });
    expect(lab.world.lock).toBeNull();
  });

  it("F6 tell no end of before once somebody goes on with it", async () => {
    const untold = { since: 0, tries: 0 };
    const lab = await left({ phase: "ended", ending, untold });
    const { get } = lab.ports.runs;
    let first = true;
    const stale = async (id: string) => {
      const run = await get(id);
      if (first) {
        first = false;
        await lab.handler(redrive);
      }
      return run;
    };
    const runs = { ...lab.ports.runs, get: stale };
    const said = lab.chat.messages.length;
    await sweepRuns({ ...lab.deps, ports: { ...lab.ports, runs } });
    expect(lab.chat.messages).toHaveLength(said);
    expect((await lab.known()).phase).toBe("load");
  });
});
