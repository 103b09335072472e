import { describe, expect, it } from "vitest";
import { sweepRuns } from "../../functions/core/failover/sweep-runs.ts";
import { leftIn, minute, servedLab } from "../support/served-lab.ts";

const day = 24 * 60 * minute;
const typed = { database: "orders-db", reason: "checkout fails" };

/** A failover whose call got no answer and never arrived. People opened the primary by hand, and it served for a day. */
async function servedForADay() {
  const lab = servedLab();
  lab.dies();
  lab.calls("unsent");
  await lab.start("e1", typed);
  lab.calls("answered");
  lab.openedByHand();
  lab.served(day);
  lab.sent.length = 0;
  const busy = (status: string, ms: number) => {
    lab.candidate.status = status;
    lab.world.at(lab.clock.now() + ms, () => {
      lab.candidate.status = "available";
    });
  };
  return { ...lab, busy };
}

describe("a redrive long after a call that never arrived, with the primary opened by hand since", () => {
  it.each(["available", "backing-up", "modifying", "storage-optimization"])(
    "F5 F7 touches nobody while RDS says %s of the candidate",
    async (status) => {
      const lab = await servedForADay();
      if (status !== "available") lab.busy(status, 2 * minute);
      await lab.start("e2", { redrive: "fo-e1" });
      expect(lab.sent).toEqual([]);
      expect(lab.world).toMatchObject({ promoted: [], name: "orders-db" });
      expect((await lab.run()).ending).toMatchObject({ status: "failed", phase: "check" });
      expect((await lab.run()).ending?.says).toContain(
        status === "available" ? "primary-alive" : "candidate-not-available",
      );
    },
  );

  it("F5 F7 touches nobody where the run had ended waiting for RDS, however often it is redriven", async () => {
    const lab = servedLab();
    lab.dies();
    lab.world.mishap = (of) => {
      if (of === "execute") lab.candidate.status = "modifying";
      return { deliver: of !== "execute", twice: false, lateMs: 0, answer: "given" };
    };
    await lab.start("e1", typed);
    expect((await lab.run()).ending).toMatchObject({ status: "failed", phase: "wait" });
    lab.candidate.status = "available";
    lab.calls("answered");
    lab.openedByHand();
    lab.served(day);
    lab.sent.length = 0;
    for (const name of ["e2", "e3"]) await lab.start(name, { redrive: "fo-e1" });
    expect(lab.sent).toEqual([]);
    expect((await lab.run()).ending?.says).toContain("RDS took it, and it may still happen");
    expect(lab.world.promoted).toEqual([]);
  });

  it("F5 F7 leaves it to people which of two is to stay, where the call landed late", async () => {
    const lab = servedLab();
    lab.dies();
    lab.calls("unsent");
    await lab.start("e1", typed);
    lab.calls("answered");
    lab.openedByHand();
    lab.world.set.promote(lab.candidate);
    lab.world.promoted.push("orders-db-1");
    await lab.ports.runs.save({ ...(await lab.run()), duties: [], keepsLock: true });
    lab.served(day);
    lab.sent.length = 0;
    await lab.start("e2", { redrive: "fo-e1" });
    expect(lab.sent).toEqual([]);
    expect([lab.taken.length > 1000, lab.world.name]).toEqual([true, "orders-db"]);
    const run = await lab.run();
    expect(run.ending?.says).toContain("orders-db takes writes");
    expect(run.ending?.says).toContain("To stay with orders-db: responder failover --gone fo-e1");
    expect(run.ending?.says).toContain(
      "aws rds reboot-db-instance --db-instance-identifier orders-db && responder failover --redrive fo-e1",
    );
    expect(run.loss?.because).toContain("orders-db-1 never got");

    // A person keeps clients off it, as the command says: the next redrive goes on.
    Object.assign(lab.old, { groups: ["sg-quarantine"] });
    lab.old.sessions.clear();
    await lab.start("e3", { redrive: "fo-e1" });
    expect(lab.sent).toContain("point orders-db-1");
    const { ending } = await lab.run();
    expect([ending?.status, ending?.says]).toEqual(["done", expect.anything()]);
    expect(lab.world.name).toBe("orders-db-1");
  });
});

