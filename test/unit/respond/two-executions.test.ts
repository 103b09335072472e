import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createMemoryIncidentStore } from "../../../functions/adapters/memory/memory-incident-store.ts";
import { createMemorySettings } from "../../../functions/adapters/memory/memory-settings.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import { actionKeyOf } from "../../../functions/core/actions/action-key.ts";
import type { Incident } from "../../../functions/core/contract/incident.ts";
import type { AuditRecord, Outcome, WorkOrder } from "../../../functions/core/contract/work-order.ts";
import { reduce } from "../../../functions/core/incident/reduce.ts";
import { record } from "../../../functions/core/respond/record.ts";
import { reduceContext } from "../../../functions/core/respond/reduce-context.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import {
  anAction,
  anIncident,
  anOutcome,
  aProposal,
  aTarget,
  secondsLater,
} from "../../support/incident-builder.ts";

const proposal = aProposal({ input: { sessionId: 4242 } });
const actionKey = actionKeyOf(proposal);
const { policy } = defaultSettings;
const order: WorkOrder = {
  ...{ schema: "work-order.v1", orderId: "o1", incidentId: "inc-7f3a", actionId: proposal.id, actionKey },
  ...{ risk: proposal.risk, input: proposal.input, target: aTarget(), permittedBy: "auto", approvedBy: null },
  ...{ issuedAt: secondsLater(0), expiresAt: secondsLater(60) },
  guards: { ...policy },
};

const refusal = { guard: "session-changed", reason: "It is gone.", release: "Nothing to release." };
const ending = (overrides: Partial<Outcome>): Outcome =>
  anOutcome({ orderId: "o1", actionKey, ...overrides });
const gone = ending({ status: "refused", refusal, killed: [], mayHaveActed: false, summary: "It is gone." });
const done = ending({ status: "done", mayHaveActed: true, summary: "Session 4242 was ended." });
const unheard = ending({ status: "failed", killed: [], mayHaveActed: true, summary: "No answer came." });

/** One order that two executions carried out, recorded one after the other. */
async function recorded(
  ...outcomes: readonly Outcome[]
): Promise<{ incident: Incident; audit: readonly AuditRecord[] }> {
  const clock = createVirtualClock(Date.parse(secondsLater(10)));
  const log = createCollectingLog();
  const incidents = createMemoryIncidentStore();
  const start = anIncident({ actions: [anAction({ key: actionKey, proposal, mode: "auto" })] });
  const ordered = { kind: "ordered", at: secondsLater(1), order } as const;
  await incidents.open(reduce(start, ordered, reduceContext(defaultSettings)));
  const deps = { incidents, clock, log, random: () => 0, settings: createMemorySettings({}, { clock, log }) };
  for (const outcome of outcomes) await record({ incidentId: start.id, order, outcome, error: null }, deps);
  const incident = await incidents.get(start.id);
  if (incident === null) throw new Error("no incident");
  return { incident, audit: await incidents.audit(start.id) };
}

describe("one order in the hands of two executions", () => {
  it.each([
    ["ended the session", done],
    ["was not heard of", unheard],
  ])("A40 counts when the one %s, though the other had said that it was gone", async (_what, acted) => {
    const { incident } = await recorded(gone, acted);
    expect(incident.actions[0]?.outcome).toEqual(acted);
    expect(incident.orders).toMatchObject([{ orderId: "o1", sessions: 1, ended: true }]);
    expect(incident.timeline.at(-1)?.says).toBe(acted.summary);
  });

  it("A40 counts when the one that ended the session is heard first", async () => {
    const { incident } = await recorded(done, gone);
    expect(incident.actions[0]?.outcome).toEqual(done);
    expect(incident.orders).toMatchObject([{ orderId: "o1", sessions: 1, ended: true }]);
    expect(incident.heldBack).toEqual([]);
  });

  it("A40 stands in the audit with both ends, and a repeat adds none", async () => {
    const { audit } = await recorded(gone, done, done, gone);
    expect(audit.map(({ phase, outcome }) => [phase, outcome?.status])).toEqual([
      ["finished", "refused"],
      ["corrected", "done"],
    ]);
    expect((await recorded(done, done, gone)).audit).toHaveLength(1);
  });

  it("A40 leaves a newer order for the same under way, counts beside it, and is told", () => {
    const context = reduceContext(defaultSettings);
    const start = anIncident({ actions: [anAction({ key: actionKey, proposal, mode: "auto" })] });
    const incident = [
      { kind: "ordered", at: secondsLater(1), order } as const,
      { kind: "action-finished", at: secondsLater(2), outcome: gone } as const,
      { kind: "ordered", at: secondsLater(3), order: { ...order, orderId: "o2" } } as const,
      { kind: "action-finished", at: secondsLater(4), outcome: done } as const,
    ].reduce((before, event) => reduce(before, event, context), start);
    expect(incident.actions).toMatchObject([{ status: "ordered", orderId: "o2" }]);
    expect(incident.orders).toMatchObject([
      { orderId: "o2", ended: false },
      { orderId: "o1", ended: true },
    ]);
    expect(incident.timeline.at(-1)).toMatchObject({ kind: "note", says: done.summary });
  });

  it("A40 does not count when neither did anything", async () => {
    const { incident } = await recorded(gone, gone);
    expect(incident.orders).toEqual([]);
    expect(incident.heldBack).toMatchObject([{ guard: "session-changed", count: 1 }]);
  });
});
