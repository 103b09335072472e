import { describe, expect, it } from "vitest";
import { actionKeyOf } from "../../../functions/core/actions/action-key.ts";
import type { Incident } from "../../../functions/core/contract/incident.ts";
import { emptyLedger } from "../../../functions/core/contract/ledger.ts";
import type { Outcome, WorkOrder } from "../../../functions/core/contract/work-order.ts";
import { reduce } from "../../../functions/core/incident/reduce.ts";
import type { ReduceContext } from "../../../functions/core/incident/reduce-context.ts";
import { decideAction, type GateDecision } from "../../../functions/core/policy/gate.ts";
import { outcomeOfError } from "../../../functions/core/respond/outcome-of-error.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import {
  aFinding,
  anIncident,
  anOutcome,
  aProposal,
  aTarget,
  secondsLater,
} from "../../support/incident-builder.ts";

const settings = settingsSchema.parse({
  policy: { modes: { disruptive: "auto" }, maxSessionsPerIncident: 3, pauseAfterActionSeconds: 15 },
});
const context: ReduceContext = {
  settings,
  keyOf: actionKeyOf,
  isSame: (asked, now) => asked.preview === now.preview,
  modeOf: () => "auto",
};

type Ending = (order: WorkOrder) => Outcome;

/** What a session's end leaves behind, by how much of it was ever heard. */
const gone = (order: WorkOrder, told: Partial<Outcome>): Outcome =>
  anOutcome({ orderId: order.orderId, actionKey: order.actionKey, killed: [], ...told });
const lost: Ending = (order) => outcomeOfError(order, { Error: "States.Timeout" }, 0);
const foundGoneByRetry: Ending = (order) => gone(order, { status: "already-done", mayHaveActed: true });
const brokenWhileActing: Ending = (order) => gone(order, { status: "failed", mayHaveActed: true });
const unreachable: Ending = (order) => gone(order, { status: "failed", mayHaveActed: false });
const endedByItself: Ending = (order) => gone(order, { status: "already-done", mayHaveActed: false });
const throttled: Ending = (order) => outcomeOfError(order, { Error: "Lambda.TooManyRequestsException" }, 0);

function gate(incident: Incident, session: number, seconds: number): GateDecision {
  const proposal = proposed(session);
  return decideAction({
    proposal,
    actionKey: actionKeyOf(proposal),
    incident,
    target: aTarget(),
    settings,
    settingsStanding: { kind: "in-force", version: 1, modifiedAt: 1 },
    ledger: emptyLedger,
    snoozes: [],
    killSwitch: { engaged: false, says: "off" },
    approval: null,
    now: Date.parse(secondsLater(seconds)),
    orderId: `ord-${incident.cycle}`,
  });
}

function proposed(session: number) {
  return aProposal({ input: { sessionId: session }, preview: `terminate ${session}` });
}

/** A new look that blames this session. */
function looked(incident: Incident, session: number, seconds: number): Incident {
  const at = secondsLater(seconds);
  const finding = aFinding({ key: `blocked:${session}`, actions: [proposed(session)] });
  const summary = {
    evidenceId: "e",
    diagnosedAt: at,
    headline: finding.summary,
    severity: "P1" as const,
    confidence: 0.9,
    rootCauses: [finding],
    symptoms: [],
    missing: [],
    healthy: false,
    verdict: "unwell" as const,
    connected: true,
    unreachable: false,
  };
  return reduce(incident, { kind: "diagnosed", at, cycle: incident.cycle + 1, summary }, context);
}

/** Fifty looks, a minute apart, each with a culprit; what the gate permits ends as told. */
function fiftyLooks(ending: Ending, sessionOf: (look: number) => number): readonly GateDecision["kind"][] {
  let incident = anIncident();
  return Array.from({ length: 50 }, (_, look) => {
    const seconds = look * 60;
    incident = looked(incident, sessionOf(look), seconds);
    const decision = gate(incident, sessionOf(look), seconds);
    if (decision.kind === "permit") {
      const { order } = decision;
      const at = secondsLater(seconds);
      incident = reduce(incident, { kind: "ordered", at, order }, context);
      incident = reduce(incident, { kind: "action-finished", at, outcome: ending(order) }, context);
    }
    return decision.kind;
  });
}

const permits = (decisions: readonly GateDecision["kind"][]) =>
  decisions.filter((kind) => kind === "permit").length;

describe("the limit of sessions an incident", () => {
  it.each([
    ["whose answer was lost", lost],
    ["whose retry found the session gone", foundGoneByRetry],
    ["whose connection broke while acting", brokenWhileActing],
  ])("A40 counts every order %s", (_how, ending) => {
    expect(permits(fiftyLooks(ending, (look) => 100 + look))).toBe(3);
  });

  it("A40 counts them also when the same session is proposed anew each time", () => {
    expect(permits(fiftyLooks(foundGoneByRetry, () => 100))).toBeLessThanOrEqual(3);
  });

  it.each([
    ["could not connect", unreachable],
    ["found the session gone at the first attempt", endedByItself],
    ["was throttled", throttled],
  ])("A40 does not count an order that certainly did nothing: it %s", (_how, ending) => {
    expect(permits(fiftyLooks(ending, (look) => 100 + look))).toBe(50);
  });

  it("A40 counts an order that is never heard of again", () => {
    let incident = anIncident();
    for (const [look, session] of [101, 102, 103, 104].entries()) {
      incident = looked(incident, session, look * 600);
      const decision = gate(incident, session, look * 600);
      expect(decision.kind).toBe(look < 3 ? "permit" : "withhold");
      if (decision.kind !== "permit") continue;
      incident = reduce(
        incident,
        { kind: "ordered", at: secondsLater(look * 600), order: decision.order },
        context,
      );
    }
  });

  it("A40 stays right when the list of orders is folded", () => {
    let incident = anIncident();
    for (let order = 0; order < 150; order += 1) {
      const decision = gate(looked(anIncident({ cycle: order }), order, 0), order, 0);
      if (decision.kind !== "permit") throw new Error(decision.kind);
      incident = reduce(incident, { kind: "ordered", at: secondsLater(0), order: decision.order }, context);
    }
    expect(incident.orders?.length).toBeLessThanOrEqual(100);
    expect(incident.orders?.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(150);
  });
});

describe("the pause after an action", () => {
  it.each([
    ["may have acted", lost, "withhold"],
    ["found gone what an earlier attempt may have ended", foundGoneByRetry, "withhold"],
    ["certainly did nothing", throttled, "permit"],
  ] as const)("A40 after an order that %s", (_how, ending, expected) => {
    const first = looked(anIncident(), 101, 0);
    const decision = gate(first, 101, 0);
    if (decision.kind !== "permit") throw new Error(decision.kind);
    const { order } = decision;
    const ordered = reduce(first, { kind: "ordered", at: secondsLater(0), order }, context);
    const ended = reduce(
      ordered,
      { kind: "action-finished", at: secondsLater(1), outcome: ending(order) },
      context,
    );
    expect(gate(looked(ended, 102, 5), 102, 5).kind).toBe(expected);
    expect(gate(looked(ended, 102, 16), 102, 16).kind).toBe("permit");
  });
});
