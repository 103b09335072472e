import type { Approval, Incident, IncidentAction } from "../contract/incident.ts";
import { undoState } from "../contract/undo-state.ts";
import type { Settings } from "../settings.ts";
import { changed, databaseOf, unsolved, watchAgain } from "./action-change.ts";
import type { IncidentEvent } from "./events.ts";
import { waitingForDecision } from "./requests.ts";
import { told } from "./told.ts";

/** The gate had nothing against it but that nobody has agreed; the looking goes on while people decide. */
export function requested(
  incident: Incident,
  { approval, at }: Extract<IncidentEvent, { kind: "approval-requested" }>,
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

/** In which states an action takes which decision on its request. */
const taking: Readonly<Record<Approval["status"], readonly IncidentAction["status"][]>> = {
  pending: ["awaiting-approval", "approved", "ordered"],
  // What was taken back takes no click any more: it comes too late.
  approved: ["awaiting-approval", "approved", "ordered"],
  // A person's no is heard as long as nothing is ordered.
  declined: ["awaiting-approval", "approved", "withheld"],
  expired: ["awaiting-approval", "approved"],
};

/** By the request that is out now: a word on an older card of the same action, late or crossed, decides nothing. */
function isAsked({ actions }: Incident, { actionKey, id, status: decided }: Approval): boolean {
  return actions.some(
    ({ key, approvalId, status }) =>
      key === actionKey && approvalId === id && taking[decided].includes(status),
  );
}

export function decided(
  incident: Incident,
  { approval, at }: Extract<IncidentEvent, { kind: "approval-decided" }>,
  settings: Settings,
): Incident {
  // What is over takes no decision any more, in either direction.
  if (incident.status === "resolved") return incident;
  if (approval.status === "pending") return agreedInPart(incident, approval);
  if (!isAsked(incident, approval)) return incident;
  const next = changed(incident, approval.actionKey, {
    status: approval.status,
    decidedBy: approval.decidedBy,
    ...(approval.approvals.length > 1 ? { approvedBy: approval.approvals.map(({ by }) => by) } : {}),
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

/** One of several has agreed: the card says who, and goes on asking. */
function agreedInPart(incident: Incident, approval: Approval): Incident {
  if (approval.approvals.length === 0 || !isAsked(incident, approval)) return incident;
  return changed(incident, approval.actionKey, { approvedBy: approval.approvals.map(({ by }) => by) });
}

/**
 * A person wants something taken back: an action of its own, asked about like any other. Nothing new while the same is
 * under way or somebody is asked about it, nor a second time for one order.
 */
export function undoAsked(
  incident: Incident,
  { approval, undoes, at }: Extract<IncidentEvent, { kind: "undo-asked" }>,
  settings: Settings,
): Incident {
  const done = incident.actions.find(({ outcome }) => outcome?.orderId === undoes);
  const same = incident.actions.find(({ key }) => key === approval.actionKey);
  if (done === undefined || undoState(incident, done) !== "offered") return incident;
  if (same !== undefined && !isFree(same)) return incident;
  const action: IncidentAction = {
    key: approval.actionKey,
    proposal: approval.proposal,
    findingKey: done.findingKey,
    ...databaseOf(incident, done.key),
    mode: "approve",
    status: "awaiting-approval",
    approvalId: approval.id,
    askedUntil: approval.expiresAt,
    decidedBy: null,
    undoes,
    orderId: null,
    refusal: null,
    outcome: null,
    updatedAt: at,
  };
  const actions = [...incident.actions.filter((one) => one !== same), action];
  const asked = { ...incident, actions, ...waitingForDecision(approval.proposal, settings) };
  // Opened again for it: how the database is afterwards is watched as after any action.
  if (incident.status !== "resolved") return asked;
  const recoveredAt = incident.recoveredAt ?? incident.resolvedAt ?? at;
  return { ...asked, resolvedAt: null, healthySince: null, recoveredAt };
}

function isFree({ status }: IncidentAction): boolean {
  return status === "finished" || status === "withheld" || status === "declined" || status === "expired";
}
