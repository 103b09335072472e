import type { Custody } from "../contract/custody.ts";
import type { Incident } from "../contract/incident.ts";
import { invalidInput } from "../contract/parse-input.ts";
import { type Assignment, incidentRefExample, type PrepareInput } from "../contract/workflow.ts";
import { ConflictError, HandOverError, IncidentOverError } from "../errors.ts";
import { alarmsToAsk } from "../incident/attached-alarms.ts";
import { isSpent, isSuccession, takenBy } from "../incident/custody.ts";
import { nextDatabase } from "../incident/looked-at.ts";
import { tiersFor } from "../incident/tiers.ts";
import { type Deps, isoNow } from "./deps.ts";
import { custodyOf } from "./in-hand.ts";

export type PrepareDeps = Pick<Deps, "incidents" | "settings" | "clock" | "log">;

/** What is to be looked at, and with which settings, this time. May run any number of times. */
export async function prepare(
  { execution, input }: Pick<PrepareInput, "execution" | "input">,
  deps: PrepareDeps,
): Promise<Assignment> {
  const { incidentId } = input;
  const [incident, { settings, standing }] = await Promise.all([
    deps.incidents.get(incidentId),
    deps.settings.readWithStanding(),
  ]);
  if (incident === null)
    throw invalidInput(`incidentId: there is no incident ${incidentId}`, incidentRefExample);
  const custody = await inHand(incident, execution, input.step === undefined, deps);
  if (isSpent(custody, incident.cycle))
    throw new HandOverError(`execution ${execution} has looked as often as its history allows`);
  return {
    schema: "assignment.v1",
    incidentId,
    cycle: incident.cycle + 1,
    target: incident.target,
    wanted: nextDatabase(incident),
    signal: incident.trigger ?? null,
    alarms: [...alarmsToAsk(incident)],
    alarmSignals: incident.alarmSignals,
    tiers: [...tiersFor(incident)],
    settings,
    settingsStanding: standing,
  };
}

/**
 * The incident must be open and in the hands of this execution. One that was started by hand takes it over; the one
 * before it then finds itself replaced, and ends.
 */
async function inHand(
  incident: Incident,
  execution: string,
  justStarted: boolean,
  deps: PrepareDeps,
): Promise<Custody> {
  const custody = await custodyOf(deps.incidents, incident);
  if (custody === null) {
    const open = await deps.incidents.openIncidentOf(incident.group);
    const instead = open === null ? "none of its group is open" : `${open} is the open one of its group`;
    const fault = `incidentId: incident ${incident.id} is not open (${incident.status}); ${instead}`;
    if (justStarted) throw invalidInput(fault, { ...incidentRefExample, ...(open && { incidentId: open }) });
    throw new IncidentOverError(fault);
  }
  if (custody.execution === execution) return custody;
  if (!justStarted || isSuccession(execution, custody))
    throw new IncidentOverError(`execution ${custody.execution} has incident ${incident.id} in hand`);
  const taken = takenBy(execution, custody, incident.cycle, isoNow(deps.clock));
  deps.log.warn("incident.taken-over", { incidentId: incident.id, execution, from: custody.execution });
  if (await deps.incidents.handOver(custody, taken)) return taken;
  throw new ConflictError(`incident ${incident.id} was handed to another execution in this moment`);
}
