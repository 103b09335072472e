import { describe, expect, it } from "vitest";
import type { ProposedAction } from "../../../functions/core/contract/finding.ts";
import type { DiagnosisSummary, Incident } from "../../../functions/core/contract/incident.ts";
import type { IncidentEvent } from "../../../functions/core/incident/events.ts";
import { reduce } from "../../../functions/core/incident/reduce.ts";
import type { ReduceContext } from "../../../functions/core/incident/reduce-context.ts";
import { type Mode, settingsSchema } from "../../../functions/core/settings.ts";
import {
  aFinding,
  anApproval,
  anIncident,
  aProposal,
  aTarget,
  secondsLater,
} from "../../support/incident-builder.ts";
import { anOrder } from "../../support/order-builder.ts";

const settings = settingsSchema.parse({ watch: { checkSeconds: 20 } });
const keyOf = ({ id, preview }: Pick<ProposedAction, "id" | "preview">): string => `${id}:${preview}`;

function context(modeOf: (proposal: ProposedAction) => Mode = () => "approve"): ReduceContext {
  return { settings, keyOf, isSame: (asked, now) => asked.preview === now.preview, modeOf };
}

const culprit = aProposal();
const another = aProposal({ preview: "SELECT pg_terminate_backend(77)" });

function sawCulprits(...proposals: readonly ProposedAction[]): DiagnosisSummary {
  const rootCauses = proposals.map((proposal, index) =>
    aFinding({ key: `blocked-by-idle-transaction:${index}`, actions: [proposal] }),
  );
  return {
    evidenceId: "e",
    diagnosedAt: secondsLater(0),
    headline: "Somebody blocks",
    severity: "P1",
    confidence: 0.95,
    rootCauses,
    symptoms: [],
    missing: [],
    verdict: proposals.length === 0 ? "well" : "unwell",
    connected: true,
    unreachable: false,
  };
}

const blind: DiagnosisSummary = { ...sawCulprits(), verdict: "unknown", missing: ["locks: timed out"] };

function look(cycle: number, seconds: number, summary: DiagnosisSummary): IncidentEvent {
  return { kind: "diagnosed", at: secondsLater(seconds), cycle, summary };
}

function asked(proposal: ProposedAction, id: string, seconds: number): IncidentEvent {
  const at = secondsLater(seconds);
  const approval = { ...anApproval(), id, actionKey: keyOf(proposal), proposal, requestedAt: at };
  return {
    kind: "approval-requested",
    at,
    approval: { ...approval, expiresAt: secondsLater(seconds + 900) },
  };
}

function clicked(proposal: ProposedAction, id: string, seconds: number): IncidentEvent {
  const approval = { ...anApproval(), id, actionKey: keyOf(proposal), proposal };
  const by = { status: "approved" as const, decidedBy: "U1", decidedAt: secondsLater(seconds) };
  return { kind: "approval-decided", at: secondsLater(seconds), approval: { ...approval, ...by } };
}

function withheldBy(guard: string, seconds: number, proposal = culprit): IncidentEvent {
  const refusal = { guard, reason: "Not now.", release: "Later." };
  const orderId = `o${seconds}`;
  return { kind: "withheld", at: secondsLater(seconds), actionKey: keyOf(proposal), refusal, orderId };
}

function play(events: readonly IncidentEvent[], by = context()): Incident {
  return events.reduce((incident, event) => reduce(incident, event, by), anIncident());
}

