import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { createCountingIds } from "../../functions/adapters/memory/counting-ids.ts";
import { createMemoryChat } from "../../functions/adapters/memory/memory-chat.ts";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";
import { actionKeyOf } from "../../functions/core/actions/action-key.ts";
import type { Incident } from "../../functions/core/contract/incident.ts";
import { firstCustody, looksOfAnExecution } from "../../functions/core/incident/custody.ts";
import { decideApproval } from "../../functions/core/respond/decide-approval.ts";
import { anAction, anApproval, anIncident, aProposal, aTarget } from "../support/incident-builder.ts";
import { createResponderLab, type StateHandler } from "../support/responder-lab.ts";
import { respondDefinition } from "../support/synth.ts";

const definition = await respondDefinition();
const minutes = 60_000;

/** An incident of ten minutes ago, and a machine whose states can be made to fail. */
async function lab(failing: (state: string) => boolean = () => false) {
  const start = Date.parse(anIncident().openedAt);
  const clock = createVirtualClock(start + 10 * minutes);
  const chat = createMemoryChat({ clock });
  const around = (state: string, handler: StateHandler): StateHandler => {
    return async (input) => {
      if (failing(state)) throw new Error(`${state} is broken`);
      return handler(input);
    };
  };
  const log = createCollectingLog();
  const made = createResponderLab({
    definition,
    targets: [aTarget()],
    databases: { connect: () => Promise.reject(new Error("nothing is probed here")) },
    settings: {},
    chat,
    clock,
    ids: createCountingIds(),
    random: () => 0,
    log,
    around,
  });
  const incident = anIncident({ id: "inc-1", target: aTarget() });
  await made.deps.incidents.open(incident);
  const names = (): string[] => made.workflow.starts.map(({ name }) => name);
  const later = (): Promise<void> => clock.advance(3 * minutes);
  const open = (): Promise<string | null> => made.deps.incidents.openIncidentOf(incident.group);
  return { ...made, chat, clock, log, incident, names, later, open };
}

function givenUp(retries: number) {
  const input = { incidentId: "inc-1", error: { Error: "States.Timeout" } };
  return { step: "give-up", execution: "inc-1", retries, input };
}

