import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { createCountingIds } from "../../functions/adapters/memory/counting-ids.ts";
import { createMemoryChat } from "../../functions/adapters/memory/memory-chat.ts";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";
import { decideApproval } from "../../functions/core/respond/decide-approval.ts";
import { anAction, anApproval, anIncident, aTarget } from "../support/incident-builder.ts";
import { createResponderLab, type StateHandler } from "../support/responder-lab.ts";
import { respondDefinition } from "../support/synth.ts";

const definition = await respondDefinition();

/** The machine without a database behind it; `steps` are the states that ran. */
function labByHand() {
  const clock = createVirtualClock();
  const steps: string[] = [];
  const around = (state: string, handler: StateHandler): StateHandler => {
    return async (input) => {
      steps.push(state);
      return handler(input);
    };
  };
  const lab = createResponderLab({
    definition,
    targets: [],
    databases: { connect: () => Promise.reject(new Error("nothing is probed here")) },
    settings: {},
    chat: createMemoryChat({ clock }),
    clock,
    ids: createCountingIds(),
    random: () => 0,
    log: createCollectingLog(),
    around,
  });
  const ran = (): readonly string[] => steps.filter((state) => !state.startsWith("Wake"));
  return { ...lab, ran };
}

describe("an execution that is started by hand", () => {
  it.each([
    ["nothing", {}, /schema: .*A right input: \{"schema":"respond\.v1","incidentId":"inc-/],
    ["a list", [], /\(whole\): .*expected object.*A right input/],
    ["another schema", { schema: "respond.v0", incidentId: "inc-1" }, /schema: .*A right input/],
    ["no incident", { schema: "respond.v1" }, /incidentId: .*A right input/],
    ["a number for one", { schema: "respond.v1", incidentId: 7 }, /incidentId: .*A right input/],
    ["an unknown one", { schema: "respond.v1", incidentId: "inc-1" }, /there is no incident inc-1.*A right/],
  ])("S6 with %s fails at once, and says which field is wrong", async (_what, input, why) => {
    const lab = labByHand();
    await expect(lab.run("by-hand", input)).rejects.toThrow(why);
    expect(lab.ran()).toEqual(["Prepare"]);
  });

  it("A40 for an incident that is over fails at once and acts on nothing", async () => {
    const lab = labByHand();
    const over = anIncident({ id: "inc-1", status: "resolved", target: aTarget() });
    await lab.deps.incidents.open(over);
    await lab.deps.incidents.release(over);
    await lab.deps.incidents.open(anIncident({ id: "inc-2", target: aTarget() }));
    const input = { schema: "respond.v1", incidentId: "inc-1" };
    await expect(lab.run("by-hand", input)).rejects.toThrow(
      /inc-1 is not open \(resolved\); inc-2 is the open one.*"incidentId":"inc-2"/,
    );
    expect(lab.ran()).toEqual(["Prepare"]);
  });

  it("A40 takes an open incident over: the execution before it ends at its next step", async () => {
    const lab = labByHand();
    const incident = anIncident({ id: "inc-1", target: aTarget() });
    await lab.deps.incidents.open(incident);
    const prepare = (execution: string, input: object = {}) =>
      lab.states["Prepare"]?.({
        step: "prepare",
        execution,
        input: { schema: "respond.v1", incidentId: "inc-1", ...input },
      });
    const looking = { step: { kind: "watch", seconds: 20, why: "looking again" } };
    expect(await prepare("inc-1")).toMatchObject({ cycle: 1 });
    expect(await prepare("by-hand")).toMatchObject({ cycle: 1 });
    await expect(prepare("inc-1", looking)).rejects.toThrow("execution by-hand has incident inc-1 in hand");
    // Its own first step may run again: it does not take back what it has lost.
    await expect(prepare("inc-1")).rejects.toThrow("by-hand has incident inc-1 in hand");
    expect(await prepare("by-hand", looking)).toMatchObject({ cycle: 1 });
  });

  it("A40 no step decides, permits or closes for an incident whose group another one holds", async () => {
    const lab = labByHand();
    const key = "terminate-session:4242";
    const over = anIncident({
      id: "inc-1",
      target: aTarget(),
      status: "mitigating",
      step: { kind: "act", actionKey: key },
      actions: [anAction({ key, mode: "auto" })],
    });
    await lab.deps.incidents.open(over);
    await lab.deps.incidents.release(over);
    await lab.deps.incidents.open(anIncident({ id: "inc-2", target: aTarget() }));
    await lab.deps.incidents.putApproval(anApproval({ id: "apr-1", incidentId: "inc-1", group: over.group }));
    const ref = { schema: "respond.v1", incidentId: "inc-1" };
    const resolve = { step: { kind: "resolve" } };
    expect(await lab.states["Authorize"]?.({ step: "authorize", input: ref })).toMatchObject({
      permitted: false,
      order: null,
      ...resolve,
    });
    const before = await lab.deps.incidents.get("inc-1");
    await lab.states["Close"]?.({ step: "close", input: ref });
    const click = { approvalId: "apr-1", decision: "approve", by: "U0DANA01" } as const;
    expect(await decideApproval(click, lab.deps)).toMatchObject({
      accepted: false,
      says: expect.stringContaining("incident is over"),
    });
    const { status, step, actions, resolvedAt } = before ?? over;
    expect(await lab.deps.incidents.get("inc-1")).toMatchObject({ status, step, actions, resolvedAt });
    expect(await lab.deps.incidents.audit("inc-1")).toEqual([]);
    expect(await lab.deps.incidents.openIncidentOf(over.group)).toBe("inc-2");
  });
});
