import { describe, expect, it } from "vitest";
import * as z from "zod";
import { actionKeyOf } from "../../../functions/core/actions/action-key.ts";
import { emptyLedger, type Ledger } from "../../../functions/core/contract/ledger.ts";
import { workOrderSchema } from "../../../functions/core/contract/work-order.ts";
import { decideAction } from "../../../functions/core/policy/gate.ts";
import type { GateInput } from "../../../functions/core/policy/gate-input.ts";
import { type Settings, settingsSchema } from "../../../functions/core/settings.ts";
import {
  anAction,
  anApproval,
  anIncident,
  anOutcome,
  aProposal,
  aTarget,
  openedAt,
  secondsLater,
} from "../../support/incident-builder.ts";

const now = Date.parse(secondsLater(60));
const proposal = aProposal();
const actionKey = actionKeyOf(proposal);

function settings(policy: object = {}, rest: object = {}): Settings {
  return settingsSchema.parse({
    ...rest,
    policy: { approvers: ["UANA", "UBEN"], modes: { disruptive: "auto" }, ...policy },
  });
}

function gate(changes: Partial<GateInput> = {}): GateInput {
  return {
    proposal,
    actionKey,
    incident: anIncident(),
    target: aTarget(),
    settings: settings(),
    settingsStanding: { kind: "in-force", version: 1, modifiedAt: 1 },
    ledger: emptyLedger,
    snoozes: [],
    killSwitch: { engaged: false, says: "off" },
    approval: null,
    now,
    orderId: "ord-1",
    ...changes,
  };
}

/** Orders of an earlier incident, so many seconds ago. */
function ledgerOf(...secondsAgo: readonly number[]): Ledger {
  const orders = secondsAgo.map((seconds, index) => ({
    ...{ orderId: `old-${index}`, incidentId: "inc-old", actionId: "terminate-session" },
    at: Number.isNaN(seconds) ? "?" : new Date(now - seconds * 1000).toISOString(),
  }));
  return { ...emptyLedger, revision: 1, orders };
}

function approved(changes: Parameters<typeof anApproval>[0] = {}) {
  const by = "UANA";
  const at = secondsLater(50);
  return anApproval({
    actionKey,
    status: "approved",
    approvals: [{ by, at }],
    decidedBy: by,
    decidedAt: at,
    ...changes,
  });
}

const asking = settings({ modes: { disruptive: "approve" } });

function acted(overrides: object = {}) {
  const { input, ...other } = aProposal();
  return anAction({
    key: "other",
    proposal: { ...other, input: { ...Object(input), application: "reports" } },
    status: "finished",
    outcome: anOutcome({ killed: [1] }),
    updatedAt: openedAt,
    ...overrides,
  });
}

function snoozed(name: string, until: string) {
  return { name, until, reason: "migration", by: "UANA", at: openedAt };
}

