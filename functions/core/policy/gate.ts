import { actionKeyOf, actsOn } from "../actions/action-key.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { Refusal, WorkOrder } from "../contract/work-order.ts";
import type { KillSwitchState } from "../ports.ts";
import { approvalRefusal } from "./approval-check.ts";
import { exemptRefusal } from "./exempt.ts";
import type { GateInput } from "./gate-input.ts";
import { guardsOf } from "./guards-of.ts";
import { handedOn } from "./handed-on.ts";
import { hourLimitRefusal } from "./hour-limit.ts";
import { inProgressRefusal, pauseRefusal, sessionLimitRefusal } from "./limits.ts";
import { modeOf } from "./mode.ts";
import { openLook } from "./open-look.ts";
import { notOptedIn } from "./opt-in.ts";
import { noSettingsRefusal, unsettledRefusal } from "./settings-refusal.ts";
import { snoozedRefusal } from "./snoozed.ts";
import { unsureRefusal } from "./sure.ts";

export type GateDecision =
  | { readonly kind: "permit"; readonly order: WorkOrder }
  /** `because`: policy would have allowed it unasked, and the proposal itself does not. */
  | { readonly kind: "ask"; readonly because?: Refusal }
  | { readonly kind: "withhold"; readonly refusal: Refusal };

/**
 * The only door to an action. Fails closed: whatever cannot be read says no. Asks a person only for what would be
 * permitted if they agreed, and also where policy says `auto` and the proposal is not sure.
 */
export function decideAction(input: GateInput): GateDecision {
  const { settings, proposal, target, approval, now } = input;
  const refusal =
    killSwitchRefusal(input.killSwitch) ??
    noSettingsRefusal(input.settingsStanding) ??
    exemptRefusal(input.incident, target, settings, now) ??
    snoozedRefusal(input) ??
    wrongProposal(input) ??
    (actsOn(proposal.id) === "aws" ? notOptedIn(target) : null);
  if (refusal !== null) return { kind: "withhold", refusal };

  const { mode, because } = modeOf(target, proposal.risk, settings, new Date(now).toISOString());
  if (mode === "observe") return { kind: "withhold", refusal: observed(proposal, because) };

  const held =
    sessionLimitRefusal(input) ??
    hourLimitRefusal(input) ??
    pauseRefusal(input) ??
    inProgressRefusal(input) ??
    (approval === null ? null : approvalRefusal(approval, input));
  const open = openLook(input);
  if (held === null && approval !== null && open !== null && "guard" in open)
    return { kind: "withhold", refusal: open };
  if (held !== null) return { kind: "withhold", refusal: held };
  if (approval !== null) return { kind: "permit", order: orderOf(input) };
  if (mode === "approve") return { kind: "ask" };
  const unsure =
    unsettledRefusal(input.settingsStanding) ??
    unsureRefusal(proposal) ??
    refusedBefore(input) ??
    handedOn(input);
  if (unsure !== null) return { kind: "ask", because: unsure };
  return { kind: "permit", order: orderOf(input) };
}

export function killSwitchRefusal(state: KillSwitchState | undefined): Refusal | null {
  if (state === undefined) {
    return {
      guard: "kill-switch-unreadable",
      reason: "The kill switch cannot be read, and what cannot be read counts as engaged.",
      release: "Lifts by itself as soon as the kill switch can be read again.",
    };
  }
  if (!state.engaged) return null;
  return {
    guard: "kill-switch",
    reason: `The kill switch is engaged: ${state.says}.`,
    release:
      "Whoever engaged it releases it (the kill switch parameter, or the command line); then it is tried again.",
  };
}

function refusedBefore({ incident, actionKey }: GateInput): Refusal | null {
  return incident.actions.find(({ key }) => key === actionKey)?.refusedUnasked ?? null;
}

function wrongProposal({ proposal, actionKey }: GateInput): Refusal | null {
  if (!proposal.automatic) {
    return {
      guard: "not-automatic",
      reason: `This version leaves ${proposal.id} to a person.`,
      release: "A person carries out the statement that is shown.",
    };
  }
  const key = actionKeyOf(proposal);
  if (key === actionKey) return null;
  return {
    guard: "not-this-action",
    reason: `The proposal's key is ${key}, permission was asked for ${actionKey}.`,
    release: "Nothing to release: the next assessment proposes anew.",
  };
}

function observed({ risk }: ProposedAction, because: string): Refusal {
  return {
    guard: "observe",
    reason: `The responder only observes ${risk} actions here: ${because}.`,
    release: `Whoever owns the database sets tag rds-responder:mode-${risk} to approve or auto, or policy.modes.${risk}; a person can act by hand.`,
  };
}

function orderOf(input: GateInput): WorkOrder {
  const { proposal, actionKey, incident, target, settings, approval, now, orderId } = input;
  const { policy } = settings;
  const open = openLook(input);
  return {
    schema: "work-order.v1",
    orderId,
    incidentId: incident.id,
    actionId: proposal.id,
    actionKey,
    risk: proposal.risk,
    input: proposal.input,
    target,
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + policy.orderSeconds * 1000).toISOString(),
    permittedBy: approval === null ? "auto" : "approval",
    approvedBy: approval === null ? null : approval.approvals.map(({ by }) => by).join(", "),
    ...(approval === null ? {} : { approvalId: approval.id }),
    guards: {
      ...guardsOf(policy, { unasked: approval === null }),
      ...(open === null || "guard" in open ? {} : { openTransaction: open }),
    },
    acts: actsOn(proposal.id),
  };
}
