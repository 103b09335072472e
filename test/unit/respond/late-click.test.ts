import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createMemoryIncidentStore } from "../../../functions/adapters/memory/memory-incident-store.ts";
import { createMemorySettings } from "../../../functions/adapters/memory/memory-settings.ts";
import { createMemoryWorkflow } from "../../../functions/adapters/memory/memory-workflow.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import { decideApproval } from "../../../functions/core/respond/decide-approval.ts";
import { anAction, anApproval, anIncident, secondsLater } from "../../support/incident-builder.ts";

const policy = { approvers: ["UANA"] };

/** Two cards of one action are stored as open: the older one could not be voided when the newer one went out. */
async function twoCards() {
  const clock = createVirtualClock(Date.parse(secondsLater(100)));
  const log = createCollectingLog();
  const incidents = createMemoryIncidentStore();
  const settings = createMemorySettings({ policy }, { clock, log });
  const deps = { incidents, clock, log, random: () => 0, workflow: createMemoryWorkflow(), settings };
  const action = anAction({ status: "awaiting-approval", approvalId: "newer" });
  const opened = anIncident({ status: "awaiting-approval", actions: [action] });
  await incidents.open(opened);
  for (const id of ["older", "newer"]) await incidents.putApproval(anApproval({ id }));
  return {
    click: (approvalId: string, decision: "approve" | "decline") =>
      decideApproval({ approvalId, decision, by: "UANA" }, deps),
    action: async () => (await incidents.get(opened.id))?.actions[0],
    before: action,
  };
}

describe("a click on a card in whose place a newer one has come", () => {
  it.each(["approve", "decline"] as const)("A42 decides nothing, and says so: %s", async (decision) => {
    const { click, action, before } = await twoCards();
    expect(await click("older", decision)).toMatchObject({
      accepted: false,
      says: expect.stringMatching(/not out any more.*Nothing will be done by this click/),
    });
    expect(await action()).toEqual(before);
  });

  it.each([
    ["approve", "approved"],
    ["decline", "declined"],
  ] as const)("A42 leaves the newer one to be decided: %s", async (decision, status) => {
    const { click, action } = await twoCards();
    await click("older", decision === "approve" ? "decline" : "approve");
    expect((await click("newer", decision)).accepted).toBe(true);
    expect(await action()).toMatchObject({ status, approvalId: "newer" });
  });
});

describe("the first of two clicks that are needed", () => {
  it.each([
    ["withheld", false, /taken back in this very moment.*Nothing will be done by this click/],
    ["awaiting-approval", true, /Recorded. A second approver has to agree/],
  ] as const)("A42 on a card that is %s is told what comes of it", async (status, accepted, says) => {
    const clock = createVirtualClock(Date.parse(secondsLater(100)));
    const log = createCollectingLog();
    const incidents = createMemoryIncidentStore();
    const settings = createMemorySettings({ policy: { approvers: ["UANA", "UBEN"] } }, { clock, log });
    const deps = { incidents, clock, log, random: () => 0, workflow: createMemoryWorkflow(), settings };
    const action = anAction({ status, approvalId: "a" });
    await incidents.open(anIncident({ status: "awaiting-approval", actions: [action] }));
    await incidents.putApproval(anApproval({ id: "a", approversNeeded: 2 }));
    const answer = await decideApproval({ approvalId: "a", decision: "approve", by: "UANA" }, deps);
    expect(answer).toMatchObject({ accepted, says: expect.stringMatching(says) });
  });
});
