import type { Approval } from "../contract/incident.ts";
import type { Target } from "../contract/target.ts";
import type { Refusal } from "../contract/work-order.ts";
import { approversNeeded } from "./approval.ts";
import type { GateInput } from "./gate-input.ts";
import { isSameJson } from "./same-json.ts";

type CheckInput = Pick<GateInput, "actionKey" | "incident" | "proposal" | "target" | "settings" | "now">;

const asksAgain = "Nothing to release: if it is still called for, a new request is made.";

/** SPEC A42: an approval is for exactly the previewed action on exactly that target, by people who may, for a time. */
export function approvalRefusal(approval: Approval, input: CheckInput): Refusal | null {
  return undecided(approval) ?? forSomethingElse(approval, input) ?? notGood(approval, input);
}

function undecided({ status, decidedBy, expiresAt }: Approval): Refusal | null {
  switch (status) {
    case "approved":
      return null;
    case "pending":
      return refuse(
        "approval-pending",
        "Nobody has decided yet.",
        `An approver decides, until ${expiresAt}.`,
      );
    case "declined":
      return refuse(
        "approval-declined",
        `${decidedBy ?? "An approver"} declined this action.`,
        "A person can act by hand; the incident does not ask again.",
      );
    case "expired":
      return refuse(
        "approval-expired",
        `Nobody decided until ${expiresAt}.`,
        "A person can act by hand; the incident does not ask again.",
      );
    default:
      return status satisfies never;
  }
}

function forSomethingElse(approval: Approval, input: CheckInput): Refusal | null {
  const differs = [
    approval.incidentId === input.incident.id ? null : "another incident",
    approval.actionKey === input.actionKey ? null : "another action",
    sameProposal(approval, input)
      ? null
      : `another statement than the one that would be sent (${clipped(input.proposal.preview)})`,
    sameTarget(approval.target, input.target)
      ? null
      : `another database (${changesOf(approval.target, input.target)})`,
  ].filter((difference) => difference !== null);
  if (differs.length === 0) return null;
  return refuse("approval-mismatch", `The approval was given for ${differs.join(" and ")}.`, asksAgain);
}

/** By all that is carried out: whom it spares and how many it may hit stands in the input, and not in every preview. */
function sameProposal({ proposal: asked }: Approval, { proposal }: CheckInput): boolean {
  return (
    asked.id === proposal.id &&
    asked.risk === proposal.risk &&
    asked.preview === proposal.preview &&
    isSameJson(asked.input, proposal.input)
  );
}

const parts = ["name", "group", "host", "port", "resourceId"] as const;

function sameTarget(asked: Target, target: Target): boolean {
  return parts.every((part) => asked[part] === target[part]);
}

/** "host: a then, b now": whoever clicked sees what has changed since they were asked. */
function changesOf(asked: Target, now: Target): string {
  return parts
    .filter((part) => asked[part] !== now[part])
    .map((part) => `${part}: ${asked[part] ?? "none"} then, ${now[part] ?? "none"} now`)
    .join("; ");
}

function clipped(statement: string): string {
  return statement.length <= 200 ? statement : `${statement.slice(0, 199)}…`;
}

function notGood(approval: Approval, { settings, proposal, now }: CheckInput): Refusal | null {
  const { approvers, approvalSeconds } = settings.policy;
  const people = new Set(approval.approvals.map(({ by }) => by).filter((by) => approvers.includes(by)));
  const needed = Math.max(approval.approversNeeded, approversNeeded(proposal));
  if (people.size < needed) {
    return refuse(
      "approval-insufficient",
      `${people.size} of the ${needed} approvals it needs are from people in policy.approvers.`,
      asksAgain,
    );
  }
  const decidedAt = Date.parse(approval.decidedAt ?? "");
  if (now <= decidedAt + approvalSeconds * 1000) return null;
  return refuse(
    "approval-too-old",
    `It was approved at ${approval.decidedAt ?? "an unknown time"}; an approval is good for ${approvalSeconds} s.`,
    asksAgain,
  );
}

function refuse(guard: string, reason: string, release: string): Refusal {
  return { guard, reason, release };
}
