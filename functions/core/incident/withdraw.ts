import type { Incident, IncidentAction } from "../contract/incident.ts";
import type { Refusal } from "../contract/work-order.ts";

/**
 * Takes back what was asked or agreed to and will not be done: its card must not say that it is being carried out.
 * What was ordered stays: it may be under way.
 */
export function withoutRequests(
  incident: Incident,
  refusal: Refusal,
  at: string,
  isMeant: (action: IncidentAction) => boolean = () => true,
): Incident {
  const actions = incident.actions.map((action) =>
    isRequest(action) && isMeant(action)
      ? { ...action, status: "withheld" as const, refusal, updatedAt: at }
      : action,
  );
  return { ...incident, actions };
}

/** Asked about or agreed to, and not ordered yet. */
export function isRequest({ status }: IncidentAction): boolean {
  return status === "awaiting-approval" || status === "approved";
}