describe("a request for approval", () => {
  const waiting = [look(1, 2, sawCulprits(culprit)), asked(culprit, "a1", 3)];

  it("A42 is waited for beside the looking, and not put twice", () => {
    const incident = play([...waiting, look(2, 23, sawCulprits(culprit)), look(3, 43, sawCulprits(culprit))]);
    expect(incident.step).toMatchObject({ kind: "watch", seconds: 20, awaitsDecision: true });
    expect(incident.actions).toMatchObject([{ status: "awaiting-approval", approvalId: "a1" }]);
    expect(incident.status).toBe("awaiting-approval");
  });

  it("A42 is taken back when a look does not find its reason any more, and the card says so", () => {
    const incident = play([...waiting, look(2, 23, sawCulprits())]);
    expect(incident.actions).toMatchObject([
      { status: "withheld", approvalId: "a1", refusal: { guard: "reason-gone" } },
    ]);
    expect(incident.step).not.toHaveProperty("awaitsDecision");
    expect(incident.timeline.filter(({ says }) => says.startsWith("Taken back"))).toHaveLength(1);
  });

  it("A42 is taken back when another statement would be sent by now, and asked anew at the next look", () => {
    const moved = { ...culprit, preview: "SELECT pg_terminate_backend(4242) -- its next transaction" };
    const same: ReduceContext = { ...context(), keyOf: ({ id }) => id };
    const incident = [look(1, 2, sawCulprits(culprit)), { ...asked(culprit, "a1", 3) }].map((event) =>
      event.kind === "approval-requested"
        ? { ...event, approval: { ...event.approval, actionKey: culprit.id } }
        : event,
    );
    const taken = play([...incident, look(2, 23, sawCulprits(moved))], same);
    expect(taken.actions).toMatchObject([{ status: "withheld", refusal: { guard: "reason-gone" } }]);
    expect(reduce(taken, look(3, 43, sawCulprits(moved)), same)).toMatchObject({
      step: { kind: "ask-approval" },
      actions: [{ proposal: { preview: moved.preview }, approvalId: null }],
    });
  });

  it("D7 a look that could not judge takes nothing back", () => {
    const incident = play([...waiting, look(2, 23, blind)]);
    expect(incident.actions).toMatchObject([{ status: "awaiting-approval" }]);
    expect(incident.step).toMatchObject({ kind: "watch", awaitsDecision: true });
  });

  it("A42 that was agreed to during a look is carried out after it, also when that look saw nothing", () => {
    for (const found of [sawCulprits(culprit), blind]) {
      const incident = play([...waiting, clicked(culprit, "a1", 20), look(2, 23, found)]);
      expect(incident.step).toMatchObject({ kind: "act", actionKey: keyOf(culprit) });
      expect(incident.actions).toMatchObject([{ status: "approved", approvalId: "a1", decidedBy: "U1" }]);
    }
  });

  it("A42 that was agreed to is not carried out when the look of that moment does not find its reason", () => {
    const incident = play([...waiting, clicked(culprit, "a1", 20), look(2, 23, sawCulprits())]);
    expect(incident.step.kind).toBe("watch");
    expect(incident.actions).toMatchObject([{ status: "withheld", refusal: { guard: "reason-gone" } }]);
  });

  it("A42 that was taken back takes no click any more", () => {
    const taken = play([...waiting, look(2, 23, sawCulprits())]);
    const late = reduce(taken, clicked(culprit, "a1", 24), context());
    expect(late.step).toEqual(taken.step);
    expect(late.actions).toEqual(taken.actions);
  });

  it("A42 is ended by the gate when its time is over, and no wait goes beyond it", () => {
    const nearly = play([...waiting, look(2, 895, sawCulprits(culprit))]);
    expect(nearly.step).toMatchObject({ kind: "watch", seconds: 8, awaitsDecision: true });
    const over = reduce(nearly, look(3, 903, sawCulprits(culprit)), context());
    expect(over.step).toMatchObject({ kind: "ask-approval", actionKey: keyOf(culprit) });
  });

  it("A42 is the only one: another culprit waits for its decision, unless nobody needs to be asked", () => {
    const both = sawCulprits(another, culprit);
    expect(play([...waiting, look(2, 23, both)]).step).toMatchObject({ kind: "watch", awaitsDecision: true });
    const mixed = context(({ preview }) => (preview === another.preview ? "auto" : "approve"));
    expect(play([...waiting, look(2, 23, both)], mixed).step).toMatchObject({
      kind: "act",
      actionKey: keyOf(another),
    });
  });

  it("A40 people are not asked at every look about culprits that are gone before they can click", () => {
    let incident = anIncident();
    let asks = 0;
    for (let cycle = 1; cycle <= 60; cycle += 1) {
      const turn = aProposal({ preview: `SELECT pg_terminate_backend(${cycle})` });
      incident = reduce(incident, look(cycle, cycle * 20, sawCulprits(turn)), context());
      if (incident.step.kind !== "ask-approval") continue;
      asks += 1;
      incident = reduce(incident, asked(turn, `a${cycle}`, cycle * 20 + 1), context());
    }
    // Three at once, then one in five minutes: twenty minutes in all.
    expect(asks).toBeGreaterThanOrEqual(5);
    expect(asks).toBeLessThanOrEqual(7);
    expect(incident.escalatedAt).not.toBeNull();
  });

  it("A41 is void when policy needs nobody any more, and the gate is asked at the next look", () => {
    const looked = play([...waiting, look(2, 23, sawCulprits(culprit))]);
    const auto = context(() => "auto");
    const taken = reduce(looked, look(3, 43, sawCulprits(culprit)), auto);
    expect(taken.actions).toMatchObject([{ status: "withheld", refusal: { guard: "policy-changed" } }]);
    expect(taken.step).toMatchObject({ kind: "watch", seconds: 1 });
    expect(reduce(taken, look(4, 45, sawCulprits(culprit)), auto).step).toMatchObject({
      kind: "act",
      actionKey: keyOf(culprit),
    });
  });

  const approved = [...waiting, clicked(culprit, "a1", 20)];

  it("A42 that was agreed to stays agreed while a guard says no for the moment, and is tried again", () => {
    const held = play([...approved, withheldBy("pause-after-action", 21)]);
    expect(held.actions).toMatchObject([{ status: "approved", approvalId: "a1" }]);
    expect(held.step.kind).toBe("watch");
    const again = reduce(held, look(2, 43, sawCulprits(culprit)), context());
    expect(again.step).toMatchObject({ kind: "act", actionKey: keyOf(culprit) });
    expect(again.actions).toMatchObject([{ status: "approved", approvalId: "a1", decidedBy: "U1" }]);
  });

  it("A42 whose approval is at fault is made anew", () => {
    for (const guard of ["approval-too-old", "approval-mismatch", "approval-insufficient"]) {
      const held = play([...approved, withheldBy(guard, 21)]);
      expect(held.actions).toMatchObject([{ status: "withheld" }]);
      expect(reduce(held, look(2, 43, sawCulprits(culprit)), context()).step).toMatchObject({
        kind: "ask-approval",
      });
    }
  });

  it("A41 what was only observed is tried when policy allows more, as its refusal says", () => {
    const observe = context(() => "observe");
    const held = play([look(1, 2, sawCulprits(culprit)), withheldBy("observe", 3)], observe);
    expect(reduce(held, look(2, 23, sawCulprits(culprit)), observe).step.kind).toBe("watch");
    expect(
      reduce(
        held,
        look(2, 23, sawCulprits(culprit)),
        context(() => "auto"),
      ).step.kind,
    ).toBe("act");
  });

  it("A41 the tags of the database that is looked at count, also when another one was observed before", () => {
    const db2 = aTarget({ name: "orders-reader", tags: { mode: "auto" } });
    const byTag: ReduceContext = {
      ...context(),
      modeOf: (_proposal, { target }) => (target.name === db2.name ? "auto" : "observe"),
    };
    let incident = anIncident();
    for (let cycle = 1; cycle <= 3; cycle += 1) {
      const turn = aProposal({ preview: `SELECT pg_terminate_backend(${cycle})` });
      incident = reduce(incident, look(cycle, cycle * 20, sawCulprits(turn)), byTag);
      incident = reduce(incident, withheldBy("observe", cycle * 20 + 1, turn), byTag);
    }
    const seen = { ...look(4, 90, sawCulprits(another)), target: db2 };
    expect(reduce(incident, seen, byTag).step).toMatchObject({ kind: "act", database: db2.name });
  });

  it("A42 goes when RDS knows its database no more", () => {
    const other = aTarget({ name: "orders-reader" });
    const looked = { ...look(2, 23, blind), target: other, gone: aTarget().name };
    expect(play([...waiting, looked]).actions).toMatchObject([
      { status: "withheld", refusal: { guard: "reason-gone" } },
    ]);
  });

  it.each(["approved", "declined", "expired", "pending"] as const)(
    "A42 a word on an older card of the same action decides nothing of the one that is out now: %s",
    (status) => {
      const moved = [look(2, 23, sawCulprits()), look(3, 43, sawCulprits(culprit)), asked(culprit, "a2", 44)];
      const newer = play([...waiting, ...moved]);
      expect(newer.actions).toMatchObject([{ status: "awaiting-approval", approvalId: "a2" }]);
      const approvals = [{ by: "U1", at: secondsLater(45) }];
      const word = (id: string) => {
        const click = clicked(culprit, id, 45);
        if (click.kind !== "approval-decided") throw new Error("not a click");
        return { ...click, approval: { ...click.approval, status, approvals } };
      };
      const late = reduce(newer, word("a1"), context());
      for (const part of ["actions", "step", "status", "timeline"] as const)
        expect(late[part]).toEqual(newer[part]);
      const decided = reduce(newer, word("a2"), context());
      expect(decided.actions).not.toEqual(newer.actions);
    },
  );

  it.each(["declined", "expired"] as const)(
    "A42 what is ordered is not taken off by a word that is %s",
    (status) => {
      const agreed = play([...waiting, clicked(culprit, "a1", 20)]);
      const at = secondsLater(21);
      const order = anOrder({ actionKey: keyOf(culprit), approvedBy: "U1" });
      const ordered = reduce(agreed, { kind: "ordered", at, order }, context());
      const late = clicked(culprit, "a1", 22);
      if (late.kind !== "approval-decided") throw new Error("not a click");
      const after = reduce(ordered, { ...late, approval: { ...late.approval, status } }, context());
      expect(after.actions).toMatchObject([{ status: "ordered", decidedBy: "U1" }]);
    },
  );

  it("A42 a person's no to a card that was just taken back is heard", () => {
    const taken = play([...waiting, look(2, 23, sawCulprits())]);
    const click = clicked(culprit, "a1", 24);
    if (click.kind !== "approval-decided") throw new Error("not a click");
    const declined = { ...click, approval: { ...click.approval, status: "declined" as const } };
    const after = reduce(taken, declined, context());
    expect(after.actions).toMatchObject([{ status: "declined" }]);
    expect(reduce(after, look(3, 43, sawCulprits(culprit)), context()).step.kind).toBe("watch");
  });

  it.each(["approved", "declined"] as const)(
    "A42 a click that finds the incident over changes nothing: %s",
    (status) => {
      const over = play([...waiting, look(2, 23, sawCulprits()), look(3, 1900, sawCulprits())]);
      const closed = reduce(over, { kind: "resolved", at: secondsLater(1901) }, context());
      expect(closed).toMatchObject({ status: "resolved", step: { kind: "resolve" } });
      const click = clicked(culprit, "a1", 1902);
      if (click.kind !== "approval-decided") throw new Error("not a click");
      const after = reduce(closed, { ...click, approval: { ...click.approval, status } }, context());
      expect(after).toMatchObject({ status: "resolved", step: { kind: "resolve" }, actions: closed.actions });
    },
  );
});