describe("an outage that goes on", () => {
  it.each([5, 15])("F5 is redriven %i min later at once, by whoever agrees by typing", async (minutes) => {
    const lab = servedLab();
    lab.dies();
    lab.calls("unsent");
    await lab.start("e1", typed);
    lab.calls("answered");
    // Whom the restart behind the wall had brought back is gone again.
    lab.old.power = "down";
    lab.skip((minutes - 3) * minute);
    const since = lab.clock.now();
    await lab.start("e2", { redrive: "fo-e1" });
    const { ending } = await lab.run();
    expect([ending?.status, ending?.says]).toEqual(["done", expect.anything()]);
    expect(lab.world.promoted).toEqual(["orders-db-1"]);
    expect(lab.clock.now() - since).toBeLessThan(2 * minute);
  });

  it("F5 is redriven an hour later: judged anew, and done by whoever agrees by typing", async () => {
    const lab = servedLab();
    lab.dies();
    lab.calls("unsent");
    await lab.start("e1", typed);
    lab.calls("answered");
    // Whom the restart behind the wall had brought back is gone again.
    lab.old.power = "down";
    lab.skip(61 * minute);
    await lab.start("e2", { redrive: "fo-e1" });
    const { ending } = await lab.run();
    expect([ending?.status, ending?.says]).toEqual(["done", expect.anything()]);
    expect(lab.world.promoted).toEqual(["orders-db-1"]);
  });

  it("F5 F7 has a promotion that was sent finished where its driver died for an hour", async () => {
    const lab = servedLab();
    lab.dies();
    await lab.start("e1", typed);
    const run = await lab.run();
    const now = lab.clock.now();
    lab.world.name = "orders-db";
    await lab.ports.lock.take("orders-db", "fo-e1");
    await lab.ports.runs.save({
      ...{ ...run, phase: "wait", phaseSince: now, lookedAt: now, ending: null },
      ...{ token: lab.world.tokens, driver: { name: "e1#c", at: now } },
    });
    lab.skip(60 * minute);
    await lab.sweep();
    const { ending } = await lab.run();
    expect([ending?.status, ending?.says]).toEqual(["done", expect.anything()]);
    expect(lab.world).toMatchObject({ promoted: ["orders-db-1"], name: "orders-db-1" });
  });
});

describe("a primary that lives behind the fence of a run, whose call never arrived", () => {
  async function fencedForAnHour() {
    const lab = servedLab();
    lab.dies();
    lab.calls("unsent");
    await lab.start("e1", typed);
    lab.calls("answered");
    lab.skip(61 * minute);
    lab.sent.length = 0;
    return lab;
  }

  it("F5 is not dead: nobody is promoted, and what gives the fence back is said and does nothing else", async () => {
    const lab = await fencedForAnHour();
    await lab.start("e2", { redrive: "fo-e1" });
    expect(lab.sent).toEqual([]);
    const { ending } = await lab.run();
    expect(ending).toMatchObject({
      ...{ status: "failed", nextCommand: "responder failover --give-back fo-e1" },
      says: expect.stringContaining("takes no writes by this failover's own fence alone"),
    });
    await lab.start("e3", { giveBack: "fo-e1" });
    expect(lab.sent.toSorted()).toEqual(["groups sg-app orders-db", "unfence orders-db"]);
    expect(lab.old).toMatchObject({ fenced: false, groups: ["sg-app"] });
    expect((await lab.run()).ending).toMatchObject({
      ...{ status: "held", says: expect.stringContaining("The fence was taken off orders-db") },
    });
    expect(lab.world).toMatchObject({ promoted: [], lock: null });
    const again = await lab.start("e4", { giveBack: "fo-e1" });
    expect(again.error).toContain("nothing of it may stand");
  });

  it("F5 F7 is not opened beside one that was promoted, nor while the call may still arrive", async () => {
    const lab = await fencedForAnHour();
    lab.world.set.promote(lab.candidate);
    await lab.start("e2", { giveBack: "fo-e1" });
    expect(lab.sent).toEqual([]);
    expect((await lab.run()).ending).toMatchObject({
      ...{ status: "failed", says: expect.stringContaining("is not shown as a replica any more") },
    });

    const young = servedLab();
    young.dies();
    young.calls("unsent");
    await young.start("e1", typed);
    young.sent.length = 0;
    await young.start("e2", { giveBack: "fo-e1" });
    expect(young.sent).toEqual([]);
    expect((await young.run()).ending?.says).toContain("its call may still be carried out until");
  });

  it("F4 is not opened while another run has the group", async () => {
    const lab = await fencedForAnHour();
    await lab.ports.lock.take("orders-db", "fo-other");
    await lab.start("e2", { giveBack: "fo-e1" });
    expect(lab.sent).toEqual([]);
    expect((await lab.run()).ending?.says).toContain("Failover fo-other has taken this group over");
  });
});

