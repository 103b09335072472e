import { describe, expect, it } from "vitest";
import { sweepRuns } from "../../functions/core/failover/sweep-runs.ts";
import { createFailoverLab } from "../support/failover-lab.ts";
import { anApproval, aProposal, aTarget } from "../support/incident-builder.ts";

const typed = { database: "orders-db", reason: "primary down" };
const secondPerson = { failover: { approval: "second-person" } };

describe("who has agreed to a failover", () => {
  async function begun(
    settings: object,
    input: object,
    card?: Parameters<typeof anApproval>[0],
    Name = "card-1",
  ) {
    const lab = createFailoverLab({ settings });
    if (card !== undefined) await lab.incidents.putApproval(anApproval({ id: "card-1", ...card }));
    await lab.handler({ step: "begin", execution: { Name }, input });
    return (await lab.ports.runs.get(`fo-${Name}`))?.approved;
  }

  it("A42 is whoever started it by hand, unless the settings want a second person", async () => {
    expect(await begun({}, typed)).toBe(true);
    expect(await begun(secondPerson, typed)).toBe(false);
  });

  it("A42 is nobody where the settings cannot be read: they may want a second person", async () => {
    expect(await begun({ failover: { aproval: "starter" } }, typed)).toBe(false);
  });

  const target = aTarget({ name: "orders-db" });
  const granted = anApproval({
    ...{ id: "card-1", status: "approved", target, expiresAt: "2100-01-01T00:00:00Z" },
    proposal: aProposal({ spec: ["A31"], input: typed }),
  });

  it("A31 is who clicked on the action's card, also where a second person is wanted", async () => {
    const byCard = { ...typed, approvalId: "card-1" };
    expect(await begun(secondPerson, byCard, granted)).toBe(true);
  });

  it.each([
    ["another action's", { ...granted, proposal: aProposal() }],
    ["too old", { ...granted, expiresAt: "2020-01-01T00:00:00Z" }],
  ])("A31 is nobody where the card that was clicked on is %s", async (_, card) => {
    expect(await begun(secondPerson, { ...typed, approvalId: "card-1" }, card)).toBe(false);
  });

  it("A31 is nobody where it was agreed to another reason, and nothing begins where more is asked than stands on the card", async () => {
    const byCard = { ...typed, approvalId: "card-1" };
    expect(await begun({}, { ...byCard, reason: "another" }, granted)).toBe(false);
    await expect(begun({}, { ...byCard, force: true }, granted)).rejects.toThrow("nothing else");
  });

  it("A31 is nobody in a second execution that names the same card", async () => {
    expect(await begun(secondPerson, { ...typed, approvalId: "card-1" }, granted, "e2")).toBe(false);
  });

  it.each([
    ["not decided", { ...granted, status: "pending" }],
    ["declined", { ...granted, status: "declined" }],
    ["of another database", { ...granted, target: aTarget({ name: "bills-db" }) }],
  ] as const)("A31 is nobody where the card is %s", async (_, card) => {
    expect(await begun({}, { ...typed, approvalId: "card-1" }, card)).toBe(false);
  });

  it("F1 a candidate's lag is limited by the settings where the input names no limit", async () => {
    const lab = createFailoverLab({ settings: { failover: { maxLagSeconds: 5 } } });
    await lab.handler({ step: "begin", execution: { Name: "e1" }, input: typed });
    await lab.handler({ step: "begin", execution: { Name: "e2" }, input: { ...typed, maxLagSeconds: 90 } });
    expect((await lab.ports.runs.get("fo-e1"))?.input.maxLagSeconds).toBe(5);
    expect((await lab.ports.runs.get("fo-e2"))?.input.maxLagSeconds).toBe(90);
  });
});

describe("two executions of one failover", () => {
  it("F4 the one that was replaced stops at its next call, and touches nothing", async () => {
    const lab = createFailoverLab({});
    const first = await lab.handler({ step: "begin", execution: { Name: "e1" }, input: typed });
    await lab.handler({ step: "begin", execution: { Name: "e2" }, input: { takeUp: "fo-e1" } });
    const before = lab.world.runs.get("fo-e1");
    const answer = await lab.handler({ step: "go-on", execution: { Name: "e1" }, input: first });
    expect(answer).toMatchObject({ status: "deposed", says: expect.stringContaining("e2#") });
    expect(lab.world.runs.get("fo-e1")).toBe(before);
  });

  it("F7 what five executions in a row died of is told, with the next command, and nobody starts a sixth", async () => {
    const lab = createFailoverLab({});
    await lab.handler({ step: "begin", execution: { Name: "e1" }, input: typed });
    for (let time = 0; time < 5; time += 1) {
      const run = await lab.ports.runs.get("fo-e1");
      if (run !== null) await lab.ports.runs.save({ ...run, takenUp: time });
      lab.skip(200_000);
      const died = { ...lab.deps, workflow: { start: async () => "started" as const } };
      await sweepRuns(died);
    }
    lab.skip(200_000);
    expect(await lab.handler({ step: "sweep" })).toMatchObject({ givenUp: ["fo-e1"], takenUp: [] });
    expect(lab.chat.messages.at(-1)?.message.headline).toContain("5 executions in a row died in load");
    expect(await lab.handler({ step: "sweep" })).toMatchObject({ open: 0 });
  });
});

