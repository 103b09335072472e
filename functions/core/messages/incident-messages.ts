import type { Incident, IncidentAction, TimelineEntry } from "../contract/incident.ts";
import type { Message } from "../contract/message.ts";
import type { Settings } from "../settings.ts";
import { actionResultMessage } from "./action-result-message.ts";
import { alertThreadMessage, type DecisionPath } from "./alert-thread-message.ts";
import { approvalFactsOf, approvalMessage } from "./approval-message.ts";
import { escalationMessage } from "./escalation-message.ts";
import { resolutionMessage } from "./resolution-message.ts";
import { rootMessage } from "./root-message.ts";
import { undoButtonChange } from "./undo-buttons.ts";
import { wayBackMessage } from "./way-back-message.ts";
import { isCounted, withheldEntry } from "./withheld-thread.ts";
import { statusWord } from "./wording.ts";

export interface ThreadMessage {
  /** Stable. Once a receipt is stored under it, this message is out and is not sent again. */
  readonly key: string;
  readonly message: Message;
  /**
   * Key of the receipt whose message this one replaces, in place; its own receipt is then stored under `key`.
   * Without a receipt under it, the message is posted as a new one. Null: always a new message.
   */
  readonly edits: string | null;
}

export interface IncidentMessages {
  readonly root: Message;
  /** Oldest first. */
  readonly thread: readonly ThreadMessage[];
}

type Dated = ThreadMessage & { readonly at: string };

/** Causes that take turns are followed in the root message; the thread tells of so many. */
const mostCauses = 12;
/** Alarms that repeat are counted in the root message; this many are worth a line of their own. */
const mostSignals = 5;

/**
 * Everything that should stand in the channel for this incident by now. Whoever announces posts what has no
 * receipt yet and edits the root: a message that was lost comes again with the next announcement.
 */
export function incidentMessages(
  incident: Incident,
  settings: Settings,
  now: number,
  path: DecisionPath = [],
): IncidentMessages {
  const dated = [
    ...evidenceMessages(incident, path),
    ...timelineMessages(incident),
    ...incident.actions.flatMap((action) => actionMessages(incident, action, settings)),
    ...resolution(incident),
  ];
  return {
    root: rootMessage(incident, settings, now),
    thread: dated
      .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
      .map(({ key, message, edits }) => ({ key, message, edits })),
  };
}

/** One for the cause and one for each later change of it, not one for each look. */
function evidenceMessages(incident: Incident, path: DecisionPath): Dated[] {
  const byKey = new Map<string, Dated>();
  for (const diagnosis of [incident.cause, incident.diagnosis]) {
    if (diagnosis === null || diagnosis.verdict === "well") continue;
    const causes = diagnosis.rootCauses.map((finding) => finding.key).sort();
    if (causes.length === 0 && incident.cause !== null) continue;
    const key = `evidence:${causes.length === 0 ? "no-cause" : causes.join("+")}`;
    const isNew = incident.receipts[key] === undefined;
    if (byKey.has(key) || (isNew && causesTold(incident) >= mostCauses)) continue;
    const message = alertThreadMessage(incident, diagnosis, path);
    byKey.set(key, { key, message, edits: null, at: diagnosis.diagnosedAt });
  }
  return [...byKey.values()];
}

function causesTold({ receipts }: Incident): number {
  return Object.keys(receipts).filter((key) => key.startsWith("evidence:")).length;
}

/** Entries that have no richer message of their own. The first signal is what the root message is about. */
function timelineMessages(incident: Incident): Dated[] {
  const signals = incident.timeline.filter((entry) => entry.kind === "signal");
  const shownSignals = signals.slice(1, 1 + mostSignals);
  return incident.timeline.flatMap((entry) => {
    const message = messageOfEntry(incident, entry, shownSignals);
    return message === null ? [] : [{ key: entry.key, message, edits: null, at: entry.at }];
  });
}

function messageOfEntry(
  incident: Incident,
  entry: TimelineEntry,
  shownSignals: readonly TimelineEntry[],
): Message | null {
  switch (entry.kind) {
    case "signal":
      return shownSignals.includes(entry) ? lineMessage(incident, entry) : null;
    case "escalation":
      return escalationMessage(incident, entry.says);
    case "recovery":
      return entry.key === resolvedKey ? null : lineMessage(incident, entry);
    case "note":
      return lineMessage(incident, entry);
    case "diagnosis":
    case "approval":
    case "action":
      return null;
    default:
      return entry.kind satisfies never;
  }
}

function lineMessage(incident: Incident, entry: TimelineEntry): Message {
  return {
    schema: "message.v1",
    kind: "update",
    incidentId: incident.id,
    headline: entry.says,
    severity: null,
    status: statusWord(incident.status),
    sections: [],
    buttons: [],
  };
}

function actionMessages(incident: Incident, action: IncidentAction, settings: Settings): Dated[] {
  const at = action.updatedAt;
  const approval = approvalCard(incident, action, settings);
  const result = actionResultMessage(incident, action);
  if (result !== null && action.outcome !== null && !isCounted(incident, action)) {
    const first = `result:${action.outcome.orderId}:${action.outcome.status}`;
    const change = undoButtonChange(incident, action, action.outcome);
    const card = wayBackCard(incident, action, change);
    const edits = change === "" ? null : first;
    return [...approval, { key: `${first}${change}`, message: result, edits, at }, ...card];
  }
  const withheld = withheldEntry(incident, action, result);
  return withheld === null ? approval : [...approval, withheld];
}

/** Proposed once; when it was pressed, and when its time is over, its button goes. */
function wayBackCard(incident: Incident, action: IncidentAction, change: string): Dated[] {
  const message = wayBackMessage(incident, action);
  if (message === null) return [];
  const first = `way-back#${action.outcome?.orderId}#${action.wayBack?.card}`;
  // Pressed before there was a card: there is none to be changed.
  const isNew = change === "" || (change.startsWith(":again") && incident.receipts[first] === undefined);
  const key = isNew ? first : `${first}${change}`;
  return [{ key, message, edits: isNew ? null : first, at: action.updatedAt }];
}

function approvalCard(incident: Incident, action: IncidentAction, settings: Settings): Dated[] {
  const facts = approvalFactsOf(action, settings);
  if (facts === null) return [];
  const asked = `approval:${facts.id}`;
  const message = approvalMessage(incident, action, facts);
  const at = action.updatedAt;
  if (facts.status === "pending") {
    const agreed = facts.approvals.length;
    return agreed === 0
      ? [{ key: asked, message, edits: null, at }]
      : [{ key: `${asked}:agreed-${agreed}`, message, edits: cardOf(incident, asked), at }];
  }
  // Each later state edits the request once.
  const state = action.outcome?.status ?? (action.status === "ordered" ? "approved" : action.status);
  return [{ key: `${asked}:${state}`, message, edits: cardOf(incident, asked), at }];
}

/** Under which key the card went out: a request that was lost may have come in one of its later states. */
function cardOf(incident: Incident, asked: string): string {
  const later = Object.keys(incident.receipts).find((key) => key.startsWith(`${asked}:`));
  return incident.receipts[asked] === undefined && later !== undefined ? later : asked;
}

/** The timeline key under which the reducer tells of the resolution; its message is the richer one. */
const resolvedKey = "resolved";

function resolution(incident: Incident): Dated[] {
  if (incident.status !== "resolved") return [];
  const at = incident.resolvedAt ?? incident.updatedAt;
  return [{ key: resolvedKey, message: resolutionMessage(incident), edits: null, at }];
}