describe("the sweeper", () => {
  it("Q3 starts what was named and never started", async () => {
    const made = await lab();
    made.workflow.onStart(async () => undefined);
    expect(await made.sweep({})).toMatchObject({ open: 1, takenUp: ["inc-1"] });
    expect(made.workflow.starts).toEqual([
      { name: "inc-1", input: { schema: "respond.v1", incidentId: "inc-1", engine: "postgres" } },
    ]);
  });

  it("Q3 leaves an incident alone whose execution lives", async () => {
    const made = await lab();
    made.workflow.onStart(() => new Promise(() => undefined));
    await made.sweep({});
    await made.later();
    expect(await made.sweep({})).toEqual({ open: 1, takenUp: [], released: [] });
    expect(made.names()).toEqual(["inc-1"]);
  });

  it("Q3 takes up an incident whose execution has died, under a new name, which has it in hand", async () => {
    const made = await lab();
    made.workflow.onStart(async () => undefined);
    await made.sweep({});
    await made.workflow.idle();
    await made.later();
    await made.sweep({});
    expect(made.names()).toEqual(["inc-1", "inc-1-2"]);
    expect(await made.deps.incidents.custodyOf(made.incident.group)).toMatchObject({ execution: "inc-1-2" });
  });

  it("Q3 says so and frees the group when three executions in a row die without a look", async () => {
    const made = await lab((state) => state === "Prepare");
    made.workflow.onStart(async ({ name, input }) => {
      // The machine's own way to give up is broken, too.
      if (name !== "inc-1-4") throw new Error("the machine broke");
      await made.run(name, input);
    });
    for (let sweeps = 0; sweeps < 4; sweeps += 1) {
      await made.sweep({});
      await made.workflow.idle();
      await made.later();
    }
    expect(made.names()).toEqual(["inc-1", "inc-1-2", "inc-1-3", "inc-1-4"]);
    expect(JSON.stringify(made.chat.messages)).toContain("NoExecutionLives");
    expect(await made.open()).toBeNull();
  });

  it("Q3 frees the group even when nothing at all can be started", async () => {
    const made = await lab();
    made.workflow.onStart(() => Promise.reject(new Error("the machine broke")));
    for (let sweeps = 0; sweeps < 6 && (await made.open()) !== null; sweeps += 1) {
      await made.sweep({});
      await made.workflow.idle();
      await made.later();
    }
    expect(await made.open()).toBeNull();
  });

  it("A41 keeps the good settings and counts wrong ones for the alarm, and sweeps all the same", async () => {
    const made = await lab();
    made.workflow.onStart(() => new Promise(() => undefined));
    await made.sweep({});
    made.deps.settings.set({ policy: { protectedUser: ["etl"] } });
    await made.later();
    expect(await made.sweep({})).toEqual({ open: 1, takenUp: [], released: [] });
    expect(made.log.metrics).toContainEqual({
      ...{ name: "SettingsInvalid", value: 1, unit: "Count" },
      fields: { code: "invalid" },
    });
    expect(await made.deps.settings.cold().readWithStanding()).toMatchObject({
      settings: { policy: { modes: { safe: "approve" } } },
      standing: { kind: "invalid", instead: 1 },
    });
  });

  it("Q3 does not let one incident that it cannot see to keep it from the others", async () => {
    const made = await lab();
    await made.deps.incidents.open(anIncident({ id: "inc-2", group: "a/b/other" }));
    const { stateOf } = made.deps.workflow;
    made.deps.workflow.stateOf = (name) =>
      name === "inc-1" ? Promise.reject(new Error("throttled")) : stateOf(name);
    made.workflow.onStart(async () => undefined);
    await expect(made.sweep({})).rejects.toThrow("not seen to: inc-1");
    expect(made.names()).toEqual(["inc-2"]);
  });

  it("Q3 takes up, and lets give up, every other incident when a group's lock cannot be read, and says so", async () => {
    const made = await lab();
    const { incidents } = made.deps;
    const [broken, other] = [
      anIncident({ id: "inc-3", group: "a/b/broken" }),
      anIncident({ id: "inc-2", group: "a/b/other" }),
    ];
    await incidents.open(broken);
    await incidents.handOver(firstCustody(broken), { ...firstCustody(broken), executions: 0 });
    await incidents.open(other);
    made.workflow.onStart(async () => undefined);
    expect(await made.sweep({})).toMatchObject({ open: 2, takenUp: ["inc-1", "inc-2"] });
    expect(made.log.lines.filter(({ level }) => level === "error")).toEqual([
      expect.objectContaining({ event: "custody.unreadable" }),
    ]);
    expect(made.log.metrics).toContainEqual(expect.objectContaining({ name: "CustodiesUnreadable" }));
    const error = { Error: "States.Timeout" };
    await made.states["GiveUp"]?.({
      ...{ step: "give-up", execution: "inc-2" },
      input: { incidentId: "inc-2", error },
    });
    expect(await incidents.openIncidentOf(other.group)).toBeNull();
  });
});

