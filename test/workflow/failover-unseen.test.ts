import { describe, expect, it } from "vitest";
import { leftIn, minute, servedLab, typed } from "../support/served-lab.ts";

const call = { tries: 1, unclear: false, answer: "none" as const, says: null };

describe("a primary that people opened by hand while nobody looked", () => {
  it.each(["execute", "wait"] as const)(
    "F5 is not failed over behind a call that never arrived (%s), ten unseen minutes later",
    async (phase) => {
      const lab = servedLab();
      const now = lab.clock.now();
      await leftIn(lab, {
        phase,
        fencedBy: "restart",
        checkedAt: now,
        sent: { execute: { ...call, at: now } },
      });
      lab.served(11 * minute);
      await lab.start("e2", { takeUp: "fo-e1" });
      expect(lab.sent).toEqual([]);
      expect(lab.world.promoted).toEqual([]);
      expect((await lab.run()).ending?.says).toContain("primary-alive: orders-db takes writes");
    },
  );

  it("F5 is not failed over by a redrive that is typed 13 min after the call", async () => {
    const lab = servedLab();
    lab.dies();
    lab.calls("unsent");
    await lab.start("e1", typed);
    lab.calls("answered");
    lab.openedByHand();
    lab.served(11 * minute);
    lab.sent.length = 0;
    await lab.start("e2", { redrive: "fo-e1" });
    expect(lab.sent).toEqual([]);
    expect((await lab.run()).ending?.says).toContain("primary-alive: orders-db takes writes");
  });

  it("F5 is not failed over where RDS had been silent before: a look that saw nothing is none", async () => {
    const lab = servedLab();
    const now = lab.clock.now();
    await leftIn(lab, { phase: "fence", sawAt: now, lookedAt: now + 8 * minute, sent: {} });
    lab.served(12 * minute);
    await lab.start("e2", { takeUp: "fo-e1" });
    expect(lab.sent).toEqual([]);
    expect((await lab.run()).ending).toMatchObject({
      ...{ status: "held", says: expect.stringContaining("primary-alive") },
    });
  });

  it("F5 notes a look that saw nothing as none", async () => {
    const lab = servedLab();
    lab.dies();
    const silent = { deliver: false, twice: false, lateMs: 0, answer: "refused" } as const;
    const seeing = { ...silent, deliver: true, answer: "given" } as const;
    await leftIn(lab, { phase: "fence", lookedAt: null, sent: {} });
    const before = lab.clock.now();
    lab.world.mishap = (of) => (of === "describe" && lab.clock.now() < before + 2 * minute ? silent : seeing);
    await lab.handler({ step: "begin", execution: { Name: "e2" }, input: { takeUp: "fo-e1" } });
    const going = {
      schema: "failover.v1",
      runId: "fo-e1",
      database: "orders-db",
      phase: "fence",
      seconds: 0,
    };
    await lab.handler({
      ...{ step: "go-on", execution: { Name: "e2" } },
      input: { ...going, says: "x", status: "going-on", nextCommand: "y" },
    });
    const run = await lab.run();
    expect(run.lookedAt).toBeGreaterThan(before);
    expect(run.sawAt).toBeNull();
  });
});