/** Every "no" of the gate, by the name that people and the reducer see. */
const withheld: readonly [guard: string, why: string, changes: Partial<GateInput>][] = [
  ["kill-switch-unreadable", "the kill switch cannot be read", { killSwitch: undefined }],
  ["kill-switch", "the kill switch is engaged", { killSwitch: { engaged: true, says: "Ana, 09:00" } }],
  [
    "exempt",
    "the group is exempted by its whole name",
    { settings: settings({}, { exempt: { [anIncident().group]: secondsLater(61) } }) },
  ],
  [
    "exempt",
    "the group is exempted by its last part",
    { settings: settings({}, { exempt: { "orders-prod": secondsLater(61) } }) },
  ],
  [
    "exempt",
    "the end of an exemption cannot be read",
    { settings: settings({}, { exempt: { "orders-prod": "next week" } }) },
  ],
  ["snoozed", "somebody has snoozed the database", { snoozes: [snoozed("orders-prod", secondsLater(61))] }],
  ["snoozed", "its group, by its whole name", { snoozes: [snoozed(anIncident().group, secondsLater(61))] }],
  ["snoozed", "the end of a snooze cannot be read", { snoozes: [snoozed("orders-prod", "tomorrow")] }],
  ["not-automatic", "only a person can carry it out", { proposal: aProposal({ automatic: false }) }],
  ["not-this-action", "the key is another proposal's", { actionKey: "terminate-session 1 x" }],
  ["observe", "policy only observes", { settings: settings({ modes: { disruptive: "observe" } }) }],
  [
    "observe",
    "the database's tag only observes",
    { target: aTarget({ tags: { "rds-responder:mode": "observe" } }) },
  ],
  ["observe", "a tag cannot be read", { target: aTarget({ tags: { "rds-responder:mode": "yolo" } }) }],
  [
    "observe",
    "irreversible actions are observed by default",
    { proposal: aProposal({ risk: "irreversible" }) },
  ],
  [
    "sessions-per-incident",
    "three sessions were signalled",
    { incident: anIncident({ actions: [acted({ outcome: anOutcome({ killed: [1, 2, 3] }) })] }) },
  ],
  [
    "actions-per-hour",
    "six orders were handed out in the last hour, most of them in incidents that are over",
    { ledger: ledgerOf(3500, 3000, 2000, 1000, 500, 100) },
  ],
  [
    "actions-per-hour",
    "the time of one of six cannot be read",
    { ledger: ledgerOf(Number.NaN, 3000, 2000, 1000, 500, 100) },
  ],
  ["pause-after-action", "another incident of its group has just acted", { ledger: ledgerOf(10) }],
  [
    "pause-after-action",
    "an action has just been taken",
    { incident: anIncident({ actions: [acted({ updatedAt: secondsLater(46) })] }) },
  ],
  [
    "pause-after-action",
    "the time of the last action cannot be read",
    { incident: anIncident({ actions: [acted({ updatedAt: "?" })] }) },
  ],
  [
    "pause-after-action",
    "a failed action may have acted",
    {
      incident: anIncident({
        actions: [
          acted({ updatedAt: secondsLater(59), outcome: anOutcome({ status: "failed", killed: [] }) }),
        ],
      }),
    },
  ],
  [
    "action-in-progress",
    "another action is under way",
    {
      incident: anIncident({
        actions: [anAction({ key: "other", status: "ordered", updatedAt: secondsLater(59) })],
      }),
    },
  ],
  ["approval-pending", "nobody has decided", { settings: asking, approval: anApproval({ actionKey }) }],
  [
    "approval-declined",
    "it was declined",
    { approval: anApproval({ actionKey, status: "declined", decidedBy: "UANA" }) },
  ],
  ["approval-expired", "nobody decided in time", { approval: anApproval({ actionKey, status: "expired" }) }],
  [
    "approval-mismatch",
    "the approval is another incident's",
    { approval: approved({ incidentId: "inc-other" }) },
  ],
  ["approval-mismatch", "the approval is another action's", { approval: approved({ actionKey: "other" }) }],
  [
    "approval-mismatch",
    "another statement was approved",
    { approval: approved({ proposal: aProposal({ preview: "select 1" }) }) },
  ],
  [
    "approval-mismatch",
    "the same statement with another input was approved",
    { approval: approved({ proposal: aProposal({ input: { sparesAdministrators: true } }) }) },
  ],
  [
    "approval-mismatch",
    "another database was approved",
    { approval: approved({ target: aTarget({ host: "elsewhere" }) }) },
  ],
  [
    "approval-insufficient",
    "whoever approved may not any more",
    { approval: approved({ approvals: [{ by: "UEVE", at: openedAt }] }) },
  ],
  [
    "approval-too-old",
    "the approval has aged",
    { approval: approved({ decidedAt: secondsLater(60 - 901) }) },
  ],
  [
    "approval-too-old",
    "the time of the approval cannot be read",
    { approval: approved({ decidedAt: null }) },
  ],
];

