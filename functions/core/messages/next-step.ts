import type { Incident, IncidentAction } from "../contract/incident.ts";
import type { Settings } from "../settings.ts";
import { sentenceCase } from "../text/sentence-case.ts";
import { actionText, whereText } from "./action-words.ts";
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
    case "ask-approval":
      return sentence(`Will ask for a decision, if policy permits it: ${describe(incident, step.actionKey)}`);
    case "watch": {
      const asked = incident.actions.find(({ status }) => status === "awaiting-approval");
      if (asked !== undefined) {
        const until = approvalExpiry(asked, settings);
        const by = Number.isNaN(until) ? "" : ` by ${clockTime(until, now)}`;
        return `${sentence(`Asks for a decision${by}: ${actionText(asked.proposal)}${whereText(incident, asked)}`)} Buttons are in the thread.`;
      }
      return escalated(incident, sentenceCase(sentence(step.why)), "The responder keeps watching.");
    }
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
  return action === null ? actionKey : `${actionText(action.proposal)}${whereText(incident, action)}`;
}

/** Epoch milliseconds at which its request lapses. What was stored before it carried that began to wait when it was last changed. */
export function approvalExpiry({ askedUntil, updatedAt }: IncidentAction, { policy }: Settings): number {
  return askedUntil === undefined
    ? Date.parse(updatedAt) + policy.approvalSeconds * 1000
    : Date.parse(askedUntil);
}

/** When the board will be edited again at the latest; null when it will not. */
export function nextUpdateAt(incident: Incident, settings: Settings, now: number): number | null {
  const step = incident.step;
  switch (step.kind) {
    case "act":
    case "ask-approval":
      return now + settings.watch.checkSeconds * 1000;
    case "watch":
      return now + step.seconds * 1000;
    case "resolve":
      return null;
    default:
      return step satisfies never;
  }
}
