import { SignalWaitingError } from "../errors.ts";
import { hasUnseenAlarm } from "../incident/recovery.ts";
import type { Deps } from "./deps.ts";
import { loadIncident } from "./update-incident.ts";

/**
 * Stores the token by which a new signal (SPEC S11) or a click (A42) ends a wait. Signal and click are stored before
 * the token is looked for, and here the token before them: of the two at least one sees the other.
 */
export async function rest(
  { incidentId, taskToken }: { readonly incidentId: string; readonly taskToken: string },
  { incidents }: Pick<Deps, "incidents">,
): Promise<{ readonly incidentId: string }> {
  await incidents.putRest(incidentId, taskToken);
  const incident = await loadIncident(incidents, incidentId);
  if (hasUnseenAlarm(incident)) {
    throw new SignalWaitingError(`an alarm of ${incidentId} came after its last look`);
  }
  if (incident.step.kind === "act")
    throw new SignalWaitingError(`${incidentId} was decided upon in this moment`);
  return { incidentId };
}
