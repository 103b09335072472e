import type { Incident, IncidentAction } from "../contract/incident.ts";
import { mayHaveActed, type Outcome, type Refusal } from "../contract/work-order.ts";
import type { Settings } from "../settings.ts";
import { changed, unsolved, watchAgain } from "./action-change.ts";
import { decided, requested, undoAsked } from "./approval-events.ts";
import type { IncidentEvent } from "./events.ts";
import { countHeldBack, heldBackBy, heldBackTooOften } from "./held-back.ts";
import { keepsApproval } from "./plan.ts";
import { whenRunEnded, whileRunning } from "./running.ts";
import { hasActed, withOrder, withOutcome } from "./spent-orders.ts";
import { escalated, told, toldAnew } from "./told.ts";

type ActionEvent = Extract<
  IncidentEvent,
  {
    kind:
      | "approval-requested"
      | "undo-asked"
      | "approval-decided"
      | "withheld"
      | "ordered"
      | "action-finished";
  }
>;

/** Events about one action, from the request for a click to its outcome. */
export function reduceAction(incident: Incident, event: ActionEvent, settings: Settings): Incident {
  switch (event.kind) {
    case "approval-requested":
      return requested(incident, event, settings);
    case "undo-asked":
      return undoAsked(incident, event, settings);
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
  // What a person wanted to take back is no remedy that fails.
  if (action.undoes !== undefined) return noted;
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
