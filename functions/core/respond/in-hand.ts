import type { Custody } from "../contract/custody.ts";
import type { Incident, NextStep } from "../contract/incident.ts";
import type { IncidentStore } from "../ports.ts";

/**
 * Who looks after this incident, as long as it is open: it holds its group's lock. Null for one that was released,
 * whatever its status says: another incident of the same databases may be open, and may be acting.
 */
export async function custodyOf(
  store: Pick<IncidentStore, "custodyOf">,
  { id, group }: Pick<Incident, "id" | "group">,
): Promise<Custody | null> {
  const custody = await store.custodyOf(group);
  return custody?.incidentId === id ? custody : null;
}

/** What a step of an execution is told whose incident is over. */
export const overStep: NextStep = {
  kind: "resolve",
  reason: "the incident is over: it no longer holds its group",
};
