import { describe, expect, it } from "vitest";
import type { DiagnosisSummary, Incident } from "../../../functions/core/contract/incident.ts";
import type { Signal } from "../../../functions/core/contract/signal.ts";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import type { IncidentEvent } from "../../../functions/core/incident/events.ts";
import { newIncident } from "../../../functions/core/incident/open-incident.ts";
import { reduce } from "../../../functions/core/incident/reduce.ts";
import type { ReduceContext } from "../../../functions/core/incident/reduce-context.ts";
import { type Mode, settingsSchema } from "../../../functions/core/settings.ts";
import {
  aFinding,
  anApproval,
  aProposal,
  aTarget,
  after as atSecond,
  openedAt,
} from "../../support/incident-builder.ts";

const settings = settingsSchema.parse({ watch: { healthySeconds: 1800, checkSeconds: 20 } });

function context(mode: Mode = "auto"): ReduceContext {
  return {
    settings,
    keyOf: (proposal) => `${proposal.id}:${proposal.preview}`,
    isSame: (asked, now) => asked.preview === now.preview,
    modeOf: () => mode,
  };
}

function aSignal(overrides: Partial<Signal> = {}): Signal {
  return {
    schema: "signal.v1",
    id: "alarm/1",
    kind: "alarm",
    via: "lambda",
    name: "orders-connections",
    arn: null,
    description: null,
    state: "ALARM",
    reason: "Threshold Crossed",
    at: openedAt,
    accountId: null,
    region: null,
    metrics: [],
    childAlarms: [],
    threshold: 80,
    comparison: null,
    recentDatapoints: [],
    mutedBecause: null,
    tags: {},
    databases: [],
    ...overrides,
  };
}

function summary(overrides: Partial<DiagnosisSummary> = {}): DiagnosisSummary {
  const finding = aFinding({ actions: [aProposal()] });
  return {
    evidenceId: "e",
    diagnosedAt: openedAt,
    headline: finding.summary,
    severity: "P1",
    confidence: 0.95,
    rootCauses: [finding],
    symptoms: [],
    missing: [],
    verdict: "unwell",
    connected: true,
    unreachable: false,
    ...overrides,
  };
}

const well = summary({ headline: "Nothing wrong found.", severity: null, rootCauses: [], verdict: "well" });

function diagnosed(cycle: number, seconds: number, found = summary()): IncidentEvent {
  return { kind: "diagnosed", at: atSecond(seconds), cycle, summary: found };
}

function play(events: readonly IncidentEvent[], mode: Mode = "auto"): Incident {
  const start = newIncident("inc-1", aTarget(), aSignal(), openedAt);
  return events.reduce((incident, event) => reduce(incident, event, context(mode)), start);
}

const key = context().keyOf(aProposal());

function outcome(overrides: Partial<Outcome> = {}): Outcome {
  return {
    schema: "action-outcome.v1",
    orderId: "inc-1-1-0",
    actionId: "terminate-session",
    actionKey: key,
    status: "done",
    summary: "Session 4242 was ended.",
    refusal: null,
    steps: [],
    killed: [4242],
    tookMs: 12,
    ...overrides,
  };
}

