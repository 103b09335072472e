import type { Incident, NextStep } from "../contract/incident.ts";
import type { IncidentEvent } from "./events.ts";
import type { Candidate } from "./plan.ts";
import type { ReduceContext } from "./reduce-context.ts";
import { refusedUnasked } from "./refused-unasked.ts";
import { openRequest, overtakenByPolicy, waitingForDecision } from "./requests.ts";

type Diagnosed = Extract<IncidentEvent, { kind: "diagnosed" }>;

/** The incident turned to the next thing worth doing: by itself, or by way of a question. */
export function withCandidate(
  incident: Incident,
  event: Diagnosed,
  { finding, proposal, key }: Candidate,
  context: ReduceContext,
): Incident {
  const { target = incident.target } = event;
  const known = incident.actions.find((action) => action.key === key);
  const refused = refusedUnasked(known) ?? known?.refusedUnasked ?? null;
  const allowed = context.modeOf(proposal, { ...incident, target }, event.at);
  const mode = refused !== null && allowed === "auto" ? "approve" : allowed;
  const asked = openRequest(incident);
  if (asked !== null && asked.key === key && mode !== "approve") {
    return overtakenByPolicy(incident, asked, mode, event.at);
  }
  // One question at a time, and the same one is not put twice; what needs no asking goes on meanwhile.
  if (asked !== null && mode === "approve") {
    return { ...incident, ...waitingForDecision(asked.proposal, context.settings) };
  }
  const action = {
    key,
    proposal,
    findingKey: finding.key,
    database: target.name,
    mode,
    status: "proposed" as const,
    approvalId: null,
    decidedBy: null,
    orderId: null,
    refusal: null,
    outcome: null,
    ...(refused === null ? {} : { refusedUnasked: refused }),
    updatedAt: event.at,
  };
  const actions = known
    ? incident.actions.map((other) => (other.key === key ? action : other))
    : [...incident.actions, action];
  // Also in observe mode the gate is asked: its refusal, with the way to release it, is what people see.
  const step: NextStep =
    mode === "approve"
      ? {
          kind: "ask-approval",
          actionKey: key,
          timeoutSeconds: context.settings.policy.approvalSeconds,
          database: target.name,
        }
      : { kind: "act", actionKey: key, database: target.name };
  return { ...incident, actions, step, status: mode === "approve" ? "awaiting-approval" : "mitigating" };
}
