import type { Incident } from "../contract/incident.ts";
import type { IncidentEvent } from "../incident/events.ts";
import { type AnnounceDeps, announce } from "./announce.ts";
import { isoNow } from "./deps.ts";
import { custodyOf } from "./in-hand.ts";
import { reduceContext } from "./reduce-context.ts";
import { loadIncident, updateIncident } from "./update-incident.ts";

/** The end of the watch: the last message, then the group is free for a new incident. */
export async function closeIncident(incidentId: string, deps: AnnounceDeps): Promise<Incident> {
  const open = await loadIncident(deps.incidents, incidentId);
  // Closed before, by this step or by another execution: its group may belong to the next incident by now.
  if ((await custodyOf(deps.incidents, open)) === null) return open;
  const event: IncidentEvent = { kind: "resolved", at: isoNow(deps.clock) };
  await updateIncident(deps.incidents, incidentId, () => [event], reduceContext(await deps.settings.read()));
  const incident = await announce(incidentId, deps);
  await deps.incidents.release(incident);
  const took = deps.clock.now() - Date.parse(incident.openedAt);
  deps.log.info("incident.closed", { incidentId, status: incident.status, tookMs: took });
  deps.log.metric("TimeToRecovery", took, "Milliseconds", { result: incident.status });
  return incident;
}

export interface StepFailure {
  readonly incidentId: string;
  readonly error: { readonly Error: string; readonly Cause?: string | undefined };
}

/** The responder's own failure is told like any other fact; the group is freed so that the next alarm is answered. */
export async function giveUp({ incidentId, error }: StepFailure, deps: AnnounceDeps): Promise<Incident> {
  const at = isoNow(deps.clock);
  const reason = `${error.Error} ${(error.Cause ?? "").slice(0, 300)}`.trim();
  deps.log.error("incident.responder-failed", { incidentId, reason });
  deps.log.metric("ResponderFailures", 1, "Count");
  await updateIncident(
    deps.incidents,
    incidentId,
    () => [{ kind: "responder-failed", at, step: "the workflow", reason }],
    reduceContext(await deps.settings.read()),
  );
  const incident = await announce(incidentId, deps);
  await deps.incidents.release(incident);
  return incident;
}
