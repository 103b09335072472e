import type { Incident, IncidentAction } from "../contract/incident.ts";
import type { Settings } from "../settings.ts";
import { sentenceCase } from "../text/sentence-case.ts";
import { actionText } from "./action-words.ts";
import { clockTime, sentence } from "./wording.ts";

function actionOf(incident: Incident, key: string): IncidentAction | null {
  return incident.actions.find((action) => action.key === key) ?? null;
}

/** SPEC C1: what the responder will do or asks. */
export function nextStepText(incident: Incident, settings: Settings, now: number): string {
  const step = incident.step;
  switch (step.kind) {
    case "act":
      return sentence(`Acting now: ${describe(incident, step.actionKey)}`);
    case "ask-approval": {
      const until = clockTime(askedUntil(incident, settings, now), now);
      return `${sentence(`Asks for a decision by ${until}: ${describe(incident, step.actionKey)}`)} Buttons are in the thread.`;
    }
    case "watch":
      return escalated(incident, sentenceCase(sentence(step.why)), "The responder keeps watching.");
    case "resolve":
      return escalated(incident, sentenceCase(sentence(step.reason)), "The responder has stopped.");
    default:
      return step satisfies never;
  }
}

function escalated(incident: Incident, says: string, meanwhile: string): string {
  return incident.status === "escalated" ? `${says} A person has to take over. ${meanwhile}` : says;
}

function describe(incident: Incident, actionKey: string): string {
  const action = actionOf(incident, actionKey);
  return action === null ? actionKey : actionText(action.proposal);
}

/** Epoch milliseconds at which the open approval request lapses. */
function askedUntil(incident: Incident, settings: Settings, now: number): number {
  if (incident.step.kind !== "ask-approval") return now;
  const action = actionOf(incident, incident.step.actionKey);
  return action === null
    ? now + incident.step.timeoutSeconds * 1000
    : approvalExpiry(incident, action, settings);
}

/** The action carries no expiry of its own: it is the time it began to wait plus the time a request is good for. */
export function approvalExpiry(incident: Incident, action: IncidentAction, settings: Settings): number {
  const step = incident.step;
  const seconds =
    step.kind === "ask-approval" && step.actionKey === action.key
      ? step.timeoutSeconds
      : settings.policy.approvalSeconds;
  return Date.parse(action.updatedAt) + seconds * 1000;
}

/** When the board will be edited again at the latest; null when it will not. */
export function nextUpdateAt(incident: Incident, settings: Settings, now: number): number | null {
  const step = incident.step;
  switch (step.kind) {
    case "act":
      return now + settings.watch.checkSeconds * 1000;
    case "ask-approval":
      return askedUntil(incident, settings, now);
    case "watch":
      return now + step.seconds * 1000;
    case "resolve":
      return null;
    default:
      return step satisfies never;
  }
}
