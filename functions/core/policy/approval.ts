import type { ProposedAction } from "../contract/finding.ts";
import type { Approval, Incident } from "../contract/incident.ts";
import type { Policy } from "../settings.ts";

export interface ApprovalRequest {
  readonly id: string;
  readonly incident: Pick<Incident, "id" | "group" | "target">;
  readonly actionKey: string;
  readonly proposal: ProposedAction;
  /** ISO time. */
  readonly at: string;
  readonly policy: Pick<Policy, "approvalSeconds">;
}

export function approversNeeded({ risk }: Pick<ProposedAction, "risk">): number {
  return risk === "irreversible" ? 2 : 1;
}

/** SPEC A42. Carries the whole proposal and target: what is clicked is what was shown, or nothing. */
export function requestApproval({
  id,
  incident,
  actionKey,
  proposal,
  at,
  policy,
}: ApprovalRequest): Approval {
  return {
    schema: "approval.v1",
    id,
    incidentId: incident.id,
    group: incident.group,
    actionKey,
    proposal,
    target: incident.target,
    requestedAt: at,
    expiresAt: new Date(Date.parse(at) + policy.approvalSeconds * 1000).toISOString(),
    approversNeeded: approversNeeded(proposal),
    approvals: [],
    status: "pending",
    decidedBy: null,
    decidedAt: null,
    receipt: null,
  };
}

export interface ApprovalDecision {
  readonly decision: "approve" | "decline";
  /** Slack user id, from a request whose signature was verified. */
  readonly by: string;
  /** ISO time. */
  readonly at: string;
  /** What the button said it belongs to, where it said so. */
  readonly incidentId?: string;
}

export type ApprovalGuard =
  | "not-this-incident"
  | "not-an-approver"
  | "already-decided"
  | "expired"
  | "same-person-twice";

export type DecisionResult =
  | { readonly kind: "recorded"; readonly approval: Approval }
  | { readonly kind: "needs-second"; readonly approval: Approval }
  | { readonly kind: "refused"; readonly guard: ApprovalGuard; readonly reason: string };

/** One click. Pure: whoever stores the result must do so on the condition that the request is still as it was. */
export function applyDecision(
  approval: Approval,
  decision: ApprovalDecision,
  policy: Pick<Policy, "approvers">,
): DecisionResult {
  const refusal = refuseDecision(approval, decision, policy);
  if (refusal !== null) return refusal;
  const { by, at } = decision;
  if (decision.decision === "decline") {
    return { kind: "recorded", approval: { ...approval, status: "declined", decidedBy: by, decidedAt: at } };
  }
  const approvals = [...approval.approvals, { by, at }];
  if (approvals.length < approval.approversNeeded) {
    return { kind: "needs-second", approval: { ...approval, approvals } };
  }
  return {
    kind: "recorded",
    approval: { ...approval, approvals, status: "approved", decidedBy: by, decidedAt: at },
  };
}

function refuseDecision(
  approval: Approval,
  { decision, by, at, incidentId }: ApprovalDecision,
  { approvers }: Pick<Policy, "approvers">,
): DecisionResult | null {
  const refuse = (guard: ApprovalGuard, reason: string): DecisionResult => ({
    kind: "refused",
    guard,
    reason,
  });
  if (incidentId !== undefined && incidentId !== approval.incidentId) {
    return refuse("not-this-incident", `This request belongs to incident ${approval.incidentId}.`);
  }
  if (!approvers.includes(by)) {
    const who = approvers.length === 0 ? "policy.approvers is empty" : `${by} is not in policy.approvers`;
    return refuse("not-an-approver", `Only an approver can decide this: ${who}.`);
  }
  if (approval.status === "approved" || approval.status === "declined") {
    return refuse(
      "already-decided",
      `This was ${approval.status} by ${approval.decidedBy ?? "somebody"} at ${approval.decidedAt ?? "an unknown time"}.`,
    );
  }
  if (approval.status === "expired" && approval.endedBecause !== undefined) {
    return refuse("expired", `This request was withdrawn at ${approval.decidedAt}: ${approval.endedBecause}`);
  }
  if (isOver(approval, at)) {
    return refuse(
      "expired",
      `This request expired at ${approval.expiresAt}, and is not made again in this incident; a person can act by hand.`,
    );
  }
  if (decision === "approve" && approval.approvals.some((earlier) => earlier.by === by)) {
    return refuse("same-person-twice", "You approved this already; a second person has to agree.");
  }
  return null;
}

/** A time that cannot be read counts as over. */
function isOver({ status, expiresAt }: Approval, at: string): boolean {
  return status === "expired" || !(Date.parse(at) < Date.parse(expiresAt));
}

/** A pending request whose wait is over, or that was taken back because of something; a decided one stays as it is. */
export function expireApproval(approval: Approval, at: string, because?: string): Approval {
  if (approval.status !== "pending") return approval;
  const ended: Approval = { ...approval, status: "expired", decidedAt: at };
  return because === undefined ? ended : { ...ended, endedBecause: because };
}