describe("a run whose driver died, with the primary opened by hand", () => {
  it("F5 F7 is failed over by no sweeper while the candidate backs up", async () => {
    const lab = servedLab();
    const now = lab.clock.now();
    const call = { at: now, tries: 1, unclear: false, answer: "none" as const, says: null };
    await leftIn(lab, { phase: "execute", fencedBy: "restart", clearedAt: now, sent: { execute: call } });
    lab.served(60 * minute);
    lab.candidate.status = "backing-up";
    lab.world.at(lab.clock.now() + 4 * minute, () => {
      lab.candidate.status = "available";
    });
    await lab.sweep();
    expect(lab.sent).toEqual([]);
    expect((await lab.run()).ending?.status).toBe("failed");
  });

  it.each([
    ["executions that the sweeper began and that died before they looked", 3],
    ["a redrive of it", 0],
  ])("F5 is not failed over 12 min later by %s", async (_, marks) => {
    const lab = servedLab();
    await leftIn(lab, { phase: "catch-up", fencedBy: "door" });
    const started = { start: async () => "started" as const };
    for (let mark = 0; mark < marks; mark += 1) {
      lab.served(4 * minute);
      await sweepRuns({ ...lab.deps, workflow: started });
    }
    lab.served(12.5 * minute - marks * 4 * minute);
    await lab.start("e2", marks > 0 ? { takeUp: "fo-e1" } : { redrive: "fo-e1" });
    expect(lab.world.promoted).toEqual([]);
    expect((await lab.run()).ending).toMatchObject({
      ...{ status: "held", says: expect.stringContaining("primary-alive") },
    });
  });

  it.each([
    ["fence", {}],
    ["catch-up", { fencedBy: "gone" as const }],
  ])(
    "F5 in %s has the whole time of its phase when it is taken up after four minutes",
    async (phase, change) => {
      const lab = servedLab();
      lab.dies();
      if (phase === "catch-up") Object.assign(lab.old, { status: "stopped", groups: ["sg-quarantine"] });
      await leftIn(lab, { phase: phase as "fence" | "catch-up", ...change, sent: {} });
      // What it received it applies two seconds after somebody is there again.
      lab.candidate.relay.push({ row: 1 });
      lab.candidate.applies = phase !== "catch-up";
      lab.skip(4 * minute);
      lab.world.at(lab.clock.now() + 2000, () => {
        lab.candidate.applies = true;
      });
      await lab.sweep();
      const { ending } = await lab.run();
      expect([ending?.status, ending?.says]).toEqual(["done", expect.anything()]);
      expect(lab.world.promoted).toEqual(["orders-db-1"]);
    },
  );
});
