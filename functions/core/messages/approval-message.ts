import type { ProposedAction } from "../contract/finding.ts";
import type { Approval, Incident, IncidentAction } from "../contract/incident.ts";
import type { Message, MessageSection } from "../contract/message.ts";
import type { Settings } from "../settings.ts";
import { countText } from "../text/wording.ts";
import { actionHeadline, actionText, databaseOf } from "./action-words.ts";
import { outcomeWord } from "./done.ts";
import { diagnosisToShow } from "./impact.ts";
import { approvalExpiry } from "./next-step.ts";
import { proofFields } from "./proof-fields.ts";
import { type Button, code, type Field, fields, labelled, list, note } from "./sections.ts";
import { victimSections } from "./victim.ts";
import { clockTime, sentence, statusWord } from "./wording.ts";

/** What of an approval a message shows; the task token is not part of it and never travels in a message. */
export type ApprovalFacts = Pick<
  Approval,
  "id" | "expiresAt" | "approversNeeded" | "approvals" | "status" | "decidedBy"
>;

/** The facts as far as the incident knows them, for whoever has no approval record at hand; null when none is or was asked. */
export function approvalFactsOf(action: IncidentAction, settings: Settings): ApprovalFacts | null {
  // A proposal that came up again still carries the id of its last request, which is decided.
  if (action.approvalId === null || action.status === "proposed") return null;
  const expiresAt = approvalExpiry(action, settings);
  return {
    id: action.approvalId,
    expiresAt: Number.isNaN(expiresAt) ? action.updatedAt : new Date(expiresAt).toISOString(),
    approversNeeded: action.proposal.risk === "irreversible" ? 2 : 1,
    approvals: (action.approvedBy ?? []).map((by) => ({ by, at: action.updatedAt })),
    status: approvalStatusOf(action),
    decidedBy: action.decidedBy,
  };
}

function approvalStatusOf(action: IncidentAction): Approval["status"] {
  if (action.status === "declined" || action.status === "expired") return action.status;
  if (action.status === "awaiting-approval") return "pending";
  // Withheld before anybody decided: the request is void and must not keep its buttons.
  return action.status === "withheld" && action.decidedBy === null ? "expired" : "approved";
}

/**
 * SPEC A42: the request for one click, and, edited in place, what became of it. Buttons only while it is pending:
 * a button that no longer counts invites the second click.
 */
export function approvalMessage(
  incident: Incident,
  action: IncidentAction,
  approval: ApprovalFacts,
): Message {
  const pending = approval.status === "pending";
  return {
    schema: "message.v1",
    kind: "approval-request",
    incidentId: incident.id,
    headline: headlineOf(incident, action, approval),
    severity: incident.severity,
    status: statusWord(incident.status),
    sections: pending
      ? pendingSections(incident, action, approval)
      : decidedSections(incident, action, approval),
    buttons: pending ? buttonsFor(incident, action, approval) : [],
  };
}

function headlineOf(incident: Incident, action: IncidentAction, approval: ApprovalFacts): string {
  const what = actionHeadline(incident, action);
  switch (approval.status) {
    case "pending":
      return `Approval needed: ${what}`;
    case "approved":
      return `Approved: ${what}`;
    case "declined":
      return `Declined: ${what}`;
    case "expired":
      return action.status === "withheld" ? `Withdrawn: ${what}` : `Expired: ${what}`;
    default:
      return approval.status satisfies never;
  }
}

function pendingSections(
  incident: Incident,
  action: IncidentAction,
  approval: ApprovalFacts,
): MessageSection[] {
  const { proposal } = action;
  const given = approval.approvals.map((one) => one.by);
  const people =
    approval.approversNeeded === 1
      ? "One approver decides."
      : `${approval.approversNeeded} different people must approve; so far ${given.length}${given.length === 0 ? "" : ` (${given.join(", ")})`}.`;
  return [
    code(`Exactly this will be sent to ${databaseOf(incident, action)}`, proposal.preview),
    labelled("It hits", proposal.describes),
    ...victimSections(proposal),
    ...refusedSections(action),
    fields({ label: "It frees", value: freesText(proposal) }, { label: "Risk", value: proposal.risk }),
    labelled("It also causes", proposal.consequence),
    fields(...proofFields(proposal)),
    ...list("Instead of it", alternatives(incident, action), 5),
    note(
      `Good until ${clockTime(approval.expiresAt)}, for this statement on this database only. ${people} The target is checked again in the statement itself.`,
    ),
  ];
}