describe("an execution", () => {
  it("Q3 that has looked as often as its history allows goes on in the next one", async () => {
    const made = await lab();
    const { incidents } = made.deps;
    const stored = await incidents.get("inc-1");
    if (stored === null) throw new Error("no incident");
    await incidents.save({ ...stored, cycle: looksOfAnExecution });
    let second: unknown = null;
    made.workflow.onStart(async ({ input }) => {
      second = input;
    });
    await made.run("inc-1", { schema: "respond.v1", incidentId: "inc-1" });
    expect(made.names()).toEqual(["inc-1-2"]);
    expect(second).toEqual({ schema: "respond.v1", incidentId: "inc-1", engine: "postgres" });
    expect(await incidents.custodyOf(made.incident.group)).toMatchObject({
      execution: "inc-1-2",
      fromCycle: looksOfAnExecution,
      barren: 0,
    });
  });

  it("Q3 that cannot save its incident still says that it gives up, and frees the group", async () => {
    const made = await lab((state) => state === "Diagnose");
    made.deps.incidents.save = () =>
      Promise.reject(new Error("Item size has exceeded the maximum allowed size"));
    await expect(made.run("inc-1", { schema: "respond.v1", incidentId: "inc-1" })).rejects.toThrow();
    expect(await made.open()).toBeNull();
    expect(made.chat.messages.map(({ message }) => message.kind)).toContain("escalation");
    expect(JSON.stringify(made.chat.messages)).toContain("The responder itself failed");
  });

  it("Q3 frees the group when neither channel nor incident can be reached", async () => {
    const made = await lab((state) => state === "Diagnose");
    made.deps.incidents.save = () => Promise.reject(new Error("no"));
    made.chat.behave({ kind: "failing", reason: "channel down" }, 1000);
    await expect(made.run("inc-1", { schema: "respond.v1", incidentId: "inc-1" })).rejects.toThrow();
    expect(await made.open()).toBeNull();
  });

  it("Q3 that gives up after another one took over leaves the incident to it", async () => {
    const made = await lab();
    const give = made.states["GiveUp"];
    const error = { Error: "States.Timeout" };
    await give?.({ step: "give-up", execution: "inc-1-0", input: { incidentId: "inc-1", error } });
    expect(await made.open()).toBe("inc-1");
    expect(made.chat.messages).toEqual([]);
  });

  it("Q3 that cannot free its group is told once, however often it tries, and frees it when it can", async () => {
    const made = await lab();
    const { release } = made.deps.incidents;
    made.deps.incidents.release = () => Promise.reject(new Error("refused"));
    for (let retries = 0; retries < 9; retries += 1) {
      await expect(made.states["GiveUp"]?.(givenUp(retries))).rejects.toThrow("refused");
      await made.later();
    }
    made.deps.incidents.release = release;
    await made.states["GiveUp"]?.(givenUp(9));
    expect(await made.open()).toBeNull();
    const told = made.chat.messages.filter(({ message }) => message.kind === "escalation");
    expect(told).toHaveLength(1);
  });

  it("Q3 that can neither free its group nor save its incident is told at the first try and at the last", async () => {
    const made = await lab();
    const { release } = made.deps.incidents;
    made.deps.incidents.save = () => Promise.reject(new Error("no"));
    made.deps.incidents.release = () => Promise.reject(new Error("refused"));
    for (let retries = 0; retries < 9; retries += 1) {
      await expect(made.states["GiveUp"]?.(givenUp(retries))).rejects.toThrow("refused");
      await made.clock.advance(30_000);
    }
    expect(made.chat.messages).toHaveLength(1);
    made.deps.incidents.release = release;
    await made.states["GiveUp"]?.(givenUp(9));
    expect(made.chat.messages).toHaveLength(2);
  });

  it("Q3 frees the group before anybody is told, and a try that died in between is told by the next", async () => {
    const made = await lab();
    const { release } = made.deps.incidents;
    made.deps.incidents.release = async (held) => {
      await release(held);
      expect(made.chat.messages).toEqual([]);
      throw new Error("the answer was lost");
    };
    made.chat.behave({ kind: "failing", reason: "channel down" }, 5);
    await expect(made.states["GiveUp"]?.(givenUp(0))).rejects.toThrow("the answer was lost");
    expect(await made.open()).toBeNull();
    made.chat.behave({ kind: "well" });
    await made.states["GiveUp"]?.(givenUp(1));
    const told = made.chat.messages.filter(({ message }) => message.kind === "escalation");
    expect(told).toHaveLength(1);
  });

  it("A42 that gives up takes its requests back: their cards say so, and a click is refused", async () => {
    const made = await lab();
    const { incidents } = made.deps;
    const stored = await incidents.get("inc-1");
    if (stored === null) throw new Error("no incident");
    const asked = anAction({ status: "awaiting-approval", approvalId: "apr-1" });
    await incidents.save({ ...stored, actions: [asked], status: "awaiting-approval" });
    await incidents.putApproval(anApproval({ id: "apr-1", incidentId: "inc-1", group: made.incident.group }));
    const error = { Error: "States.Timeout" };
    await made.states["GiveUp"]?.({
      step: "give-up",
      execution: "inc-1",
      input: { incidentId: "inc-1", error },
    });
    expect(await incidents.getApproval("apr-1")).toMatchObject({
      status: "expired",
      endedBecause: expect.stringContaining("responder itself failed"),
    });
    const cards = made.chat.messages.filter(({ message }) => message.kind === "approval-request");
    expect(JSON.stringify(cards)).not.toContain("Being carried out");
    expect(JSON.stringify(cards)).toContain("Withdrawn");
  });

  it("A42 does not lose a click that came while the question was being repeated", async () => {
    const made = await lab();
    const { incidents } = made.deps;
    made.deps.settings.set({ policy: { approvers: ["U0DANA01"] } });
    const stored = await incidents.get("inc-1");
    if (stored === null) throw new Error("no incident");
    const action = anAction({ key: actionKeyOf(aProposal()) });
    const step = { kind: "ask-approval", actionKey: action.key, timeoutSeconds: 900 } as const;
    const asking: Incident = { ...stored, cycle: 1, actions: [action], status: "awaiting-approval", step };
    await incidents.save(asking);
    const { target } = stored;
    const policy = {
      schema: "located.v1",
      at: new Date(made.clock.now()).toISOString(),
      target,
      reason: null,
      joins: null,
      gone: null,
      notes: [],
    };
    const ask = () =>
      made.states["Authorize"]?.({
        step: "authorize",
        input: { schema: "respond.v1", incidentId: "inc-1", policy },
      });
    await ask();
    const id = (await incidents.get("inc-1"))?.actions[0]?.approvalId ?? "";
    const click = { approvalId: id, decision: "approve", by: "U0DANA01" } as const;
    expect(await decideApproval(click, made.deps)).toMatchObject({ accepted: true });
    // What the state had written before it died is not there: it runs as it did the first time.
    const clicked = await incidents.get("inc-1");
    await incidents.save({ ...asking, revision: clicked?.revision ?? 0 });
    expect(await ask()).toMatchObject({ step: { kind: "act", actionKey: action.key } });
    expect(await incidents.getApproval(id)).toMatchObject({ status: "approved" });
  });

  it("A42 a click that comes on the machine's way to another database is not spent on it", async () => {
    const made = await lab();
    const { incidents } = made.deps;
    const stored = await incidents.get("inc-1");
    if (stored === null) throw new Error("no incident");
    const key = actionKeyOf(aProposal());
    const action = anAction({ key, status: "approved", approvalId: "apr-1", decidedBy: "U0DANA01" });
    const step = { kind: "act", actionKey: key, database: stored.target.name } as const;
    await incidents.save({ ...stored, cycle: 1, actions: [action], status: "mitigating", step });
    const other = { ...stored.target, name: "orders-reader" };
    const at = new Date(made.clock.now()).toISOString();
    const policy = {
      schema: "located.v1",
      at,
      target: other,
      reason: null,
      joins: null,
      gone: null,
      notes: [],
    };
    const was = { kind: "act", actionKey: "other", database: other.name };
    const input = { schema: "respond.v1", incidentId: "inc-1", policy, step: was };
    expect(await made.states["Authorize"]?.({ step: "authorize", input })).toMatchObject({
      permitted: false,
      step,
    });
    expect(await incidents.get("inc-1")).toMatchObject({ actions: [{ status: "approved", refusal: null }] });
    expect(await incidents.audit("inc-1")).toEqual([]);
  });

  it("A42 nothing is permitted in an incident that is over, nor what was taken back", async () => {
    const made = await lab();
    const { incidents } = made.deps;
    const stored = await incidents.get("inc-1");
    if (stored === null) throw new Error("no incident");
    const key = actionKeyOf(aProposal());
    const step = { kind: "act", actionKey: key, database: stored.target.name } as const;
    const at = new Date(made.clock.now()).toISOString();
    const { target } = stored;
    const policy = { schema: "located.v1", at, target, reason: null, joins: null, gone: null, notes: [] };
    const authorize = () =>
      made.states["Authorize"]?.({
        step: "authorize",
        input: { schema: "respond.v1", incidentId: "inc-1", policy, step },
      });
    const over = { ...stored, actions: [anAction({ key, mode: "auto" })], step };
    const saved = await incidents.save({ ...over, status: "resolved", resolvedAt: at });
    expect(await authorize()).toMatchObject({ permitted: false, order: null });
    const refusal = { guard: "reason-gone", reason: "It is over.", release: "Nothing." };
    await incidents.save({
      ...over,
      revision: saved.revision,
      actions: [anAction({ key, status: "withheld", refusal })],
    });
    expect(await authorize()).toMatchObject({ permitted: false, order: null });
    expect(await incidents.audit("inc-1")).toEqual([]);
  });
});
