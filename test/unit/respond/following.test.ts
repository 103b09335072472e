import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createMemoryIncidentStore } from "../../../functions/adapters/memory/memory-incident-store.ts";
import { createMemoryKillSwitch } from "../../../functions/adapters/memory/memory-kill-switch.ts";
import { createMemorySettings } from "../../../functions/adapters/memory/memory-settings.ts";
import { createMemoryWorkflow } from "../../../functions/adapters/memory/memory-workflow.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import { actionKeyOf } from "../../../functions/core/actions/action-key.ts";
import type { DiagnosisSummary, Incident } from "../../../functions/core/contract/incident.ts";
import type { Snooze } from "../../../functions/core/contract/snooze.ts";
import type { Outcome, WorkOrder } from "../../../functions/core/contract/work-order.ts";
import type { Located } from "../../../functions/core/contract/workflow.ts";
import { authorize } from "../../../functions/core/respond/authorize.ts";
import { nextRun } from "../../../functions/core/respond/next-run.ts";
import { record } from "../../../functions/core/respond/record.ts";
import { reduceContext } from "../../../functions/core/respond/reduce-context.ts";
import { sweep } from "../../../functions/core/respond/sweep.ts";
import { updateIncident } from "../../../functions/core/respond/update-incident.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import {
  anAction,
  anIncident,
  anOutcome,
  aProposal,
  aTarget,
  secondsLater,
} from "../../support/incident-builder.ts";
import { anOrder } from "../../support/order-builder.ts";

const proposal = aProposal({
  id: "create-index",
  input: {},
  preview: "CREATE INDEX CONCURRENTLY a ON t (b)",
});
const key = actionKeyOf(proposal);
const order = anOrder({ orderId: "o1", incidentId: "inc-7f3a", actionId: proposal.id, actionKey: key });
const running = { startedAt: secondsLater(2), until: secondsLater(7200), handle: { pid: 7 } };

const outcome = (overrides: Partial<Outcome>): Outcome =>
  anOutcome({ ...{ orderId: "o1", actionId: proposal.id, actionKey: key, killed: [] }, ...overrides });
const begun = outcome({ status: "running", summary: "The build has begun.", running, mayHaveActed: true });
const halfway = outcome({ ...begun, summary: "The build is at 50 %." });
const built = outcome({ status: "done", summary: "The index is built and valid.", mayHaveActed: true });

const well: DiagnosisSummary = {
  ...{ evidenceId: "e", diagnosedAt: secondsLater(9), headline: "Nothing wrong found.", severity: null },
  ...{ confidence: 1, rootCauses: [], symptoms: [], missing: [], verdict: "well", connected: true },
  unreachable: false,
};

const unasked = { policy: { modes: { disruptive: "auto" } } };
/** The tags of the database, as the state before has just read them. */
const tagged = (tags: Readonly<Record<string, string>> = {}, target = aTarget()): Located => ({
  ...{ schema: "located.v1", at: secondsLater(10), reason: null, joins: null, gone: null, notes: [] },
  target: { ...target, tags: { ...target.tags, ...tags } },
});

/** An incident whose remedy was ordered and has begun. */
async function anIncidentAtWork(ordered = true, given: Partial<WorkOrder> = {}) {
  const clock = createVirtualClock(Date.parse(secondsLater(10)));
  const log = createCollectingLog();
  const incidents = createMemoryIncidentStore();
  const killSwitch = createMemoryKillSwitch();
  const deps = {
    ...{ incidents, clock, log, killSwitch, random: () => 0 },
    settings: createMemorySettings(unasked, { clock, log }),
  };
  const start = anIncident({ actions: [anAction({ key, proposal, mode: "auto", status: "proposed" })] });
  await incidents.open(start);
  if (ordered) {
    await incidents.appendAudit({
      ...{ schema: "audit.v1", incidentId: start.id, orderId: "o1", phase: "ordered", at: secondsLater(1) },
      ...{ order: { ...order, ...given }, outcome: null, refusal: null },
    });
  }
  const context = reduceContext(defaultSettings);
  await updateIncident(deps, start.id, () => [{ kind: "ordered", at: secondsLater(1), order }], context);
  const heard = (one: Outcome) => record({ incidentId: start.id, order, outcome: one, error: null }, deps);
  await heard(begun);
  let cycle = 0;
  return {
    ...{ deps, heard, killSwitch },
    now: async (): Promise<Incident> => {
      const incident = await incidents.get(start.id);
      if (incident === null) throw new Error("no incident");
      return incident;
    },
    look: (summary: DiagnosisSummary) =>
      updateIncident(
        deps,
        start.id,
        () => [{ kind: "diagnosed", at: secondsLater(20 + cycle), cycle: ++cycle, summary }],
        context,
      ),
  };
}

