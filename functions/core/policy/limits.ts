import { blastRadius } from "../contract/blast-radius.ts";
import type { IncidentAction } from "../contract/incident.ts";
import type { SpentOrder } from "../contract/spent-order.ts";
import { mayHaveActed, type Refusal } from "../contract/work-order.ts";
import type { GateInput } from "./gate-input.ts";

type LimitInput = Pick<
  GateInput,
  "incident" | "settings" | "proposal" | "actionKey" | "ledger" | "now" | "orderId"
>;

/** How much longer than its order an action may run before nobody waits for its outcome any more. */
const runSeconds = 60;

/** SPEC A40: at most N sessions an action and M an incident; every order counts that may have been carried out. */
export function sessionLimitRefusal(input: LimitInput): Refusal | null {
  const { settings, proposal } = input;
  const { maxSessionsPerAction, maxSessionsPerIncident } = settings.policy;
  const hits = blastRadius(proposal.input);
  if (hits > maxSessionsPerAction) {
    return {
      guard: "sessions-per-action",
      reason: `It would hit ${hits} sessions; the limit is ${maxSessionsPerAction} an action.`,
      release: "Whoever owns the settings raises policy.maxSessionsPerAction, or a person acts.",
    };
  }
  const earlier = earlierOrders(input).reduce((sum, { sessions }) => sum + sessions, 0);
  if (hits === 0 || earlier + hits <= maxSessionsPerIncident) return null;
  return {
    guard: "sessions-per-incident",
    reason: `${earlier} sessions were signalled in this incident or may have been; the limit is ${maxSessionsPerIncident}.`,
    release:
      "A person looks: whoever owns the settings raises policy.maxSessionsPerIncident, or acts by hand.",
  };
}

/** Waiters that a kill has freed look like new culprits for a while. */
export function pauseRefusal(input: LimitInput): Refusal | null {
  const { settings, now, incident, ledger } = input;
  const pauseMs = settings.policy.pauseAfterActionSeconds * 1000;
  const ofOthers = ledger.orders.filter(({ incidentId }) => incidentId !== incident.id);
  const ended = [...earlierOrders(input).filter((order) => order.ended), ...ofOthers];
  const ends = ended.map(({ at }) => Date.parse(at) + pauseMs);
  // Written so that a time that cannot be read holds, too.
  const over = ends.every((end) => now >= end);
  if (over || pauseMs === 0) return null;
  const left = Math.ceil((Math.max(...ends) - now) / 1000);
  return {
    guard: "pause-after-action",
    reason: `An action of this incident, or of the one before it, has just been taken; ${Number.isFinite(left) ? `${left} s of ` : ""}the pause of ${settings.policy.pauseAfterActionSeconds} s are left.`,
    release: "Lifts by itself; the database is looked at again after it.",
  };
}

/**
 * Orders before this one that were carried out or may have been. The incident keeps them by themselves, because an
 * action that is proposed again begins with a clean sheet; incidents that were opened before it did have their actions.
 */
function earlierOrders({ incident, actionKey, orderId }: LimitInput): readonly SpentOrder[] {
  const spent = incident.orders ?? [];
  const known = new Set(spent.map((order) => order.orderId));
  const unlisted = incident.actions
    .filter((action) => action.orderId === null || !known.has(action.orderId))
    .flatMap((action) => spentBy(action, actionKey));
  return [...spent.filter((order) => order.orderId !== orderId), ...unlisted];
}

function spentBy(
  { key, status, outcome, proposal, orderId, updatedAt }: IncidentAction,
  actionKey: string,
): readonly SpentOrder[] {
  const underWay = status === "ordered" && outcome === null && key !== actionKey;
  if (!underWay && (outcome === null || !mayHaveActed(outcome))) return [];
  const sessions = Math.max(blastRadius(proposal.input), outcome?.killed.length ?? 0);
  return [{ orderId: orderId ?? key, sessions, at: updatedAt, ended: !underWay }];
}

/** One action at a time. The same action ordered again is a repeat of that step, and not a second one. */
export function inProgressRefusal({ incident, settings, actionKey, now }: LimitInput): Refusal | null {
  const running = incident.actions.find((action) => action.key !== actionKey && isUnderWay(action));
  if (running === undefined) return null;
  const ends = Date.parse(running.updatedAt) + (settings.policy.orderSeconds + runSeconds) * 1000;
  if (now >= ends) return null;
  return {
    guard: "action-in-progress",
    reason: `${running.proposal.describes} is being carried out since ${running.updatedAt}.`,
    release: `Lifts by itself when its outcome is known, at the latest ${settings.policy.orderSeconds + runSeconds} s after it was ordered.`,
  };
}

function isUnderWay({ status, outcome }: IncidentAction): boolean {
  return status === "ordered" && outcome === null;
}