/** Whoever decides knows what spoke against it, and that it may stand otherwise by now. */
function refusedSections({ refusedUnasked: refusal }: IncidentAction): MessageSection[] {
  if (refusal === undefined) return [];
  const when = refusal.at === undefined ? "" : ` at ${clockTime(refusal.at)}`;
  return [labelled("Why you are asked", `Refused${when} (${refusal.guard}): ${sentence(refusal.reason)}`)];
}

function freesText(proposal: ProposedAction): string {
  return proposal.frees === null
    ? "nobody at once, or not known whom"
    : countText(proposal.frees, "waiting session");
}

function alternatives(incident: Incident, action: IncidentAction): string[] {
  // A session of the same number on another database is somebody else's: the diagnosis shown is its own target's.
  const diagnosis = databaseOf(incident, action) === incident.target.name ? diagnosisToShow(incident) : null;
  const finding = diagnosis?.rootCauses.find((cause) => cause.key === action.findingKey);
  const others = (finding?.actions ?? []).filter((other) => other.preview !== action.proposal.preview);
  return [
    ...others.map(
      (other) => `${actionText(other)}${other.automatic ? "" : " (by hand)"}: ${other.consequence}`,
    ),
    "Decline: nothing is done, the responder keeps watching and hands over when it lasts.",
  ];
}

function buttonsFor(incident: Incident, action: IncidentAction, approval: ApprovalFacts): Button[] {
  const { proposal } = action;
  return [
    {
      id: "approve",
      label: "Approve",
      style: proposal.risk === "safe" ? "primary" : "danger",
      value: approval.id,
      confirm: `${sentence(`${actionText(proposal)} on ${databaseOf(incident, action)}`)} ${sentence(proposal.consequence)}`,
    },
    { id: "decline", label: "Decline", style: "plain", value: approval.id, confirm: null },
  ];
}

function decidedSections(
  incident: Incident,
  action: IncidentAction,
  approval: ApprovalFacts,
): MessageSection[] {
  return [
    fields(...deciders(approval), { label: "Result", value: resultText(action, approval) }),
    labelled("Whom", action.proposal.describes),
    code(sentTitle(incident, action), action.proposal.preview),
  ];
}

function deciders(approval: ApprovalFacts): Field[] {
  switch (approval.status) {
    case "approved": {
      const people = approval.approvals.map((one) => one.by);
      const names = people.length === 0 ? [approval.decidedBy ?? "a person"] : people;
      return names.map((value) => ({ label: "Approved by", value }));
    }
    case "declined":
      return [{ label: "Declined by", value: approval.decidedBy ?? "a person" }];
    case "pending":
    case "expired":
      return [];
    default:
      return approval.status satisfies never;
  }
}

function resultText(action: IncidentAction, approval: ApprovalFacts): string {
  if (action.outcome !== null) {
    return `${outcomeWord(action.outcome)}: ${sentence(action.outcome.summary)}`;
  }
  if (action.refusal !== null) return `Not done: ${sentence(action.refusal.reason)}`;
  if (approval.status === "declined") return "Nothing was done.";
  if (approval.status === "expired") {
    return `Nobody decided by ${clockTime(approval.expiresAt)}. Nothing was done.`;
  }
  return "Being carried out now.";
}

/** Only a statement that went out may be called sent. */
function sentTitle(incident: Incident, action: IncidentAction): string {
  const status = action.outcome?.status;
  const sent = status === "done" || status === "not-verified";
  const name = databaseOf(incident, action);
  return sent ? `Sent to ${name}` : `Asked for, on ${name}`;
}