describe("what was begun and goes on by itself", () => {
  it("A10 is followed at every look, with the order by which it began, also when all is well by now", async () => {
    const { deps, look, now } = await anIncidentAtWork();
    expect((await now()).actions).toMatchObject([{ status: "running", orderId: "o1" }]);
    const { step } = await look(well);
    expect(step).toMatchObject({ kind: "act", actionKey: key });
    const authorized = await authorize({ incidentId: "inc-7f3a", policy: tagged(), step }, deps);
    expect(authorized).toMatchObject({
      permitted: true,
      order: { orderId: "o1", input: order.input, follows: { ...running, mayTidy: true } },
    });
  });

  it("A24 may have sent more than is recorded, where the execution that looked died: that is written down", async () => {
    const { deps, look } = await anIncidentAtWork();
    const workflow = { ...createMemoryWorkflow(), stateOf: async () => "ended" as const };
    const handleAt = async () => {
      const { step } = await look(well);
      const { order: again } = await authorize({ incidentId: "inc-7f3a", policy: tagged(), step }, deps);
      return again?.follows?.handle;
    };
    expect(await handleAt()).toEqual({ pid: 7 });
    await deps.clock.advance(120_000);
    await nextRun("inc-7f3a", "inc-7f3a", deps);
    expect(await handleAt()).toEqual({ pid: 7 });
    await deps.clock.advance(120_000);
    expect(await sweep({ ...deps, workflow })).toMatchObject({ takenUp: ["inc-7f3a"] });
    expect(await handleAt()).toEqual({ pid: 7, lostLook: true });
  });

  it("A10 says how far it is in one entry, and its end in another", async () => {
    const { heard, now } = await anIncidentAtWork();
    await heard(halfway);
    await heard({ ...halfway, summary: "The build is at 90 %." });
    await heard(built);
    const { actions, timeline } = await now();
    expect(actions).toMatchObject([{ status: "finished", outcome: { status: "done" } }]);
    expect(timeline.map(({ says }) => says).slice(-3)).toEqual([
      begun.summary,
      "The build is at 90 %.",
      built.summary,
    ]);
  });

  it("Q3 does not begin anew when a word of its progress comes after its end", async () => {
    const { heard, now } = await anIncidentAtWork();
    await heard(built);
    await heard(halfway);
    expect((await now()).actions).toMatchObject([{ status: "finished" }]);
  });

  it("A40 counts as one order, from its beginning", async () => {
    const { heard, now } = await anIncidentAtWork();
    expect((await now()).orders).toMatchObject([{ orderId: "o1", ended: true }]);
    await heard(halfway);
    expect((await now()).orders).toHaveLength(1);
  });

  it("Q3 goes on when the function that looked after it dies, until nobody waits for it any more", async () => {
    const { deps, now } = await anIncidentAtWork();
    const follows = { ...running, mayTidy: true };
    const error = { Error: "States.Timeout" };
    const lost = (at: string) =>
      record(
        {
          incidentId: "inc-7f3a",
          order: { ...order, follows: { ...follows, until: at } },
          outcome: null,
          error,
        },
        deps,
      );
    await lost(secondsLater(7200));
    expect((await now()).actions).toMatchObject([{ status: "running", outcome: { running } }]);
    await lost(secondsLater(5));
    const { actions, status } = await now();
    expect(actions).toMatchObject([{ status: "finished", outcome: { status: "not-verified" } }]);
    expect(status).toBe("escalated");
  });

  it("A41 takes nothing away while the kill switch is engaged, and looks all the same", async () => {
    const { deps, look, killSwitch } = await anIncidentAtWork();
    killSwitch.set("engaged: exercise");
    const { step } = await look(well);
    const { order: followed } = await authorize({ incidentId: "inc-7f3a", policy: tagged(), step }, deps);
    expect(followed?.follows).toMatchObject({
      mayTidy: false,
      held: expect.stringContaining("kill-switch: "),
    });
  });

  const sunday = { days: ["sun"], fromHour: 1, toHour: 2 };
  const none: readonly Snooze[] = [];
  const nobody = { list: none, tags: {}, settings: {}, by: {} };
  const snooze = {
    ...{
      name: aTarget().name,
      until: secondsLater(999),
      reason: "moving house",
      by: "UANA",
      at: secondsLater(1),
    },
  };
  type Now = { list?: Snooze[]; settings?: object; tags?: object; by?: object };
  it.each<[string, Now]>([
    ["exempt", { settings: { exempt: { [aTarget().name]: secondsLater(999) } } }],
    ["snoozed", { list: [snooze] }],
    ["observe", { tags: { "rds-responder:mode": "observe" } }],
    ["asks-now", { settings: { policy: { ...unasked.policy, changeWindow: sunday } } }],
    ["asks-now", { settings: { policy: {} } }],
    ["not-opted-in", { by: { actionId: "own-parameter-group", acts: "aws" } }],
  ])(
    "A40 sends nothing more of it, and looks all the same, where the gate says no by now: %s",
    async (guard, now) => {
      const { list, tags, settings, by } = { ...nobody, ...now };
      const { deps, look } = await anIncidentAtWork(true, by);
      deps.settings.set({ ...unasked, ...settings });
      if (list.length > 0) await deps.incidents.saveSnoozes({ revision: 0, list: [...list] });
      const { step } = await look(well);
      const asked = {
        incidentId: "inc-7f3a",
        policy: tagged({ "rds-responder:change": "no", ...tags }),
        step,
      };
      const { permitted, order: followed } = await authorize(asked, deps);
      expect(permitted).toBe(true);
      expect(followed?.follows?.mayTidy).toBe(false);
      expect(followed?.follows?.held).toMatch(new RegExp(`^${guard}: `));
    },
  );

  it("A40 goes on outside the window where a person has agreed to it, and nowhere where the tags cannot be read", async () => {
    const { deps, look } = await anIncidentAtWork(true, { permittedBy: "approval" });
    deps.settings.set({ policy: { ...unasked.policy, changeWindow: sunday } });
    const { step } = await look(well);
    const asked = (policy: Located | null) => authorize({ incidentId: "inc-7f3a", policy, step }, deps);
    expect((await asked(tagged())).order?.follows).toEqual({ ...running, mayTidy: true });
    expect((await asked(null)).order?.follows).toMatchObject({
      ...{ mayTidy: false, held: expect.stringMatching(/^tags-unread: /) },
      release: expect.stringMatching(/^Lifts by itself/),
    });
  });

  it("Q3 tells a person when its order cannot be found", async () => {
    const { deps, look, now } = await anIncidentAtWork(false);
    const { step } = await look(well);
    expect(await authorize({ incidentId: "inc-7f3a", step }, deps)).toMatchObject({ permitted: false });
    expect((await now()).actions).toMatchObject([{ status: "withheld", refusal: { guard: "order-lost" } }]);
  });

  it("S12 keeps its incident open", async () => {
    const { look, now } = await anIncidentAtWork();
    for (let round = 0; round < 3; round += 1) await look(well);
    expect((await now()).status).not.toBe("resolved");
    expect((await now()).step.kind).toBe("act");
  });
});
