import type { Incident } from "../contract/incident.ts";
import { ConflictError, ResponderError } from "../errors.ts";
import type { IncidentEvent } from "../incident/events.ts";
import { reduce } from "../incident/reduce.ts";
import type { ReduceContext } from "../incident/reduce-context.ts";
import type { IncidentStore } from "../ports.ts";
import type { Deps } from "./deps.ts";

export type UpdateDeps = Pick<Deps, "incidents" | "clock" | "random">;

/** Others may write at the same time, in a storm two hundred of them: each is let through in time. */
const patienceMs = 20_000;
const firstPauseMs = 20;
const longestPauseMs = 1500;

export async function loadIncident(store: IncidentStore, incidentId: string): Promise<Incident> {
  const incident = await store.get(incidentId);
  if (incident === null) throw new ResponderError(`there is no incident ${incidentId}`);
  return incident;
}

/**
 * Applies events and stores the result. Somebody else may write at the same time (a new alarm, a click): then the
 * events are applied to what they wrote, after a pause by chance, or all of them would meet again. Events that were
 * applied before cost no write.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export async function updateIncident(
  { incidents, clock, random }: UpdateDeps,
  incidentId: string,
  events: (incident: Incident) => readonly IncidentEvent[],
  context: ReduceContext,
): Promise<Incident> {
  const until = clock.now() + patienceMs;
  for (let attempt = 0; ; attempt += 1) {
    const before = await loadIncident(incidents, incidentId);
    const after = events(before).reduce((incident, event) => reduce(incident, event, context), before);
    if (after === before) return before;
    try {
      return await incidents.save(after);
    } catch (error) {
      if (!(error instanceof ConflictError) || clock.now() >= until) throw error;
      const pauseMs = random() * Math.min(longestPauseMs, firstPauseMs * 2 ** attempt);
      if (pauseMs > 0) await clock.sleep(pauseMs);
    }
  }
}
