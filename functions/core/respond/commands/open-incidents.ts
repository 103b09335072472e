import type { Incident } from "../../contract/incident.ts";
import { messageOf } from "../../errors.ts";
import type { Deps } from "../deps.ts";

export interface OpenIncidents {
  readonly incidents: readonly Incident[];
  /** Open, and not among them: too many, or not to be read. */
  readonly left: number;
}

const most = 10;

/** The open ones, the oldest first, that name this database, group or incident; all of them for null. */
export async function openIncidents(
  name: string | null,
  { incidents: store, log }: Pick<Deps, "incidents" | "log">,
): Promise<OpenIncidents> {
  const custodies = (await store.custodies()).toSorted((a, b) => a.since.localeCompare(b.since));
  const likely =
    name === null ? custodies : custodies.filter(({ incidentId, group }) => isNamed(name, incidentId, group));
  // The name of a replica or reader is known to the incident alone.
  const read = (likely.length === 0 ? custodies : likely).slice(0, likely.length === 0 ? 50 : most);
  const found = await Promise.all(
    read.map(async ({ incidentId }) => {
      try {
        return await store.get(incidentId);
      } catch (error) {
        log.error("incident.unreadable", { incidentId, reason: messageOf(error) });
        return null;
      }
    }),
  );
  const incidents = found.flatMap((incident) =>
    incident !== null && (name === null || isAbout(incident, name)) ? [incident] : [],
  );
  const unread = found.filter((incident) => incident === null).length;
  return { incidents, left: unread + Math.max(0, likely.length - most) };
}

function isAbout({ id, group, databases }: Incident, wanted: string): boolean {
  return isNamed(wanted, id, group) || databases.some(({ name }) => name === wanted);
}

function isNamed(name: string, id: string, group: string): boolean {
  return id.toLowerCase() === name || group === name || group.slice(group.lastIndexOf("/") + 1) === name;
}