describe("the life of an incident", () => {
  it("Q3 an event that is delivered twice changes nothing the second time", () => {
    const events: IncidentEvent[] = [
      { kind: "signal", at: openedAt, signal: aSignal() },
      diagnosed(1, 2),
      { kind: "action-finished", at: atSecond(3), outcome: outcome() },
      diagnosed(2, 8, well),
    ];
    const once = play(events);
    const twice = play(events.flatMap((event) => [event, event]));
    expect(twice).toEqual(once);
  });

  it("A41 in auto mode the first remedy of the root cause is acted upon", () => {
    const incident = play([diagnosed(1, 2)]);
    expect(incident.step).toEqual({ kind: "act", actionKey: key, database: "orders-prod" });
    expect(incident.status).toBe("mitigating");
  });

  it("A41 in approve mode it is asked for first", () => {
    const incident = play([diagnosed(1, 2)], "approve");
    expect(incident.step).toMatchObject({ kind: "ask-approval", actionKey: key, timeoutSeconds: 900 });
    expect(incident.status).toBe("awaiting-approval");
  });

  it("an action that a person declined is not brought up again", () => {
    const declined = play([diagnosed(1, 2)], "approve");
    const approval = {
      schema: "approval.v1",
      id: "a1",
      incidentId: "inc-1",
      group: declined.group,
      actionKey: key,
      proposal: aProposal(),
      target: aTarget(),
      requestedAt: atSecond(3),
      expiresAt: atSecond(900),
      approversNeeded: 1,
      approvals: [],
      status: "declined",
      decidedBy: "U1",
      decidedAt: atSecond(9),
      receipt: null,
    } as const;
    const incident = play(
      [
        diagnosed(1, 2),
        {
          kind: "approval-requested",
          at: atSecond(3),
          approval: { ...approval, approvals: [], status: "pending" },
        },
        { kind: "approval-decided", at: atSecond(9), approval: { ...approval, approvals: [] } },
        diagnosed(2, 30),
      ],
      "approve",
    );
    expect(incident.step.kind).toBe("watch");
    expect(incident.status).toBe("escalated");
  });

  it("A42 a spent approval neither permits nor blocks what comes up again", () => {
    const asked = { schema: "approval.v1", id: "a1", actionKey: key } as const;
    const request = { ...anApproval(), ...asked };
    const again = (mode: Mode): Incident => {
      const refusal = { guard: "session-changed", reason: "It moved on.", release: "Looked at again." };
      const acted = play(
        [
          diagnosed(1, 2),
          { kind: "approval-requested", at: atSecond(3), approval: request },
          {
            kind: "action-finished",
            at: atSecond(9),
            outcome: outcome({ status: "refused", refusal, killed: [] }),
          },
        ],
        "approve",
      );
      return reduce(acted, diagnosed(2, 30), context(mode));
    };
    expect(again("auto")).toMatchObject({ step: { kind: "act" }, actions: [{ approvalId: null }] });
    expect(again("approve")).toMatchObject({
      step: { kind: "ask-approval" },
      actions: [{ approvalId: null }],
    });
  });

  it("an action that was done and did not help is followed by the next remedy, then by a person", () => {
    const second = aProposal({ preview: "another statement" });
    const found = summary({ rootCauses: [aFinding({ actions: [aProposal(), second] })] });
    const afterFirst = play([
      diagnosed(1, 2, found),
      { kind: "action-finished", at: atSecond(3), outcome: outcome({ status: "not-verified" }) },
      diagnosed(2, 20, found),
    ]);
    expect(afterFirst.step).toEqual({
      kind: "act",
      actionKey: context().keyOf(second),
      database: "orders-prod",
    });
    const afterSecond = [
      {
        kind: "action-finished",
        at: atSecond(22),
        outcome: outcome({ orderId: "o2", actionKey: context().keyOf(second) }),
      },
      diagnosed(3, 40, found),
    ] as const;
    const given = afterSecond.reduce((incident, event) => reduce(incident, event, context()), afterFirst);
    expect(given.status).toBe("escalated");
    expect(given.timeline.at(-1)?.says).toContain("Needs a person");
  });

  it("a remedy that a passing guard held back is tried again; one that a lasting guard refused is not", () => {
    const refused = (guard: string): Incident =>
      play([
        diagnosed(1, 2),
        {
          kind: "withheld",
          at: atSecond(3),
          actionKey: key,
          orderId: "o1",
          refusal: { guard, reason: "no.", release: "ask." },
        },
        diagnosed(2, 25),
      ]);
    expect(refused("kill-switch").step.kind).toBe("act");
    expect(refused("mode-observe").step.kind).toBe("watch");
  });

  it("V2 it resolves only after it has looked healthy for the whole watch without a break", () => {
    const incident = play([diagnosed(1, 2, well), diagnosed(2, 1801, well)]);
    expect(incident.step.kind).toBe("watch");
    expect(play([diagnosed(1, 2, well), diagnosed(2, 1802, well)]).step.kind).toBe("resolve");
  });

  it("Q3 a look of a second execution that comes after the end changes nothing", () => {
    const ended = [
      diagnosed(1, 2, well),
      diagnosed(2, 1802, well),
      { kind: "resolved", at: atSecond(1803) },
    ] as const;
    const told = play(ended).timeline;
    for (const found of [well, summary()]) {
      const incident = play([...ended, diagnosed(3, 1804, found), { kind: "resolved", at: atSecond(1805) }]);
      expect(incident).toMatchObject({
        status: "resolved",
        resolvedAt: atSecond(1803),
        step: { kind: "resolve" },
      });
      expect(incident.timeline).toEqual(told);
    }
  });

  it("V2 a relapse starts the watch again and brings the next action", () => {
    const incident = play([
      diagnosed(1, 2, well),
      diagnosed(2, 900),
      diagnosed(3, 920, well),
      diagnosed(4, 1900, well),
    ]);
    expect(incident.healthySince).toBe(atSecond(920));
    expect(incident.step.kind).toBe("watch");
    expect(incident.timeline.some((entry) => entry.key === "relapse#2")).toBe(true);
  });

  it("S12 an alarm that goes back to OK is told, and closes nothing", () => {
    const incident = play([
      { kind: "signal", at: openedAt, signal: aSignal() },
      diagnosed(1, 2),
      { kind: "signal", at: atSecond(60), signal: aSignal({ id: "alarm/2", state: "OK" }) },
    ]);
    expect(incident.status).toBe("mitigating");
    expect(incident.timeline.at(-1)?.says).toContain("not yet proof");
  });

  it("S11 repeats of one alarm are counted and told once", () => {
    const repeats = Array.from({ length: 50 }, (_, index) => ({
      kind: "signal" as const,
      at: atSecond(index),
      signal: aSignal({ id: `alarm/${index}` }),
    }));
    const incident = play(repeats);
    expect(incident.signalCount).toBe(50);
    expect(incident.timeline.filter((entry) => entry.kind === "signal")).toHaveLength(1);
    expect(incident.signals.length).toBeLessThanOrEqual(20);
  });

  it("V4 an unreachable database is handed to a person after ten minutes, not before", () => {
    const gone = summary({
      connected: false,
      unreachable: true,
      rootCauses: [aFinding({ id: "database-unreachable", actions: [] })],
    });
    expect(play([diagnosed(1, 0, gone), diagnosed(2, 599, gone)]).status).toBe("investigating");
    expect(play([diagnosed(1, 0, gone), diagnosed(2, 600, gone)]).status).toBe("escalated");
  });

  it("the resolution names the cause that was seen before anything was done", () => {
    const incident = play([
      diagnosed(1, 2),
      { kind: "action-finished", at: atSecond(3), outcome: outcome() },
      diagnosed(2, 8, summary({ headline: "other", rootCauses: [aFinding({ key: "other" })] })),
      diagnosed(3, 30, well),
    ]);
    expect(incident.cause?.rootCauses[0]?.id).toBe("blocked-by-idle-transaction");
  });

  it("Q3 goes on looking however often it has looked: an execution hands over to the next one, not to nobody", () => {
    const incident = play([diagnosed(700, 2)]);
    expect(incident.step.kind).toBe("act");
  });
});
