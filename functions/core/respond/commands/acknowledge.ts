import type { Incident } from "../../contract/incident.ts";
import { clockTime } from "../../messages/wording.ts";
import type { SettingsSource } from "../../settings-ports.ts";
import type { Deps } from "../deps.ts";
import { reduceContext } from "../reduce-context.ts";
import { updateIncident } from "../update-incident.ts";
import { openIncidents } from "./open-incidents.ts";

export interface AcknowledgeDeps extends Pick<Deps, "incidents" | "clock" | "random" | "log"> {
  readonly settings: Pick<SettingsSource, "read">;
}

export interface Acknowledgement {
  readonly says: string;
  /** Null: nothing was acknowledged. */
  readonly incidentId: string | null;
}

/** SPEC V5. Which incident is meant must be clear: an acknowledgement of the wrong one keeps people from being called. */
export async function acknowledge(
  { name, by }: { readonly name: string | null; readonly by: string },
  deps: AcknowledgeDeps,
): Promise<Acknowledgement> {
  const { incidents, left } = await openIncidents(name, deps);
  const [first, ...more] = incidents;
  if (name === null && left > 0) return { says: whichOf(incidents, left), incidentId: null };
  if (first === undefined)
    return { says: `No incident is open${name === null ? "" : ` for ${name}`}.`, incidentId: null };
  if (more.length > 0) return { says: whichOf(incidents, left), incidentId: null };
  const settings = await deps.settings.read();
  const now = deps.clock.now();
  const at = new Date(now).toISOString();
  const until = new Date(now + settings.watch.acknowledgeSeconds * 1000).toISOString();
  const after = await updateIncident(
    deps,
    first.id,
    () => [{ kind: "acknowledged", at, by, until }],
    reduceContext(settings),
  );
  if (after.acknowledged?.at !== at)
    return { says: `Incident ${first.id} is over: there is nothing to acknowledge.`, incidentId: null };
  deps.log.info("incident.acknowledged", { incidentId: first.id, by, until });
  return {
    says: `Acknowledged: ${first.target.name} is in your hands. Nobody else is called before ${clockTime(until)}, unless it gets worse. Incident ${first.id}.`,
    incidentId: first.id,
  };
}

/** What could not be read, or is one too many, may be the one that is meant. */
function whichOf(incidents: readonly Incident[], left: number): string {
  const unread = left > 0 ? [`${left} more that could not be read or shown`] : [];
  const names = [...incidents.map(({ id, target }) => `${target.name} (${id})`), ...unread];
  if (incidents.length === 0) return `Name the incident that you have in hand: ${unread.join("")}.`;
  return `Several incidents are open; which one do you have in hand? ${names.join(", ")}`;
}
