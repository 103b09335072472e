import type { Incident, IncidentAction } from "../contract/incident.ts";
import type { Message, MessageSection } from "../contract/message.ts";
import { undoState, unprovedUndo } from "../contract/undo-state.ts";
import type { Outcome, Refusal } from "../contract/work-order.ts";
import { actionHeadline, databaseOf } from "./action-words.ts";
import { outcomeWord } from "./done.ts";
import { proofFields } from "./proof-fields.ts";
import { code, type Field, fields, labelled, list, note } from "./sections.ts";
import { undoButtons } from "./undo-buttons.ts";
import { undoByHand } from "./undo-by-hand.ts";
import { clockTime, statusWord } from "./wording.ts";

/** What became of an action that was ordered; null while it is still under way. */
export function actionResultMessage(incident: Incident, action: IncidentAction): Message | null {
  const { outcome } = action;
  if (outcome === null) return null;
  return {
    schema: "message.v1",
    kind: "action-result",
    incidentId: incident.id,
    headline: `${outcomeWord(outcome)}: ${actionHeadline(incident, action)}`,
    severity: incident.severity,
    status: statusWord(incident.status),
    sections: [
      fields({ label: "Result", value: outcome.summary }, permittedBy(action)),
      labelled("Whom", action.proposal.describes),
      ...proofSections(action),
      ...refusalSections(outcome.refusal ?? action.refusal),
      ...statementSections(incident, action, outcome),
      ...undoSections(incident, action),
      ...list(
        "Step by step",
        outcome.steps.map((step) => `${secondsTime(step.at)} ${step.says}`),
        12,
      ),
      note(`Took ${took(outcome.tookMs)} · ${outcome.actionId} · order ${outcome.orderId}`),
    ],
    buttons: undoButtons(incident, action),
  };
}

function undoSections(incident: Incident, action: IncidentAction): MessageSection[] {
  const { outcome } = action;
  if (outcome?.undo === undefined) return [];
  const asked = undoState(incident, action) === "asked";
  const unproved = unprovedUndo(incident, outcome.orderId);
  const unsure =
    unproved === null
      ? ""
      : ` Whether that was done is not known, and no button does it twice. By hand: ${undoByHand(incident, action)} --dry-run shows how it stands, and without --dry-run does it.`;
  return [
    code("To take it back", outcome.undo.preview),
    ...(asked
      ? [note(`Somebody has asked to take it back; what becomes of that is told below.${unsure}`)]
      : []),
  ];
}

/** What it was done on the strength of; where it was asked for, the request says so already. */
function proofSections({ approvalId, proposal }: IncidentAction): MessageSection[] {
  const proofs = approvalId === null ? proofFields(proposal) : [];
  return proofs.length === 0 ? [] : [fields(...proofs)];
}

/** "Why I did not act" is a message of its own (SPEC A40): what was not done, who said no, how to release it. */
export function refusalSections(refusal: Refusal | null): MessageSection[] {
  if (refusal === null) return [];
  return [
    fields(
      { label: "Guard that said no", value: refusal.guard },
      { label: "Because", value: refusal.reason },
    ),
    labelled("To release it", refusal.release),
  ];
}

function statementSections(incident: Incident, action: IncidentAction, outcome: Outcome): MessageSection[] {
  // The approval request, edited in place, shows the statement already.
  if (action.approvalId !== null) return [];
  const sent = outcome.status === "done" || outcome.status === "not-verified";
  const name = databaseOf(incident, action);
  const title = sent ? `Sent to ${name}` : `Not carried out on ${name}`;
  return [code(title, action.proposal.preview)];
}

function permittedBy(action: IncidentAction): Field {
  if (action.decidedBy !== null) return { label: "Approved by", value: action.decidedBy };
  return { label: "Permitted by", value: action.mode === "auto" ? "policy (auto)" : `mode ${action.mode}` };
}

/** Steps follow each other within seconds; minutes alone would hide their order. */
function secondsTime(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? clockTime(at) : date.toISOString().slice(11, 19);
}

function took(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`;
}
