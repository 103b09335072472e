import { describe, expect, it } from "vitest";
import type { FailoverRun, Method } from "../../functions/core/contract/failover.ts";
import { failoverStateSchema } from "../../functions/core/contract/failover-machine.ts";
import { AwsError } from "../../functions/core/errors.ts";
import { leftIn, minute, servedLab } from "../support/served-lab.ts";

const typed = { database: "orders-db", reason: "checkout fails" };

describe("a run that dies each time at the same place", () => {
  it.each(["lock", "choose", "check", "approve"] as const)(
    "F7 is given up after five executions, though each of them leaves phases before it (into %s)",
    async (into) => {
      const lab = servedLab({
        around: (ports) => ({
          ...ports,
          runs: {
            ...ports.runs,
            save: async (run) => {
              if (run.phase === into) throw new Error("dies here, every time");
              return ports.runs.save(run);
            },
          },
        }),
      });
      lab.dies();
      await lab.start("e1", typed);
      const begunAt = lab.clock.now();
      for (let sweep = 0; sweep < 200 && (await lab.run()).phase !== "ended"; sweep += 1) {
        lab.skip(2 * minute);
        await lab.sweep();
      }
      const { ending } = await lab.run();
      expect(ending?.says).toContain("5 executions in a row died");
      expect(lab.workflow.starts).toHaveLength(5);
      expect(lab.clock.now() - begunAt).toBeLessThan(60 * minute);
    },
  );

  it("F7 counts anew once it is past the place", async () => {
    let deaths = 4;
    const lab = servedLab({
      around: (ports) => ({
        ...ports,
        runs: {
          ...ports.runs,
          save: async (run) => {
            if (run.phase === "approve" && deaths > 0) throw new Error("dies here");
            return ports.runs.save(run);
          },
        },
      }),
    });
    lab.dies();
    await lab.start("e1", typed);
    for (let sweep = 0; sweep < 30 && (await lab.run()).phase !== "ended"; sweep += 1) {
      lab.skip(4 * minute);
      // Within the 16 minutes for which what was typed counts.
      if ((await lab.run()).takenUp === 2) deaths = 0;
      await lab.sweep();
    }
    expect(await lab.run()).toMatchObject({ takenUp: 0, diedIn: null, ending: { status: "done" } });
  });
});

const gone = { at: 0, tries: 1, unclear: false, answer: "none" as const, says: null };

/** Called twelve minutes behind the agreement, and gone on with so much later. */
async function calledLate(method: Method, change: (now: number) => Partial<FailoverRun>) {
  const rds = { silent: false, asked: 0 };
  const lab = servedLab({
    around: (ports) => ({
      ...ports,
      controlPlane: {
        ...ports.controlPlane,
        describe: async (...of) => {
          rds.asked += 1;
          if (rds.silent) throw new AwsError("TimeoutError", false, "no answer");
          return ports.controlPlane.describe(...of);
        },
      },
    }),
  });
  lab.dies();
  const now = lab.clock.now();
  await leftIn(lab, {
    ...{ phase: "execute", method, candidate: method === "promote-replica" ? "orders-db-1" : null },
    ...{ sent: { execute: { ...gone, at: now + 12 * minute, tries: 3, unclear: true } }, ...change(now) },
  });
  return { ...lab, rds };
}

describe("a call that was sent long after it was agreed to", () => {
  it("F5 is sent again at once where it is redriven five minutes later", async () => {
    const ending = { status: "failed" as const, phase: "execute" as const, says: "x", nextCommand: "y" };
    const lab = await calledLate("promote-replica", (now) => ({
      ...{ phase: "ended", phaseSince: now + 14 * minute, lookedAt: now + 14 * minute, ending },
    }));
    lab.skip(17 * minute);
    const since = lab.clock.now();
    await lab.start("e2", { redrive: "fo-e1" });
    expect((await lab.run()).ending?.status).toBe("done");
    expect(lab.clock.now() - since).toBeLessThan(2 * minute);
    expect(lab.rds.asked).toBeLessThan(300);
  });

  it.each(["reboot-with-failover", "promote-replica"] as const)(
    "F7 ends where RDS is silent for ten minutes, and asks it with pauses (%s)",
    async (method) => {
      const lab = await calledLate(method, () => ({}));
      lab.skip(17 * minute);
      Object.assign(lab.rds, { silent: true, asked: 0 });
      const since = lab.clock.now();
      const execution = { Name: "e1" };
      const state = { schema: "failover.v1", runId: "fo-e1", database: "orders-db", phase: "execute" };
      const input = { ...state, seconds: 0, says: "", status: "going-on", nextCommand: "x" };
      let is = failoverStateSchema.parse(await lab.handler({ step: "go-on", execution, retries: 1, input }));
      while (is.status === "going-on" && lab.clock.now() - since < 40 * minute) {
        lab.skip(is.seconds * 1000);
        is = failoverStateSchema.parse(await lab.handler({ step: "go-on", execution, input: is }));
      }
      expect((await lab.run()).ending?.says).toContain("RDS did not answer for ten minutes");
      expect(lab.clock.now() - since).toBeLessThan(12 * minute);
      expect(lab.rds.asked).toBeLessThan(700);
    },
  );

  it("F7 of a reboot, of which nothing shows, is told as it is, and no redrive is named that would say the same", async () => {
    const lab = await calledLate("reboot-with-failover", () => ({}));
    lab.skip(60 * minute);
    await lab.start("e2", { takeUp: "fo-e1" });
    const { ending } = await lab.run();
    expect(ending).toMatchObject({ status: "failed", phase: "execute" });
    expect(ending?.says).toContain("Nobody was fenced, and no name was moved.");
    expect(ending?.nextCommand).not.toContain("redrive");
    expect(lab.sent).toEqual([]);
  });
});
