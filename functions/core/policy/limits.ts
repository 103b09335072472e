import * as z from "zod";
import type { IncidentAction } from "../contract/incident.ts";
import type { Refusal } from "../contract/work-order.ts";
import type { GateInput } from "./gate-input.ts";

type LimitInput = Pick<GateInput, "incident" | "settings" | "proposal" | "actionKey" | "now">;

/** How much longer than its order an action may run before nobody waits for its outcome any more. */
const runSeconds = 60;

/** One session, or a list of them; an action that names none hits none. */
const radiusSchema = z.union([
  z.object({ sessionId: z.number() }).transform(() => 1),
  z.object({ sessions: z.array(z.json()) }).transform(({ sessions }) => sessions.length),
  z.json().transform(() => 0),
]);

/** SPEC A40: at most N sessions an action and M an incident. */
export function sessionLimitRefusal({ incident, settings, proposal, actionKey }: LimitInput): Refusal | null {
  const { maxSessionsPerAction, maxSessionsPerIncident } = settings.policy;
  const hits = radiusSchema.parse(proposal.input);
  if (hits > maxSessionsPerAction) {
    return {
      guard: "sessions-per-action",
      reason: `It would hit ${hits} sessions; the limit is ${maxSessionsPerAction} an action.`,
      release: "Whoever owns the settings raises policy.maxSessionsPerAction, or a person acts.",
    };
  }
  const others = incident.actions.filter(({ key }) => key !== actionKey);
  const earlier = incident.actions.reduce((sum, { outcome }) => sum + (outcome?.killed.length ?? 0), 0);
  const underWay = others.filter((action) => action.status === "ordered" && action.outcome === null).length;
  if (hits === 0 || earlier + underWay + hits <= maxSessionsPerIncident) return null;
  return {
    guard: "sessions-per-incident",
    reason: `${earlier + underWay} sessions were signalled in this incident; the limit is ${maxSessionsPerIncident}.`,
    release:
      "A person looks: whoever owns the settings raises policy.maxSessionsPerIncident, or acts by hand.",
  };
}

/** Outcomes after which sessions may just have been freed; a failed one may have acted. */
const stirs = new Set(["done", "not-verified", "failed"]);

/** Waiters that a kill has freed look like new culprits for a while. */
export function pauseRefusal({ incident, settings, now }: LimitInput): Refusal | null {
  const pauseMs = settings.policy.pauseAfterActionSeconds * 1000;
  const ends = incident.actions
    .filter(({ outcome }) => outcome !== null && stirs.has(outcome.status))
    .map(({ updatedAt }) => Date.parse(updatedAt) + pauseMs);
  // Written so that a time that cannot be read holds, too.
  const over = ends.every((end) => now >= end);
  if (over || pauseMs === 0) return null;
  const left = Math.ceil((Math.max(...ends) - now) / 1000);
  return {
    guard: "pause-after-action",
    reason: `An action of this incident has just been taken; ${Number.isFinite(left) ? `${left} s of ` : ""}the pause of ${settings.policy.pauseAfterActionSeconds} s are left.`,
    release: "Lifts by itself; the database is looked at again after it.",
  };
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
