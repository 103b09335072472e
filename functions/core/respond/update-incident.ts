import type { Incident } from "../contract/incident.ts";
import { ConflictError, ResponderError } from "../errors.ts";
import type { IncidentEvent } from "../incident/events.ts";
import { reduce } from "../incident/reduce.ts";
import type { ReduceContext } from "../incident/reduce-context.ts";
import type { IncidentStore } from "../ports.ts";

const attempts = 8;

export async function loadIncident(store: IncidentStore, incidentId: string): Promise<Incident> {
  const incident = await store.get(incidentId);
  if (incident === null) throw new ResponderError(`there is no incident ${incidentId}`);
  return incident;
}

/**
 * Applies events and stores the result. Somebody else may write at the same time (a new alarm, a click): then the
 * events are applied to what they wrote. Events that were applied before cost no write.
 */
export async function updateIncident(
  store: IncidentStore,
  incidentId: string,
  events: (incident: Incident) => readonly IncidentEvent[],
  context: ReduceContext,
): Promise<Incident> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await loadIncident(store, incidentId);
    const after = events(before).reduce((incident, event) => reduce(incident, event, context), before);
    if (after === before) return before;
    try {
      return await store.save(after);
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt === attempts) throw error;
    }
  }
}
