import { describe, expect, it } from "vitest";
import { createFailoverLab } from "../support/failover-lab.ts";

const typed = { database: "orders-db", reason: "checkout fails" };
const outage = { kind: "failing", reason: "no answer" } as const;

/** A failover that is held, for the primary takes writes, while the channel takes nothing. */
async function endedInAnOutage() {
  const lab = createFailoverLab({});
  lab.chat.behave(outage);
  await lab.start("e1", typed);
  expect(lab.chat.messages).toEqual([]);
  return lab;
}

function untold({ log }: Awaited<ReturnType<typeof endedInAnOutage>>) {
  return log.metrics.filter(({ name }) => name === "FailoversUntold").length;
}

describe("an end that no channel took", () => {
  it("F6 keeps its run open, and the sweeper tells it once when the channel is back", async () => {
    const lab = await endedInAnOutage();
    expect(await lab.ports.runs.open()).toEqual(["fo-e1"]);
    lab.chat.behave({ kind: "well" });
    await lab.handler({ step: "sweep" });
    expect(lab.chat.messages.map(({ message }) => message.headline)).toEqual(["Not failed over: orders-db"]);
    expect(await lab.handler({ step: "sweep" })).toMatchObject({ open: 0 });
    expect(lab.chat.messages).toHaveLength(1);
    expect(untold(lab)).toBe(0);
  });

  it("F6 is tried for two hours, each time with the metric that has an alarm, and then stands in the log", async () => {
    const lab = await endedInAnOutage();
    for (let round = 0; round < 59; round += 1) await lab.handler({ step: "sweep" });
    expect(await lab.ports.runs.open()).toEqual(["fo-e1"]);
    await lab.handler({ step: "sweep" });
    expect(await lab.ports.runs.open()).toEqual([]);
    expect(untold(lab)).toBe(60);
    expect(lab.log.lines.at(-1)).toMatchObject({
      ...{ level: "error", event: "failover.never-told" },
      fields: { run: "fo-e1", nextCommand: expect.stringContaining("responder failover") },
    });
  });

  it("F7 is another one when a redriven run ends as before, and told as well", async () => {
    const lab = createFailoverLab({});
    const old = lab.world.set.servers.get("orders-db");
    if (old !== undefined) old.power = "down";
    lab.skip(90_000);
    await lab.start("e1", typed);
    const run = await lab.ports.runs.get("fo-e1");
    if (run === null) throw new Error("nothing was begun");
    const ending = { status: "failed" as const, phase: "repoint" as const, says: "x", nextCommand: "y" };
    const told = { at: 0, tries: 1, unclear: false, answer: "done" as const, says: null };
    const sent = { ...run.sent, "announce:failed:repoint": told };
    await lab.ports.runs.save({ ...run, sent, ending, duties: [] });
    lab.deps.killSwitch.set("engaged: audit");
    const before = lab.chat.messages.length;
    lab.world.name = "orders-db";
    await lab.start("e2", { redrive: "fo-e1" });
    expect((await lab.ports.runs.get("fo-e1"))?.ending).toMatchObject({ status: "failed", phase: "repoint" });
    const since = lab.chat.messages.slice(before).map(({ message }) => message.headline);
    expect(since).toContain("Needs you: orders-db");
  });
});
