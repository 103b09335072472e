import { SignalWaitingError } from "../errors.ts";
import { hasUnseenAlarm } from "../incident/recovery.ts";
import type { Deps } from "./deps.ts";
import { loadIncident } from "./update-incident.ts";

/**
 * Stores the token by which a new signal ends a long wait (SPEC S11). The signal is stored before its token is looked
 * for, and here the token before the signals: of the two at least one sees the other.
 */
export async function rest(
  { incidentId, taskToken }: { readonly incidentId: string; readonly taskToken: string },
  { incidents }: Pick<Deps, "incidents">,
): Promise<{ readonly incidentId: string }> {
  await incidents.putRest(incidentId, taskToken);
  if (hasUnseenAlarm(await loadIncident(incidents, incidentId))) {
    throw new SignalWaitingError(`an alarm of ${incidentId} came after its last look`);
  }
  return { incidentId };
}
