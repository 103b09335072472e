import type { Finding, ProposedAction } from "../contract/finding.ts";
import type { DiagnosisSummary, Incident, IncidentAction } from "../contract/incident.ts";
import { mayHaveActed } from "../contract/work-order.ts";
import type { IncidentEvent } from "./events.ts";
import { heldBackBy } from "./held-back.ts";
import { passingGuards } from "./passing-guards.ts";
import type { ReduceContext } from "./reduce-context.ts";
import { refusedUnasked } from "./refused-unasked.ts";

interface Looked extends Pick<Extract<IncidentEvent, { kind: "diagnosed" }>, "target" | "at"> {
  readonly summary: Pick<DiagnosisSummary, "rootCauses">;
}

export interface Candidate {
  readonly finding: Finding;
  readonly proposal: ProposedAction;
  readonly key: string;
}

/** Whether what a person agreed to is worth another try when this held it back: an approval that is at fault is not. */
export function keepsApproval(guard: string): boolean {
  return passingGuards.has(guard) && !guard.startsWith("approval-");
}

/** Guards that hold something back and then let it pass are asked again at once this often, and then at intervals. */
const triesAtOnce = 3;
const retryMs = 300_000;

function isDue(
  { heldBack }: Incident,
  { proposal, status, refusal, outcome, updatedAt }: IncidentAction,
  at: string,
): boolean {
  // What people have agreed to or are asked about was not held back since.
  const no = status === "finished" ? outcome?.refusal : status === "withheld" ? refusal : null;
  const count = heldBackBy({ heldBack }, proposal.id, no?.guard ?? "")?.count ?? 0;
  return count < triesAtOnce || Date.parse(at) - Date.parse(updatedAt) >= retryMs;
}

/** True for one that may have acted, or is about to: limits count it, and the story needs it. */
export function isKept(action: IncidentAction, { step }: Pick<Incident, "step">): boolean {
  if ("actionKey" in step && step.actionKey === action.key) return true;
  switch (action.status) {
    case "awaiting-approval":
    case "approved":
    case "ordered":
    case "running":
      return true;
    case "finished":
      // A repeat that was refused comes after an attempt of which nobody has heard.
      return action.outcome?.status !== "refused" || mayHaveActed(action.outcome);
    // Forgotten, it would be proposed anew, and done without a person.
    case "proposed":
    case "withheld":
    case "declined":
    case "expired":
      return (
        action.refusedUnasked !== undefined || (action.status === "declined" && action.undoes !== undefined)
      );
    default:
      return action.status satisfies never;
  }
}

function isOpenToTry(action: IncidentAction): boolean {
  switch (action.status) {
    case "proposed":
    case "awaiting-approval":
    case "approved":
    case "ordered":
      return true;
    case "withheld":
      return action.refusal !== null && passingGuards.has(action.refusal.guard);
    case "finished":
      return (
        refusedUnasked(action) !== null ||
        (action.outcome?.status === "refused" && passingGuards.has(action.outcome.refusal?.guard ?? ""))
      );
    case "running":
    case "declined":
    case "expired":
      return false;
    default:
      return action.status satisfies never;
  }
}

/** Everything that may have acted is remembered, so there is an end to it: whoever needs more needs a person. */
const mostActions = 30;

/**
 * The next thing worth doing: the first remedy, of the most important root cause, that has not been tried.
 * What a person declined, and what a lasting guard refused, is not brought up again in this incident.
 */
export function nextCandidate(
  incident: Incident,
  { summary, target = incident.target, at }: Looked,
  { keyOf, modeOf }: Pick<ReduceContext, "keyOf" | "modeOf">,
): Candidate | null {
  if (incident.actions.filter((action) => isKept(action, incident)).length >= mostActions) return null;
  for (const finding of summary.rootCauses) {
    if (finding.severity === "P3") continue;
    for (const proposal of finding.actions.filter(({ automatic }) => automatic)) {
      const key = keyOf(proposal);
      const known = incident.actions.find((action) => action.key === key);
      if (known === undefined || isOpenNow(incident, known, at)) return { finding, proposal, key };
      // Somebody has set what the refusal said would release it.
      if (wasObserved(known) && modeOf(proposal, { ...incident, target }, at) !== "observe")
        return { finding, proposal, key };
    }
  }
  return null;
}

function wasObserved({ status, refusal }: IncidentAction): boolean {
  return status === "withheld" && refusal?.guard === "observe";
}

function isOpenNow(incident: Incident, action: IncidentAction, at: string): boolean {
  // What was taken back at this very look is asked about anew at the next one: its card is out with the old words.
  if (action.status === "withheld" && action.updatedAt === at) return false;
  return isOpenToTry(action) && isDue(incident, action, at);
}
