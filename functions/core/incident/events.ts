import type { Approval, DiagnosisSummary, Receipt } from "../contract/incident.ts";
import type { Signal } from "../contract/signal.ts";
import type { Outcome, Refusal, WorkOrder } from "../contract/work-order.ts";

/**
 * Everything that can happen to an incident. Each event has a key (see eventKey): delivered twice, it changes
 * nothing the second time, so every step of the workflow may run again.
 */
export type IncidentEvent =
  | { readonly kind: "signal"; readonly at: string; readonly signal: Signal }
  | {
      readonly kind: "diagnosed";
      readonly at: string;
      readonly cycle: number;
      readonly summary: DiagnosisSummary;
    }
  | { readonly kind: "approval-requested"; readonly at: string; readonly approval: Approval }
  | { readonly kind: "approval-decided"; readonly at: string; readonly approval: Approval }
  | { readonly kind: "must-ask"; readonly at: string; readonly actionKey: string; readonly orderId: string }
  | {
      readonly kind: "withheld";
      readonly at: string;
      readonly actionKey: string;
      readonly refusal: Refusal;
      readonly orderId: string;
    }
  | { readonly kind: "ordered"; readonly at: string; readonly order: WorkOrder }
  | { readonly kind: "action-finished"; readonly at: string; readonly outcome: Outcome }
  | { readonly kind: "responder-failed"; readonly at: string; readonly step: string; readonly reason: string }
  | { readonly kind: "resolved"; readonly at: string }
  /** Not part of the story: where its messages went. */
  | {
      readonly kind: "delivered";
      readonly root: Receipt | null;
      readonly receipts: Readonly<Record<string, Receipt>>;
    };

export function eventKey(event: IncidentEvent): string | null {
  switch (event.kind) {
    case "signal":
      return `signal#${event.signal.id}`;
    case "diagnosed":
      return `diagnosed#${event.cycle}`;
    case "approval-requested":
      return `approval-requested#${event.approval.id}`;
    case "approval-decided":
      return `approval-decided#${event.approval.id}#${event.approval.status}#${event.approval.approvals.length}`;
    case "must-ask":
      return `must-ask#${event.orderId}`;
    case "withheld":
      return `withheld#${event.orderId}`;
    case "ordered":
      return `ordered#${event.order.orderId}`;
    case "action-finished":
      return `action-finished#${event.outcome.orderId}`;
    case "responder-failed":
      return `responder-failed#${event.step}#${event.at}`;
    case "resolved":
      return "resolved";
    case "delivered":
      return null;
    default:
      return event satisfies never;
  }
}
