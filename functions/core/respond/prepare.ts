import type { Assignment, IncidentRef } from "../contract/workflow.ts";
import { alarmsToAsk } from "../incident/attached-alarms.ts";
import { tiersFor } from "../incident/tiers.ts";
import type { Deps } from "./deps.ts";
import { loadIncident } from "./update-incident.ts";

export type PrepareDeps = Pick<Deps, "incidents" | "settings">;

/** What is to be looked at, and with which settings, this time. Reads only: may run any number of times. */
export async function prepare({ incidentId }: IncidentRef, deps: PrepareDeps): Promise<Assignment> {
  const [incident, settings] = await Promise.all([
    loadIncident(deps.incidents, incidentId),
    deps.settings.read(),
  ]);
  return {
    schema: "assignment.v1",
    incidentId,
    cycle: incident.cycle + 1,
    target: incident.target,
    signal: incident.trigger ?? null,
    alarms: [...alarmsToAsk(incident)],
    alarmSignals: incident.alarmSignals,
    tiers: [...tiersFor(incident)],
    settings,
  };
}