describe("the gate", () => {
  it("A40 counts an hour's orders across incidents, and not an order that is handed out again", () => {
    expect(decideAction(gate({ ledger: ledgerOf(3601, 3000, 2000, 1000, 500, 100) })).kind).toBe("permit");
    const { orders } = ledgerOf(100);
    const again = orders.map((order) => ({ ...order, orderId: "ord-1", incidentId: anIncident().id }));
    const ledger = { ...ledgerOf(3000, 2000, 1000, 500, 100), revision: 9 };
    expect(decideAction(gate({ ledger: { ...ledger, orders: [...ledger.orders, ...again] } })).kind).toBe(
      "permit",
    );
  });

  it.each(withheld)("A40 A41 withholds (%s) when %s, with a reason and a way out", (guard, _why, changes) => {
    const decision = decideAction(gate(changes));
    expect(decision).toMatchObject({ kind: "withhold", refusal: { guard } });
    if (decision.kind !== "withhold") return;
    expect(decision.refusal.reason.length).toBeGreaterThan(20);
    expect(decision.refusal.release.length).toBeGreaterThan(20);
  });

  it("A40 a snooze that has ended, or is another database's, holds nothing; one that stands says who, why and until when", () => {
    const over = [snoozed("orders-prod", secondsLater(59)), snoozed("billing", secondsLater(3600))];
    expect(decideAction(gate({ snoozes: over })).kind).toBe("permit");
    const decision = decideAction(gate({ snoozes: [snoozed("orders-prod", secondsLater(3600))] }));
    const reason = expect.stringMatching(/snoozed until .*UANA: migration/);
    expect(decision).toMatchObject({ kind: "withhold", refusal: { guard: "snoozed", reason } });
  });

  it("A41 permits in mode auto with an order that parses, expires soon and carries the guards", () => {
    const decision = decideAction(gate());
    if (decision.kind !== "permit") throw new Error(decision.kind);
    expect(workOrderSchema.parse(decision.order)).toEqual(decision.order);
    expect(decision.order).toMatchObject({
      permittedBy: "auto",
      approvedBy: null,
      actionKey,
      orderId: "ord-1",
    });
    expect(decision.order.expiresAt).toBe(secondsLater(120));
    expect(decision.order.guards.protectedApplications).toContain("pg_dump");
  });

  it("A41 asks in mode approve", () => {
    expect(decideAction(gate({ settings: asking }))).toEqual({ kind: "ask" });
  });

  it("D11 A41 asks a person for what the acting look would not do unasked", () => {
    const refusal = {
      guard: "cannot-see",
      reason: "Who holds GET_LOCK is not recorded.",
      release: "A person.",
    };
    const incident = anIncident({ actions: [anAction({ key: actionKey, refusedUnasked: refusal })] });
    expect(decideAction(gate({ incident }))).toEqual({ kind: "ask", because: refusal });
    expect(decideAction(gate({ incident, approval: approved() })).kind).toBe("permit");
  });

  it("A41 asks in mode auto outside the change window", () => {
    const changeWindow = { days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], fromHour: 0, toHour: 1 };
    const at = Date.parse("2026-11-21T12:00:00Z");
    expect(decideAction(gate({ settings: settings({ changeWindow }), now: at }))).toEqual({ kind: "ask" });
    const open = Date.parse("2026-11-21T00:30:00Z");
    expect(decideAction(gate({ settings: settings({ changeWindow }), now: open })).kind).toBe("permit");
  });

  it("A42 takes an approval for the same input, in whatever order it was stored", () => {
    const { input } = aProposal();
    const stored = z
      .json()
      .parse(Object.fromEntries(Object.entries(z.record(z.string(), z.json()).parse(input)).toReversed()));
    const approval = approved({ proposal: aProposal({ input: stored }) });
    expect(decideAction(gate({ settings: asking, approval })).kind).toBe("permit");
  });

  it("A42 permits what was approved, and says by whom", () => {
    const decision = decideAction(gate({ settings: asking, approval: approved() }));
    expect(decision).toMatchObject({
      kind: "permit",
      order: { permittedBy: "approval", approvedBy: "UANA" },
    });
  });

  it("A42 lets no approval through the kill switch or observe", () => {
    const engaged = { engaged: true, says: "drill" };
    expect(decideAction(gate({ approval: approved(), killSwitch: engaged })).kind).toBe("withhold");
    const observe = settings({ modes: { disruptive: "observe" } });
    expect(decideAction(gate({ approval: approved(), settings: observe })).kind).toBe("withhold");
  });

  it("A42 needs two different people for an irreversible action, whatever the request says", () => {
    const irreversible = aProposal({ risk: "irreversible" });
    const allowed = settings({ modes: { irreversible: "approve" } });
    const one = approved({ proposal: irreversible, approversNeeded: 1 });
    expect(decideAction(gate({ proposal: irreversible, settings: allowed, approval: one }))).toMatchObject({
      refusal: { guard: "approval-insufficient" },
    });
    const twice = [one.approvals, one.approvals].flat();
    const same = { ...one, approvals: twice };
    expect(decideAction(gate({ proposal: irreversible, settings: allowed, approval: same })).kind).toBe(
      "withhold",
    );
    const two = { ...one, approvals: [...one.approvals, { by: "UBEN", at: openedAt }] };
    expect(decideAction(gate({ proposal: irreversible, settings: allowed, approval: two })).kind).toBe(
      "permit",
    );
  });

  it("A40 takes the next action at the instant the pause ends, and not before", () => {
    const at = (seconds: number) =>
      decideAction(
        gate({
          incident: anIncident({ actions: [acted({ updatedAt: openedAt })] }),
          now: Date.parse(secondsLater(seconds)),
        }),
      ).kind;
    expect([at(14.999), at(15)]).toEqual(["withhold", "permit"]);
  });

  it("A40 does not take a repeat of the same order for a second action", () => {
    const repeat = anAction({ key: actionKey, status: "ordered", updatedAt: secondsLater(59) });
    expect(decideAction(gate({ incident: anIncident({ actions: [repeat] }) })).kind).toBe("permit");
  });

  it("A40 stops waiting for an action whose outcome never came", () => {
    const lost = anAction({ key: "other", status: "ordered", updatedAt: secondsLater(60 - 120) });
    expect(decideAction(gate({ incident: anIncident({ actions: [lost] }) })).kind).toBe("permit");
  });

  it("A40 counts a session under way against the limit of the incident", () => {
    const lost = anAction({ key: "other", status: "ordered", updatedAt: secondsLater(-600) });
    const input = gate({
      incident: anIncident({ actions: [lost] }),
      settings: settings({ maxSessionsPerIncident: 1 }),
    });
    expect(decideAction(input)).toMatchObject({ refusal: { guard: "sessions-per-incident" } });
  });

  it("A40 lets an exemption end at its time", () => {
    const over = settings({}, { exempt: { "orders-prod": secondsLater(60) } });
    expect(decideAction(gate({ settings: over })).kind).toBe("permit");
  });
});
