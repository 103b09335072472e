import type { ProposedAction } from "../contract/finding.ts";
import type { Incident, IncidentAction, NextStep } from "../contract/incident.ts";
import type { Refusal } from "../contract/work-order.ts";
import type { Mode, Settings } from "../settings.ts";
import type { IncidentEvent } from "./events.ts";
import { countHeldBack, heldBackBy } from "./held-back.ts";
import { secondsBetween } from "./recovery.ts";
import type { ReduceContext } from "./reduce-context.ts";
import { told } from "./told.ts";
import { isRequest } from "./withdraw.ts";

type Diagnosed = Extract<IncidentEvent, { kind: "diagnosed" }>;

/** Guard of a request that was taken back: what it was for was not found any more. */
export const reasonGone = "reason-gone";

/** Guard of a request that policy has overtaken. */
export const policyChanged = "policy-changed";

/**
 * Takes back each request whose reason this look did not find any more, or found changed: whoever clicks now would end
 * somebody for what is over. What a look did not see it takes nothing back for.
 */
export function withoutGoneRequests(
  incident: Incident,
  { summary, target = incident.target, gone = null, notLookedFor = [], at }: Diagnosed,
  { keyOf, isSame }: Pick<ReduceContext, "keyOf" | "isSame">,
): Incident {
  const proposed = new Map(
    summary.rootCauses
      .filter(({ severity }) => severity !== "P3")
      .flatMap(({ actions }) => actions.map((action) => [keyOf(action), action] as const)),
  );
  const isStillMeant = ({ key, proposal }: IncidentAction): boolean => {
    const now = proposed.get(key);
    return now?.automatic === true && isSame(proposal, now);
  };
  const wasSeen = (action: IncidentAction): boolean =>
    summary.verdict !== "unknown" && !notLookedFor.includes(findingIdOf(action));
  const over = incident.actions.filter((action) => {
    if (!isRequest(action)) return false;
    const { database = incident.target.name } = action;
    if (database === gone) return true;
    // What a person wants taken back is for no finding.
    if (action.undoes !== undefined) return false;
    return database === target.name && wasSeen(action) && !isStillMeant(action);
  });
  return over.reduce((next, action) => withdrawn(next, action, refusalAt(at), at), incident);
}

/** Findings behind the requests that are out: whether a look saw what they show in decides what becomes of them. */
export function requestedFindings({ actions }: Incident): readonly string[] {
  return actions.filter(isRequest).map(findingIdOf);
}

/** A finding's key is its rule's id, then its subject. */
function findingIdOf({ findingKey }: IncidentAction): string {
  return findingKey.split(":")[0] ?? findingKey;
}

function refusalAt(at: string): Refusal {
  return {
    guard: reasonGone,
    reason: `What it was for was not found any more at the look of ${at.slice(11, 19)} UTC.`,
    release: "Nothing to release: if it comes up again, it is asked about anew.",
  };
}

/** Policy needs no approval any more, or allows the action no more: the question is void, and the gate decides. */
export function overtakenByPolicy(
  incident: Incident,
  action: IncidentAction,
  mode: Mode,
  at: string,
): Incident {
  const refusal = {
    guard: policyChanged,
    reason: `Policy has changed to ${mode} since it was asked.`,
    release: "Nothing to release: the gate is asked at the next look, in a second.",
  };
  const step: NextStep = {
    kind: "watch",
    seconds: 1,
    why: "policy has changed since a decision was asked for",
  };
  return { ...withdrawn(incident, action, refusal, at), step };
}

function withdrawn(incident: Incident, action: IncidentAction, refusal: Refusal, at: string): Incident {
  const actions = incident.actions.map((other) =>
    other.key === action.key ? { ...action, status: "withheld" as const, refusal, updatedAt: at } : other,
  );
  return told(
    { ...incident, actions, heldBack: countHeldBack(incident, action, refusal, at) },
    {
      key: `withdrawn#${action.approvalId}`,
      at,
      kind: "approval",
      says: `Taken back: ${action.proposal.describes}. ${refusal.reason}`,
    },
  );
}

/** The request that people have not decided yet. */
export function openRequest({ actions }: Incident): IncidentAction | null {
  return actions.find(({ status }) => status === "awaiting-approval") ?? null;
}

/**
 * What a request asks for now, whatever else the look found: an agreed one is carried out, one whose time is over is
 * ended. Null when it is only to be waited for, or there is none.
 */
export function dueRequest(incident: Incident, at: string, { policy }: Settings): NextStep | null {
  const agreed = incident.actions.find(({ status }) => status === "approved");
  if (agreed !== undefined) return { kind: "act", actionKey: agreed.key, ...databaseOf(agreed, incident) };
  const overdue = incident.actions.find(
    ({ status, askedUntil }) =>
      status === "awaiting-approval" &&
      askedUntil !== undefined &&
      !(Date.parse(at) < Date.parse(askedUntil)),
  );
  if (overdue === undefined) return null;
  return {
    kind: "ask-approval",
    actionKey: overdue.key,
    timeoutSeconds: policy.approvalSeconds,
    ...databaseOf(overdue, incident),
  };
}

function databaseOf({ database }: IncidentAction, { target }: Incident): { readonly database: string } {
  return { database: database ?? target.name };
}

/** What the incident waits for is watched as often as ever. */
export function waitingForDecision(
  { describes }: Pick<ProposedAction, "describes">,
  { watch }: Pick<Settings, "watch">,
): Pick<Incident, "status" | "step"> {
  const why = `waiting for a decision on this: ${describes}`;
  return { status: "awaiting-approval", step: { kind: "watch", seconds: watch.checkSeconds, why } };
}

/** While a request is out, a wait ends with the click that answers it, or when its time is over. */
export function withOpenEar(incident: Incident, now: string): Incident {
  const { step } = incident;
  if (step.kind !== "watch") return incident;
  const asked = openRequest(incident);
  if (asked === null) {
    const { awaitsDecision, ...deaf } = step;
    return awaitsDecision === undefined ? incident : { ...incident, step: deaf };
  }
  const left = asked.askedUntil === undefined ? step.seconds : secondsBetween(now, asked.askedUntil);
  const seconds = Math.max(1, Math.min(step.seconds, Math.ceil(left)));
  return { ...incident, step: { ...step, seconds, awaitsDecision: true } };
}

const mostInVain = 3;
const inVainMs = 300_000;

/** Who is to blame changes faster than people can click: they are asked every few minutes, not at every look. */
export function isAskedInVain(incident: Incident, { id }: Pick<ProposedAction, "id">, at: string): boolean {
  const before = heldBackBy(incident, id, reasonGone);
  return (
    before !== undefined &&
    before.count >= mostInVain &&
    Date.parse(at) - Date.parse(before.lastAt) < inVainMs
  );
}
