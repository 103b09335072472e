import { describe, expect, it } from "vitest";
import type { Receipt } from "../../functions/core/contract/incident.ts";
import { sweepRuns } from "../../functions/core/failover/sweep-runs.ts";
import { createFailoverLab } from "../support/failover-lab.ts";

/** A failover that is over, its old primary back and taking writes, and a channel that takes nothing. */
async function backInAnOutage() {
  const lab = createFailoverLab({});
  const old = lab.world.set.servers.get("orders-db");
  if (old === undefined) throw new Error("there is no primary");
  old.power = "down";
  lab.skip(90_000);
  await lab.start("e1", { database: "orders-db", reason: "checkout fails" });
  Object.assign(old, { power: "up", status: "available", fenced: false, groups: ["sg-app"] });
  const said = lab.chat.messages.length;
  const told = () => lab.chat.messages.slice(said).map(({ message }) => message.headline);
  const untold = () => lab.log.metrics.filter(({ name }) => name === "FailoversUntold").length;
  const sweep = () => lab.handler({ step: "sweep" });
  const channel = (is: "down" | "up") =>
    lab.chat.behave(is === "up" ? { kind: "well" } : { kind: "failing", reason: "no answer" });
  channel("down");
  return { ...lab, old, told, untold, sweep, channel };
}

describe("what the sweeper did about an old primary while no channel took it", () => {
  it("F5 is told once the channel is back, though the old primary stands fenced by then; until then the alarm has it", async () => {
    const lab = await backInAnOutage();
    expect(await lab.sweep()).toMatchObject({ fencedAgain: ["fo-e1"] });
    expect(lab.untold()).toBe(1);
    await lab.sweep();
    expect([lab.untold(), lab.told()]).toEqual([2, []]);
    lab.channel("up");
    await lab.sweep();
    await lab.sweep();
    expect(lab.told()).toEqual([expect.stringContaining("is fenced again")]);
  });

  it("F5 that it is left as the primary by now is told then, and once", async () => {
    const lab = await backInAnOutage();
    lab.world.topology = { primary: "orders-db" };
    for (let sweep = 0; sweep < 2; sweep += 1) await lab.sweep();
    expect(lab.untold()).toBe(2);
    lab.channel("up");
    for (let sweep = 0; sweep < 2; sweep += 1) await lab.sweep();
    expect(lab.told()).toEqual([expect.stringContaining("it is left as it is")]);
  });

  it("F6 what is told in a new thread, because the old one is gone, is where the next word goes", async () => {
    const lab = await backInAnOutage();
    const anew = { channel: "C2", ts: "9.9", permalink: null };
    const threads: (Receipt | null)[] = [];
    const tell = async (_: unknown, thread: Receipt | null) => {
      threads.push(thread);
      return anew;
    };
    const ports = { ...lab.ports, voice: { ...lab.ports.voice, tell } };
    const sweep = () => sweepRuns({ ...lab.deps, ports });
    const before = (await lab.ports.runs.get("fo-e1"))?.thread;
    await sweep();
    Object.assign(lab.old, { fenced: false, groups: ["sg-app"] });
    await sweep();
    lab.world.topology = { primary: "orders-db" };
    Object.assign(lab.old, { fenced: false, groups: ["sg-app"] });
    await sweep();
    lab.skip(14 * 86_400_000 + 60_000);
    await sweep();
    expect(before).not.toEqual(anew);
    expect(threads).toEqual([before, anew, anew, anew]);
    expect((await lab.ports.runs.get("fo-e1"))?.thread).toEqual(anew);
  });

  it("F5 that it is watched no more is told before it is so, and not waited for longer than a day", async () => {
    const lab = await backInAnOutage();
    lab.skip(14 * 86_400_000 + 60_000);
    expect(await lab.sweep()).toMatchObject({ open: 1 });
    expect((await lab.ports.runs.get("fo-e1"))?.duties).toHaveLength(1);
    lab.skip(86_400_000);
    await lab.sweep();
    expect(await lab.sweep()).toMatchObject({ open: 0 });
    expect(lab.untold()).toBe(2);
  });
});

describe("an old primary that takes writes while another failover has the group", () => {
  it("F5 is told, with who has it: one that was given up fences nobody", async () => {
    const lab = await backInAnOutage();
    lab.channel("up");
    await lab.ports.lock.take("orders-db", "fo-e2");
    expect(await lab.sweep()).toMatchObject({ fencedAgain: [] });
    await lab.sweep();
    expect(lab.told()).toEqual([
      expect.stringMatching(/takes writes, and it is NOT FENCED: failover fo-e2 has the group/),
    ]);
    expect(await lab.ports.lock.holder("orders-db")).toMatchObject({ run: "fo-e2" });
  });
});
