import type { AlarmSight } from "../contract/alarm.ts";
import type { Finding } from "../contract/finding.ts";
import type { Approval, DiagnosisSummary, Receipt } from "../contract/incident.ts";
import type { SettingsStanding } from "../contract/settings-standing.ts";
import type { Signal } from "../contract/signal.ts";
import type { Target } from "../contract/target.ts";
import type { Tried } from "../contract/way-back.ts";
import { mayHaveActed, type Outcome, type Refusal, type WorkOrder } from "../contract/work-order.ts";

/**
 * Everything that can happen to an incident. Each event has a key (see eventKey): delivered twice, it changes
 * nothing the second time, so every step of the workflow may run again.
 */
export type IncidentEvent =
  | {
      readonly kind: "signal";
      readonly at: string;
      readonly signal: Signal;
      /** The databases that it names, as RDS described them then. */
      readonly databases?: readonly Pick<Target, "name" | "role">[];
    }
  | {
      readonly kind: "diagnosed";
      readonly at: string;
      readonly cycle: number;
      readonly summary: DiagnosisSummary;
      /** What was looked at, as RDS described it for this look; left out: the incident's target as it stands. */
      readonly target?: Target;
      /** Whose turn it was, when RDS did not say where it is, so that `target` was looked at in its place. */
      readonly unlocated?: { readonly name: string; readonly reason: string } | null;
      /** Another database of the group that is to be looked at from now on, and one that RDS knows no more. */
      readonly joins?: Pick<Target, "name" | "role"> | null;
      readonly gone?: string | null;
      readonly alarms?: readonly AlarmSight[];
      /** How many signals in ALARM were attached when the look began; left out: all that are attached now. */
      readonly alarmSignalsSeen?: number;
      /** Ids of findings, with requests out, whose signs this look could not see. */
      readonly notLookedFor?: readonly string[];
      /** Root causes of before that this look could not have seen gone; left out: those that are known as such. */
      readonly stillKnown?: readonly Finding[];
      /** Told once, such as settings that name no database. */
      readonly notes?: readonly string[];
      /** Of the settings of this look; left out by an older machine. */
      readonly settingsStanding?: SettingsStanding;
    }
  | { readonly kind: "approval-requested"; readonly at: string; readonly approval: Approval }
  | {
      readonly kind: "undo-asked";
      readonly at: string;
      readonly approval: Approval;
      /** The order that is to be taken back. */
      readonly undoes: string;
    }
  | { readonly kind: "approval-decided"; readonly at: string; readonly approval: Approval }
  | {
      readonly kind: "withheld";
      readonly at: string;
      readonly actionKey: string;
      readonly refusal: Refusal;
      readonly orderId: string;
    }
  | { readonly kind: "ordered"; readonly at: string; readonly order: WorkOrder }
  | { readonly kind: "action-finished"; readonly at: string; readonly outcome: Outcome }
  | {
      readonly kind: "responder-failed";
      readonly at: string;
      readonly step: string;
      readonly execution: string;
      readonly reason: string;
    }
  | { readonly kind: "acknowledged"; readonly at: string; readonly by: string; readonly until: string }
  | { readonly kind: "resolved"; readonly at: string }
  | {
      readonly kind: "way-back";
      readonly at: string;
      readonly orderId: string;
      readonly look: number;
      readonly tried: Tried;
      /** Nobody looks any more after this one. */
      readonly isLast: boolean;
    }
  /** An alarm came while the incident was being closed, before its group was free: it goes on. */
  | { readonly kind: "reopened"; readonly at: string }
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
    case "undo-asked":
      return `undo-asked#${event.approval.id}`;
    case "approval-decided":
      return `approval-decided#${event.approval.id}#${event.approval.status}#${event.approval.approvals.length}`;
    case "withheld":
      return `withheld#${event.orderId}`;
    case "ordered":
      return `ordered#${event.order.orderId}`;
    case "action-finished":
      // How far it is: the last word counts, and changes nothing once it has ended.
      if (event.outcome.status === "running") return null;
      // Two executions may have carried out one order: that one of them did nothing is no word on the other.
      return `action-finished#${event.outcome.orderId}${mayHaveActed(event.outcome) ? "" : "#nothing-done"}`;
    case "acknowledged":
      return `acknowledged#${event.by}#${event.at}`;
    case "responder-failed":
      return failureKey(event);
    case "way-back":
      return `way-back#${event.orderId}#${event.look}`;
    // Refused while an alarm is unseen, and asked for again: what ended once is left as it is.
    case "resolved":
    case "reopened":
    case "delivered":
      return null;
    default:
      return event satisfies never;
  }
}

/** An execution gives up once, however often the state that does so has to run. */
export function failureKey({
  step,
  execution,
}: {
  readonly step: string;
  readonly execution: string;
}): string {
  return `responder-failed#${step}#${execution}`;
}