describe("a run that five executions died of, where nobody can be told", () => {
  it("F7 keeps why it was to be taken back, where they died of taking it back", async () => {
    const lab = createFailoverLab({});
    await lab.handler({ step: "begin", execution: { Name: "e1" }, input: typed });
    const run = await lab.ports.runs.get("fo-e1");
    if (run === null) throw new Error("nothing was begun");
    const ending = {
      status: "held" as const,
      phase: "fence" as const,
      says: "A veto stood.",
      nextCommand: "x",
    };
    await lab.ports.runs.save({ ...run, takenUp: 5, phase: "compensate", ending });
    lab.skip(200_000);
    await lab.handler({ step: "sweep" });
    expect((await lab.ports.runs.get("fo-e1"))?.ending).toMatchObject({
      ...{
        status: "failed",
        says: expect.stringMatching(/^A veto stood\. 5 executions .* died in compensate/),
      },
    });
  });

  it("F7 is not ended untold before an hour, and then not kept open for ever", async () => {
    const lab = createFailoverLab({});
    await lab.handler({ step: "begin", execution: { Name: "e1" }, input: typed });
    const run = await lab.ports.runs.get("fo-e1");
    if (run === null) throw new Error("nothing was begun");
    await lab.ports.runs.save({ ...run, takenUp: 5 });
    const voice = { ...lab.ports.voice, tell: async () => null };
    const silent = { ...lab.deps, ports: { ...lab.ports, voice } };
    lab.skip(200_000);
    expect(await sweepRuns(silent)).toMatchObject({ open: 1, givenUp: [] });
    expect((await lab.ports.runs.get("fo-e1"))?.phase).toBe("load");
    lab.skip(3_600_000);
    expect(await sweepRuns(silent)).toMatchObject({ givenUp: ["fo-e1"] });
  });
});

describe("an execution whose name another one had months ago", () => {
  it("F1 begins a run of its own, and answers with the old one's end no more", async () => {
    const lab = createFailoverLab({});
    const begin = { step: "begin", execution: { Name: "failover" }, input: typed };
    await lab.handler(begin);
    const run = await lab.ports.runs.get("fo-failover");
    if (run === null) throw new Error("nothing was begun");
    const ending = { status: "done" as const, phase: "rebuild" as const, says: "x", nextCommand: "y" };
    await lab.ports.runs.save({ ...run, phase: "ended", ending });
    expect(await lab.handler(begin)).toMatchObject({ runId: "fo-failover", status: "done" });
    lab.skip(91 * 86_400_000);
    const state = await lab.handler(begin);
    expect(state).toMatchObject({ status: "going-on", runId: expect.stringMatching(/^fo-failover-2026-/) });
    expect(await lab.handler(begin)).toMatchObject({ runId: "runId" in state ? state.runId : "none" });
  });
});

describe("an old primary that is the primary again by somebody's will", () => {
  it("F5 is left as it is, and that is told once", async () => {
    const lab = createFailoverLab({});
    await lab.handler({ step: "begin", execution: { Name: "e1" }, input: typed });
    const run = await lab.ports.runs.get("fo-e1");
    if (run === null) throw new Error("nothing was begun");
    const node = "orders-db";
    const duty = { kind: "watch-old-primary" as const, node, since: lab.clock.now(), because: "x" };
    await lab.ports.runs.save({ ...run, phase: "ended", group: "orders-db", duties: [duty] });
    const before = lab.chat.messages.length;
    expect(await lab.handler({ step: "sweep" })).toMatchObject({ open: 1, fencedAgain: [] });
    await lab.handler({ step: "sweep" });
    expect(lab.chat.messages.length).toBe(before + 1);
    expect(lab.chat.messages.at(-1)?.message.headline).toContain("it is left as it is");
    expect(lab.world.set.servers.get("orders-db")?.fenced).toBe(false);
  });
});

describe("the lock of a failover that ended without giving it back", () => {
  it("F4 is freed by the sweeper, once, and never another run's", async () => {
    const lab = createFailoverLab({});
    await lab.handler({ step: "begin", execution: { Name: "e1" }, input: typed });
    const run = await lab.ports.runs.get("fo-e1");
    if (run === null) throw new Error("nothing was begun");
    await lab.ports.lock.take("orders-db", "fo-e1");
    await lab.ports.runs.save({ ...run, phase: "ended", group: "orders-db", keepsLock: true });
    await lab.handler({ step: "sweep" });
    expect(await lab.ports.lock.holder("orders-db")).toBeNull();
    await lab.ports.lock.take("orders-db", "fo-e2");
    expect(await lab.handler({ step: "sweep" })).toMatchObject({ open: 0 });
    expect(await lab.ports.lock.holder("orders-db")).toMatchObject({ run: "fo-e2" });
  });
});
