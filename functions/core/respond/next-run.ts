import { invalidInput } from "../contract/parse-input.ts";
import { incidentRefExample, type NextRun } from "../contract/workflow.ts";
import { ConflictError, IncidentOverError } from "../errors.ts";
import { nextCustody } from "../incident/custody.ts";
import { type Deps, isoNow } from "./deps.ts";
import { custodyOf } from "./in-hand.ts";

/**
 * Hands the incident to the execution that goes on with it, and names it. Run again, it names the same one, and
 * starting that twice is harmless.
 */
export async function nextRun(
  execution: string,
  incidentId: string,
  deps: Pick<Deps, "incidents" | "clock" | "log">,
): Promise<NextRun> {
  const incident = await deps.incidents.get(incidentId);
  if (incident === null)
    throw invalidInput(`incidentId: there is no incident ${incidentId}`, incidentRefExample);
  const custody = await custodyOf(deps.incidents, incident);
  if (custody === null) throw new IncidentOverError(`incident ${incidentId} is over`);
  const answer = { schema: "respond.v1", incidentId, engine: incident.target.engine } as const;
  if (custody.execution !== execution) return { ...answer, execution: custody.execution };
  const next = nextCustody(custody, incident.cycle, isoNow(deps.clock));
  if (!(await deps.incidents.handOver(custody, next)))
    throw new ConflictError(`incident ${incidentId} was handed to another execution in this moment`);
  deps.log.info("incident.handed-on", { incidentId, from: execution, to: next.execution });
  return { ...answer, execution: next.execution };
}
