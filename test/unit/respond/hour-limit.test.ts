import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createMemoryIncidentStore } from "../../../functions/adapters/memory/memory-incident-store.ts";
import { createMemoryKillSwitch } from "../../../functions/adapters/memory/memory-kill-switch.ts";
import { createMemorySettings } from "../../../functions/adapters/memory/memory-settings.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import { actionKeyOf } from "../../../functions/core/actions/action-key.ts";
import { authorize } from "../../../functions/core/respond/authorize.ts";
import { anAction, anIncident, aProposal, aTarget, secondsLater } from "../../support/incident-builder.ts";

const proposal = aProposal();
const actionKey = actionKeyOf(proposal);

describe("orders of many incidents of one database", () => {
  function setUp() {
    const clock = createVirtualClock(Date.parse(secondsLater(0)));
    const log = createCollectingLog();
    const incidents = createMemoryIncidentStore();
    const policy = { modes: { disruptive: "auto" }, maxActionsPerHour: 2 };
    const settings = createMemorySettings({ policy }, { clock, log });
    const deps = { incidents, clock, log, settings, killSwitch: createMemoryKillSwitch(), random: () => 0 };
    /** A new incident that wants to act, `minutes` after the first; its group is free again afterwards. */
    async function next(id: string, minutes: number) {
      await clock.advance(Date.parse(secondsLater(minutes * 60)) - clock.now());
      const action = anAction({ key: actionKey, proposal, mode: "auto", status: "proposed" });
      const incident = anIncident({ id, step: { kind: "act", actionKey }, cycle: 1, actions: [action] });
      await incidents.open(incident);
      const at = new Date(clock.now()).toISOString();
      const policyNow = { at, target: aTarget(), reason: null, joins: null, gone: null, notes: [] };
      const ask = () =>
        authorize(
          { incidentId: id, policy: { schema: "located.v1", ...policyNow }, step: incident.step },
          deps,
        );
      const answer = await ask();
      const again = answer.permitted ? await ask() : answer;
      await incidents.release(incident);
      return { answer, again, incident: await incidents.get(id) };
    }
    return { incidents, next };
  }

  it("A40 are counted together, and the one too many is withheld until the oldest is an hour ago", async () => {
    const { incidents, next } = setUp();
    expect((await next("inc-1", 0)).answer.permitted).toBe(true);
    expect((await next("inc-2", 20)).answer.permitted).toBe(true);
    const third = await next("inc-3", 40);
    expect(third.answer.permitted).toBe(false);
    expect(third.incident?.actions[0]?.refusal).toMatchObject({
      guard: "actions-per-hour",
      reason: expect.stringContaining("2 actions were ordered"),
    });
    expect((await next("inc-4", 61)).answer.permitted).toBe(true);
    const { orders } = await incidents.ledgerOf(anIncident().group);
    expect(orders.map(({ incidentId }) => incidentId)).toEqual(["inc-2", "inc-4"]);
  });

  it("A40 Q3 count once, however often the step runs", async () => {
    const { incidents, next } = setUp();
    const { answer, again } = await next("inc-1", 0);
    expect(again.order?.orderId).toBe(answer.order?.orderId);
    expect((await incidents.ledgerOf(anIncident().group)).orders).toHaveLength(1);
  });
});
