import type { Incident, IncidentAction } from "../contract/incident.ts";
import type { AuthorizeInput } from "../contract/workflow.ts";

export function pendingAction(incident: Incident): IncidentAction | null {
  const { step } = incident;
  if (step.kind !== "act" && step.kind !== "ask-approval") return null;
  return incident.actions.find((action) => action.key === step.actionKey) ?? null;
}

export function isElsewhere(was: AuthorizeInput["step"], is: Incident["step"]): boolean {
  const databaseOf = (one: AuthorizeInput["step"]) =>
    one !== undefined && "database" in one ? one.database : undefined;
  return was !== undefined && "actionKey" in was && databaseOf(was) !== databaseOf(is);
}

/** Never in an incident that is over, and nothing that was taken back or told off. */
export function isOpen({ status }: Incident, action: IncidentAction): boolean {
  const open = ["proposed", "awaiting-approval", "approved", "ordered", "running"];
  return status !== "resolved" && open.includes(action.status);
}

/** One order for each assessment that came to the same action: a repeat of this step finds the same one. */
export function orderIdOf(incident: Incident, action: IncidentAction): string {
  if (action.undoes !== undefined) return `${action.approvalId ?? `${action.undoes}-undo`}-${incident.cycle}`;
  const index = incident.actions.findIndex((known) => known.key === action.key);
  const asked = action.approvalId === null ? "" : "-asked";
  return `${incident.id}-${incident.cycle}-${index}${asked}`;
}
