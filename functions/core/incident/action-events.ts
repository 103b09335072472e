import type { Approval, Incident, IncidentAction, NextStep } from "../contract/incident.ts";
import { mayHaveActed, type Outcome, type Refusal } from "../contract/work-order.ts";
import type { Settings } from "../settings.ts";
import type { IncidentEvent } from "./events.ts";
import { countHeldBack, heldBackBy, heldBackTooOften } from "./held-back.ts";
import { keepsApproval } from "./plan.ts";
import { waitingForDecision } from "./requests.ts";
import { whenRunEnded, whileRunning } from "./running.ts";
import { hasActed, withOrder, withOutcome } from "./spent-orders.ts";
import { escalated, told, toldAnew } from "./told.ts";

type ActionEvent = Extract<
  IncidentEvent,
  {
    kind: "approval-requested" | "approval-decided" | "withheld" | "ordered" | "action-finished";
  }
>;

/** Events about one action, from the request for a click to its outcome. */
export function reduceAction(incident: Incident, event: ActionEvent, settings: Settings): Incident {
  switch (event.kind) {
    case "approval-requested":
      return requested(incident, event, settings);
    case "approval-decided":
      return decided(incident, event, settings);
    case "withheld":
      return withheld(incident, event, settings);
    case "ordered":
      return {
        ...changed(withOrder(incident, event.order, event.at), event.order.actionKey, {
          status: "ordered",
          refusal: null,
          orderId: event.order.orderId,
          decidedBy: event.order.approvedBy,
          updatedAt: event.at,
        }),
        status: "mitigating",
      };
    case "action-finished":
      return finished(incident, event, settings);
    default:
      return event satisfies never;
  }
}

function changed(incident: Incident, key: string, change: Partial<IncidentAction>): Incident {
  const actions = incident.actions.map((action) => (action.key === key ? { ...action, ...change } : action));
  return { ...incident, actions };
}

function databaseOf({ actions, target }: Incident, key: string): { readonly database: string } {
  return { database: actions.find((action) => action.key === key)?.database ?? target.name };
}

function watchAgain(settings: Settings, why: string): NextStep {
  return { kind: "watch", seconds: settings.watch.checkSeconds, why };
}

/** The gate had nothing against it but that nobody has agreed; the looking goes on while people decide. */
function requested(
  incident: Incident,
  { approval, at }: Extract<ActionEvent, { kind: "approval-requested" }>,
  settings: Settings,
): Incident {
  const asked = changed(incident, approval.actionKey, {
    mode: "approve",
    status: "awaiting-approval",
    approvalId: approval.id,
    askedUntil: approval.expiresAt,
    updatedAt: at,
  });
  return { ...asked, ...waitingForDecision(approval.proposal, settings) };
}

/** What was taken back takes no decision any more: a click in that moment comes too late. */
function isAsked({ actions }: Incident, { actionKey, id }: Approval): boolean {
  return actions.some(
    ({ key, approvalId, status }) =>
      key === actionKey &&
      approvalId === id &&
      (status === "awaiting-approval" || status === "approved" || status === "ordered"),
  );
}

function decided(
  incident: Incident,
  { approval, at }: Extract<ActionEvent, { kind: "approval-decided" }>,
  settings: Settings,
): Incident {
  // What is over takes no decision any more, in either direction.
  if (approval.status === "pending" || incident.status === "resolved") return incident;
  if (approval.status === "approved" && !isAsked(incident, approval)) return incident;
  const next = changed(incident, approval.actionKey, {
    status: approval.status,
    decidedBy: approval.decidedBy,
    updatedAt: at,
  });
  const who = approval.decidedBy === null ? "" : ` by ${approval.decidedBy}`;
  const noted = told(next, {
    key: `approval#${approval.id}#${approval.status}`,
    at,
    kind: "approval",
    says: `${approval.status === "expired" ? "Nobody decided in time on" : `${approval.status}${who}:`} ${approval.proposal.describes}`,
  });
  if (approval.status === "approved") {
    return {
      ...noted,
      status: "mitigating",
      step: { kind: "act", actionKey: approval.actionKey, ...databaseOf(incident, approval.actionKey) },
    };
  }
  return {
    ...noted,
    status: unsolved(noted),
    step: watchAgain(settings, `the action was ${approval.status}`),
  };
}

