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
  const unseen = left === 0 ? "" : `; open and not to be seen just now: ${left}`;
  if (first === undefined && left > 0)
    return { says: `Nothing was acknowledged${unseen}. Try again in a moment.`, incidentId: null };
  if (first === undefined)
    return { says: `No incident is open${name === null ? "" : ` for ${name}`}.`, incidentId: null };
  // One that could not be read may be the one that is meant.
  if (more.length > 0 || (name === null && left > 0))
    return { says: `${whichOf(incidents)}${unseen}`, incidentId: null };
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

function whichOf(incidents: readonly Incident[]): string {
  const names = incidents.map(({ id, target }) => `${target.name} (${id})`);
  return `Several incidents are open; which one do you have in hand? ${names.join(", ")}`;
}
