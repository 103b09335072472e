import type { Decision } from "../contract/workflow.ts";
import { ConflictError } from "../errors.ts";
import type { IncidentEvent } from "../incident/events.ts";
import { type AnnounceDeps, announce } from "./announce.ts";
import { isoNow } from "./deps.ts";
import { custodyOf, overStep } from "./in-hand.ts";
import { reduceContext } from "./reduce-context.ts";
import { loadIncident, updateIncident } from "./update-incident.ts";
import { voidRequests } from "./void-requests.ts";
import { noteWaysBack } from "./ways-back.ts";

/** A signal or a delivered message may come between the resolution and the release, hardly so often. */
const tries = 8;

/**
 * The end of the watch: the group is free for a new incident, then the last message. An alarm that no look could know
 * of keeps it open, up to the moment in which the group is free: whoever attaches one later finds it free, and opens
 * the next incident. Run again after it died on the way, it tells what has not been told.
 */
export async function closeIncident(incidentId: string, deps: AnnounceDeps): Promise<Decision> {
  const context = reduceContext(await deps.settings.read());
  for (let attempt = 1; ; attempt += 1) {
    const open = await loadIncident(deps.incidents, incidentId);
    // Closed before, by this step or by another execution: its group may belong to the next incident by now.
    if ((await custodyOf(deps.incidents, open)) === null) {
      if (open.status === "resolved") break;
      return { schema: "respond.v1", incidentId, step: overStep };
    }
    const at = isoNow(deps.clock);
    const events: readonly IncidentEvent[] = [
      { kind: "resolved", at },
      { kind: "reopened", at },
    ];
    const ended = await updateIncident(deps, incidentId, () => events, context);
    if (ended.step.kind !== "resolve") {
      deps.log.info("incident.kept-open", { incidentId, why: "an alarm came while it was being closed" });
      return { schema: "respond.v1", incidentId, step: ended.step };
    }
    // While it still holds its group: whoever dies here is followed by one who comes back to it.
    await noteWaysBack(ended, deps);
    if (await deps.incidents.releaseIfUnchanged(ended)) break;
    if (attempt === tries) throw new ConflictError(`incident ${incidentId} is written to all the time`);
  }
  await voidRequests(await loadIncident(deps.incidents, incidentId), deps);
  const incident = await announce(incidentId, deps);
  const { recoveredAt } = incident;
  const took = (recoveredAt ? Date.parse(recoveredAt) : deps.clock.now()) - Date.parse(incident.openedAt);
  deps.log.info("incident.closed", { incidentId, status: incident.status, tookMs: took });
  // Opened again a day later for what it left behind: it has recovered once.
  if (recoveredAt === undefined)
    deps.log.metric("TimeToRecovery", took, "Milliseconds", { result: incident.status });
  return { schema: "respond.v1", incidentId, step: overStep };
}
