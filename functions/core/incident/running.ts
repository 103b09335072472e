import type { Incident, IncidentAction } from "../contract/incident.ts";
import type { Outcome } from "../contract/work-order.ts";
import type { Settings } from "../settings.ts";
import { escalated, told, toldAnew } from "./told.ts";

/** What was begun and goes on by itself; null when there is nothing. The one that was looked at longest ago. */
export function runningAction({ actions }: Incident): IncidentAction | null {
  const [oldest] = actions
    .filter(({ status }) => status === "running")
    .toSorted((a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt));
  return oldest ?? null;
}

/** Looked after at every look that has nothing else to do, also when all is well by now. */
export function withFollowing(incident: Incident): Incident {
  const { step } = incident;
  if (step.kind !== "watch" && step.kind !== "resolve") return incident;
  const action = runningAction(incident);
  if (action === null || incident.status === "resolved") return incident;
  return {
    ...incident,
    step: { kind: "act", actionKey: action.key, database: action.database ?? incident.target.name },
  };
}

const followSeconds = 30;

/** It goes on: one entry that says how far it is. A word that came late does not begin anew what has ended. */
export function whileRunning(incident: Incident, outcome: Outcome, at: string, settings: Settings): Incident {
  const { orderId, summary, actionKey } = outcome;
  const action = incident.actions.find(({ key }) => key === actionKey);
  if (action === undefined || (action.status === "finished" && action.orderId === orderId)) return incident;
  const seconds = Math.min(settings.watch.checkSeconds, followSeconds);
  const actions = incident.actions.map((known) =>
    known === action ? { ...known, status: "running" as const, outcome, updatedAt: at } : known,
  );
  const next: Incident = { ...incident, actions, step: { kind: "watch", seconds, why: summary } };
  const began = told(next, { key: `action#${orderId}#began`, at, kind: "action", says: summary });
  return began === next
    ? toldAnew(next, { key: `action#${orderId}#progress`, at, kind: "note", says: summary })
    : began;
}

/** What went on by itself and ended without its effect needs a person: nobody sits before it. */
export function whenRunEnded(
  incident: Incident,
  action: IncidentAction,
  outcome: Outcome,
  at: string,
): Incident {
  if (action.status !== "running" || outcome.status === "done" || outcome.status === "already-done")
    return incident;
  return escalated(incident, at, `what was begun did not end well: ${outcome.summary}`);
}
