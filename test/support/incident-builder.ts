import type { Approval, Incident, IncidentAction } from "../../functions/core/contract/incident.ts";
import type { Outcome } from "../../functions/core/contract/work-order.ts";
import { aProposal, aTarget, openedAt, secondsLater } from "./diagnosis-builder.ts";

/** The same under the name that reads better where no test hook is called so. */
export {
  aDiagnosis,
  aFinding,
  aProposal,
  aTarget,
  openedAt,
  secondsLater,
  secondsLater as after,
} from "./diagnosis-builder.ts";

export function anOutcome(overrides: Partial<Outcome> = {}): Outcome {
  return {
    schema: "action-outcome.v1",
    orderId: "ord-91c2",
    actionId: "terminate-session",
    actionKey: "terminate-session:4242",
    status: "done",
    summary: "Session 4242 is gone; waiting sessions went from 46 to 0.",
    refusal: null,
    steps: [
      { at: secondsLater(97), says: "pre-check: pid 4242 is the same session, still idle in transaction" },
      { at: secondsLater(97), says: "pg_cancel_backend(4242): true, 1 ms" },
      { at: secondsLater(102), says: "pg_terminate_backend(4242): true, 2 ms" },
      { at: secondsLater(103), says: "verified: 46 waiting sessions before, 0 after" },
    ],
    killed: [4242],
    tookMs: 6180,
    ...overrides,
  };
}

export function anAction(overrides: Partial<IncidentAction> = {}): IncidentAction {
  return {
    key: "terminate-session:4242",
    proposal: aProposal(),
    findingKey: "blocked-by-idle-transaction:4242",
    mode: "approve",
    status: "proposed",
    approvalId: null,
    decidedBy: null,
    orderId: null,
    refusal: null,
    outcome: null,
    updatedAt: secondsLater(4),
    ...overrides,
  };
}

export function anApproval(overrides: Partial<Approval> = {}): Approval {
  return {
    schema: "approval.v1",
    id: "apr-5d20",
    incidentId: "inc-7f3a",
    group: "123456789012/eu-central-1/orders-prod",
    actionKey: "terminate-session:4242",
    proposal: aProposal(),
    target: aTarget(),
    requestedAt: secondsLater(4),
    expiresAt: secondsLater(904),
    approversNeeded: 1,
    approvals: [],
    status: "pending",
    decidedBy: null,
    decidedAt: null,
    receipt: null,
    ...overrides,
  };
}

/** Just opened by an alarm: nothing diagnosed yet. */
export function anIncident(overrides: Partial<Incident> = {}): Incident {
  return {
    schema: "incident.v1",
    id: "inc-7f3a",
    group: "123456789012/eu-central-1/orders-prod",
    target: aTarget(),
    status: "investigating",
    severity: null,
    openedAt,
    updatedAt: openedAt,
    resolvedAt: null,
    revision: 0,
    applied: [],
    cycle: 0,
    signalCount: 1,
    signals: [
      {
        id: "sig-1",
        name: "orders-prod-connections",
        state: "ALARM",
        at: openedAt,
        reason: "Threshold Crossed: 3 datapoints were greater than the threshold (50.0)",
      },
    ],
    alarms: [],
    alarmSignals: 1,
    alarmSignalsSeen: 0,
    databases: [{ name: "orders-prod", role: "writer", look: null }],
    round: 1,
    diagnosis: null,
    cause: null,
    actions: [],
    heldBack: [],
    escalatedAt: null,
    healthySince: null,
    unreachableSince: null,
    unclearSince: null,
    step: { kind: "watch", seconds: 0, why: "orders-prod-connections has just fired" },
    root: null,
    receipts: {},
    timeline: [
      {
        key: "signal#sig-1",
        at: openedAt,
        kind: "signal",
        says: "Alarm orders-prod-connections is in ALARM: Threshold Crossed",
      },
    ],
    ...overrides,
  };
}
