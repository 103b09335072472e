import { describe, expect, it } from "vitest";
import { actionKeyOf } from "../../../functions/core/actions/action-key.ts";
import type { Incident } from "../../../functions/core/contract/incident.ts";
import { isKept } from "../../../functions/core/incident/plan.ts";
import { reduce } from "../../../functions/core/incident/reduce.ts";
import type { ReduceContext } from "../../../functions/core/incident/reduce-context.ts";
import { incidentMessages } from "../../../functions/core/messages/incident-messages.ts";
import { clockTime } from "../../../functions/core/messages/wording.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import {
  aFinding,
  anApproval,
  anIncident,
  anOutcome,
  aProposal,
  secondsLater,
} from "../../support/incident-builder.ts";
import { aSummary, look } from "../../support/incident-play.ts";

const context: ReduceContext = {
  settings: defaultSettings,
  keyOf: actionKeyOf,
  isSame: (asked, now) => asked.preview === now.preview,
  modeOf: () => "auto",
};
const lookSeconds = 20;

function blamed(session: number) {
  const input = { sessionId: session };
  const proposal = aProposal({ input, preview: `terminate ${session}`, describes: `session ${session}` });
  return aSummary({ rootCauses: [aFinding({ key: `blocked:${session}`, actions: [proposal] })] });
}

function refused(guard: string, orderId: string, actionKey: string) {
  const refusal = { guard, reason: `The guard ${guard} says no.`, release: "Lifts by itself." };
  const outcome = anOutcome({
    ...{ orderId, actionKey, status: "refused", refusal, killed: [], mayHaveActed: false },
    summary: `Nothing was sent. The guard ${guard} says no.`,
  });
  return outcome;
}

/** Looks in auto mode whose every order comes back refused, and what stands in the channel after each. */
function refusing(guard: string, looks: number, sessionOf: (index: number) => number) {
  let incident = anIncident();
  let orders = 0;
  const posts: string[] = [];
  for (let index = 0; index < looks; index += 1) {
    const seconds = index * lookSeconds;
    incident = reduce(incident, look(index + 1, seconds, blamed(sessionOf(index))), context);
    if (incident.step.kind === "act") {
      orders += 1;
      const outcome = refused(guard, `o${index}`, incident.step.actionKey);
      incident = reduce(
        incident,
        { kind: "action-finished", at: secondsLater(seconds + 1), outcome },
        context,
      );
    }
    incident = delivered(incident, seconds, posts);
  }
  return { incident, orders, posts };
}

function delivered(incident: Incident, seconds: number, posts: string[]): Incident {
  const untold = incidentMessages(incident, defaultSettings, Date.parse(secondsLater(seconds)))
    .thread.filter(({ key }) => incident.receipts[key] === undefined)
    .filter(({ message }) => message.kind === "action-result");
  posts.push(
    ...untold
      .filter(({ edits }) => edits === null || incident.receipts[edits] === undefined)
      .map(({ key }) => key),
  );
  const receipts = Object.fromEntries(
    untold.map(({ key, edits }) => [
      key,
      incident.receipts[edits ?? ""] ?? { channel: "C1", ts: `${posts.length}.1`, permalink: null },
    ]),
  );
  return reduce(incident, { kind: "delivered", root: null, receipts }, context);
}

const passing = [
  "acting-function-busy",
  "session-changed",
  "state-changed",
  "statement-changed",
  "order-expired",
  ...["lock-timeout", "long-statement", "long-transaction", "object-busy"],
];