function withheld(
  incident: Incident,
  { actionKey, refusal, at }: Extract<ActionEvent, { kind: "withheld" }>,
  settings: Settings,
): Incident {
  const step = watchAgain(settings, refusal.reason);
  const action = incident.actions.find((known) => known.key === actionKey);
  // What was agreed to stays agreed while a guard says no for the moment only: nobody has to click twice.
  const status = action?.status === "approved" && keepsApproval(refusal.guard) ? "approved" : "withheld";
  const next: Incident = {
    ...changed(incident, actionKey, { status, refusal, updatedAt: at }),
    status: unsolved(incident),
    step,
  };
  if (action === undefined) return next;
  const says = `${action.proposal.describes}. ${refusal.reason} ${refusal.release}`;
  return withNo(next, action, { refusal, at, first: "Not done", says });
}

function unsolved({ escalatedAt }: Incident): Incident["status"] {
  return escalatedAt === null ? "investigating" : "escalated";
}

interface No {
  readonly refusal: Refusal;
  readonly at: string;
  readonly first: string;
  readonly says: string;
}

/** Whoever says no, the gate or the acting function: one entry that counts, and a person when it is said too often. */
function withNo(incident: Incident, action: IncidentAction, { refusal, at, first, says }: No): Incident {
  const counted = { ...incident, heldBack: countHeldBack(incident, action, refusal, at) };
  const { count = 1, different = 1 } = heldBackBy(counted, action.proposal.id, refusal.guard) ?? {};
  const times = count === 1 ? "" : ` ${count} times (${different} different)`;
  const noted = toldAnew(counted, {
    key: `withheld#${action.proposal.id}#${refusal.guard}`,
    at,
    kind: "action",
    says: `${first}${times}: ${says}`,
  });
  const often = heldBackTooOften(noted);
  return often === null ? noted : escalated(noted, at, `${often}, and the cause is still there`);
}

function finished(
  incident: Incident,
  { outcome, at }: Extract<ActionEvent, { kind: "action-finished" }>,
  settings: Settings,
): Incident {
  const { refusal, status, summary, orderId } = outcome;
  if (status === "running") return withRunning(incident, outcome, at, settings);
  // Of two executions with one order the other one acted.
  if (!mayHaveActed(outcome) && hasActed(incident, orderId)) return incident;
  const action = incident.actions.find(({ key }) => key === outcome.actionKey);
  const counted = withOutcome(incident, outcome, at);
  const isOvertaken = action?.status === "ordered" && action.orderId !== orderId;
  const change = { status: "finished", outcome, updatedAt: at } as const;
  // A newer order for the same is under way, and has its own end: this one has no message but a line.
  const acted = isOvertaken ? counted : changed(counted, outcome.actionKey, change);
  const why = `${status === "refused" ? "looking again" : "looking whether that helped"}: ${summary}`;
  const seconds = Math.min(settings.watch.checkSeconds, 5);
  const next: Incident = { ...acted, step: { kind: "watch", seconds, why } };
  if (status === "refused" && refusal !== null && action !== undefined)
    return withNo({ ...next, status: unsolved(incident) }, action, {
      refusal,
      at,
      first: "Refused",
      says: summary,
    });
  const kind = isOvertaken ? "note" : "action";
  const said = told(next, { key: `action#${orderId}`, at, kind, says: summary });
  return action === undefined ? said : whenRunEnded(said, action, outcome, at);
}

/** It counts as done for the limits from the moment that it began. */
function withRunning(incident: Incident, outcome: Outcome, at: string, settings: Settings): Incident {
  const counted = hasActed(incident, outcome.orderId) ? incident : withOutcome(incident, outcome, at);
  return whileRunning(counted, outcome, at, settings);
}