describe("an order that the acting function refuses", () => {
  it.each(passing)(
    "A40 Q3 is counted with its kind, told once, and a person's matter at the third %s",
    (guard) => {
      const { incident, posts } = refusing(guard, 30, () => 100);
      expect(incident.heldBack).toMatchObject([{ guard, different: 1 }]);
      expect(incident.escalatedAt).toBe(secondsLater(2 * lookSeconds + 1));
      expect(posts).toHaveLength(1);
      const told = incident.timeline.filter(({ kind }) => kind === "action");
      expect(told).toHaveLength(1);
      expect(told[0]?.says).toMatch(/^Refused \d+ times \(1 different\): Nothing was sent\./);
    },
  );

  it.each(["acting-function-busy", "actions-per-hour"])(
    "A40 is tried three times at once, and then every five minutes (%s)",
    (guard) => {
      const { orders, incident } = refusing(guard, 30, () => 100);
      expect(orders).toBe(4);
      expect(incident.heldBack[0]?.count).toBe(4);
    },
  );

  it("A40 Q3 is one message when those that it was about take turns", () => {
    const { incident, posts } = refusing("session-changed", 30, (index) => 100 + index);
    expect(posts).toHaveLength(1);
    expect(incident.status).toBe("escalated");
    expect(incident.heldBack).toMatchObject([{ count: 30, different: 30 }]);
  });

  it("A40 by a lasting guard is not called a thing that was done", () => {
    const { incident, orders } = refusing("protected-user", 2, () => 100);
    expect(orders).toBe(1);
    const says = incident.timeline.filter(({ kind }) => kind === "escalation").map((entry) => entry.says);
    expect(says).toEqual([expect.stringContaining("held back")]);
  });

  it("C4 is nothing done: the cause that a resolution names is still the newest one", () => {
    const { incident } = refusing("session-changed", 3, (index) => index);
    expect(incident.cause?.rootCauses[0]?.key).toBe("blocked:2");
  });

  it.each([
    ...["advisory-lock", "session-data", "never-alone", "cannot-see"],
    ...["not-undone", "others-hold", "nobody-waits"],
  ])("D11 A41 is asked about at the next look where only acting unasked is refused (%s)", (guard) => {
    const { incident, orders } = refusing(guard, 2, () => 100);
    expect(orders).toBe(1);
    expect(incident.step).toMatchObject({ kind: "ask-approval" });
    expect(incident.actions[0]).toMatchObject({ mode: "approve", refusedUnasked: { guard } });
  });

  it.each(["maybe-set-back", "set-back"])(
    "A40 A42 is asked about, and never done unasked, where somebody may have set it back: %s",
    (guard) => {
      const first = refusing(guard, 1, () => 100).incident;
      for (const decidedBy of [null, "UANA"]) {
        const actions = first.actions.map((action) => ({ ...action, decidedBy }));
        const asked = reduce({ ...first, actions }, look(2, 20, blamed(100)), context);
        expect(asked.step.kind).toBe("ask-approval");
        expect(asked.actions[0]).toMatchObject({
          ...{ mode: "approve", decidedBy: null, outcome: null },
          refusedUnasked: { guard, at: secondsLater(1) },
        });
        const proposal = asked.actions[0]?.proposal ?? aProposal();
        const actionKey = asked.actions[0]?.key ?? "";
        const requested = anApproval({ id: "a1", actionKey, proposal, expiresAt: secondsLater(900) });
        const out = reduce(
          asked,
          { kind: "approval-requested", at: secondsLater(21), approval: requested },
          context,
        );
        const card = incidentMessages(out, defaultSettings, Date.parse(secondsLater(22))).thread.find(
          ({ message }) => message.kind === "approval-request",
        );
        const says = JSON.stringify(card?.message.sections);
        expect(says).toContain(`Refused at ${clockTime(secondsLater(1))} (${guard})`);
        expect(says).toContain(`The guard ${guard} says no.`);
        // Asked already: waited for, at every look, and not carried out.
        expect(reduce(out, look(3, 40, blamed(100)), context).step.kind).toBe("watch");
      }
    },
  );

  it.each(passing)("A40 is asked about where an attempt before may have done it: %s", (guard) => {
    const once = reduce(anIncident(), look(1, 0, blamed(100)), context);
    const actionKey = "actionKey" in once.step ? once.step.actionKey : "";
    const outcome = { ...refused(guard, "o1", actionKey), mayHaveActed: true };
    const event = { kind: "action-finished", at: secondsLater(1), outcome } as const;
    const asked = reduce(reduce(once, event, context), look(2, 20, blamed(100)), context);
    expect(asked.step).toMatchObject({ kind: "ask-approval", actionKey });
    expect(asked.actions[0]).toMatchObject({ mode: "approve", refusedUnasked: { guard } });
  });

  it("A40 by a lasting guard is not brought up again, whatever an attempt before has done", () => {
    const once = reduce(anIncident(), look(1, 0, blamed(100)), context);
    const actionKey = "actionKey" in once.step ? once.step.actionKey : "";
    const outcome = { ...refused("protected-user", "o1", actionKey), mayHaveActed: true };
    const event = { kind: "action-finished", at: secondsLater(1), outcome } as const;
    const after = reduce(reduce(once, event, context), look(2, 20, blamed(100)), context);
    expect(after.step.kind).not.toMatch(/^(act|ask-approval)$/);
  });

  it.each(["declined", "expired"] as const)(
    "A40 A42 what was asked about since it may have been set back, and was %s, is not forgotten",
    (decision) => {
      const first = refusing("maybe-set-back", 1, () => 100).incident;
      let incident = reduce(first, look(2, 20, blamed(100)), context);
      const [{ key, proposal } = { key: "", proposal: aProposal() }] = incident.actions;
      const approval = anApproval({ id: "a1", actionKey: key, proposal, expiresAt: secondsLater(900) });
      incident = reduce(incident, { kind: "approval-requested", at: secondsLater(21), approval }, context);
      const decided = { ...approval, status: decision, decidedBy: "UANA", decidedAt: secondsLater(30) };
      incident = reduce(
        incident,
        { kind: "approval-decided", at: secondsLater(30), approval: decided },
        context,
      );
      expect(incident.actions[0]?.status).toBe(decision);
      for (let session = 101; session < 120; session += 1) {
        const seconds = (session - 98) * 20;
        incident = reduce(incident, look(session, seconds, blamed(session)), context);
        if (incident.step.kind !== "act") continue;
        const outcome = refused("session-changed", `p${session}`, incident.step.actionKey);
        incident = reduce(
          incident,
          { kind: "action-finished", at: secondsLater(seconds + 1), outcome },
          context,
        );
      }
      expect(incident.actions.length).toBeLessThanOrEqual(13);
      expect(incident.actions.find((action) => action.key === key)).toMatchObject({
        ...{ status: decision, refusedUnasked: { guard: "maybe-set-back" } },
      });
      expect(reduce(incident, look(200, 800, blamed(100)), context).step.kind).not.toBe("act");
    },
  );

  it("A40 an undo that a person declined is kept: it is not asked for again", () => {
    const { incident } = refusing("session-changed", 1, () => 100);
    const kept = (undoes?: string) =>
      incident.actions.map((action) =>
        isKept({ ...action, status: "declined", ...(undoes === undefined ? {} : { undoes }) }, incident),
      );
    expect([kept("o7"), kept()]).toEqual([[true], [false]]);
  });

  it("A40 a repeat that was refused is kept among what may have been done", () => {
    const { incident } = refusing("maybe-set-back", 1, () => 100);
    const kept = (mayHaveActed: boolean) =>
      incident.actions.map((action) =>
        isKept(
          { ...action, outcome: action.outcome === null ? null : { ...action.outcome, mayHaveActed } },
          incident,
        ),
      );
    expect([kept(true), kept(false)]).toEqual([[true], [false]]);
  });

  it.each(["cannot-see", "rollback-too-long"])(
    "D11 is not asked about again when a lasting guard refuses what a person has agreed to (%s)",
    (guard) => {
      const asked = refusing("cannot-see", 2, () => 100).incident;
      const actions = asked.actions.map((action) => ({ ...action, decidedBy: "UANA" }));
      const outcome = refused(guard, "o9", actions[0]?.key ?? "");
      const event = { kind: "action-finished", at: secondsLater(60), outcome } as const;
      const after = reduce({ ...asked, actions }, event, context);
      expect(reduce(after, look(9, 80, blamed(100)), context).step.kind).not.toBe("ask-approval");
    },
  );
});
