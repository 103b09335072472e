import type { Incident } from "../../contract/incident.ts";
import { type Snooze, standing } from "../../contract/snooze.ts";
import { isAcknowledged } from "../../incident/told.ts";
import { diagnosisToShow } from "../../messages/impact.ts";
import { clockTime, sentence, since, statusWord } from "../../messages/wording.ts";
import { elapsed } from "../../text/wording.ts";
import type { Deps } from "../deps.ts";
import { type OpenIncidents, openIncidents } from "./open-incidents.ts";

/** What is open, in whose hands, and which databases are left alone. Reads, and changes nothing. */
export async function tellStatus(
  name: string | null,
  deps: Pick<Deps, "incidents" | "clock" | "log">,
): Promise<string> {
  const [open, { list }] = await Promise.all([openIncidents(name, deps), deps.incidents.snoozes()]);
  return [...incidentLines(open, name, deps), ...snoozeLines(list, name, deps)].join("\n");
}

function incidentLines(
  { incidents, left }: OpenIncidents,
  name: string | null,
  { clock }: Pick<Deps, "clock">,
): readonly string[] {
  const of = name === null ? "" : ` for ${name}`;
  const lines = incidents.map((incident) => incidentLine(incident, clock.now()));
  if (left > 0) lines.push(`… and ${left} more that are not shown here or could not be read.`);
  return lines.length === 0 ? [`No incident is open${of}.`] : lines;
}

/** "P1 orders-prod: …. Investigating for 5 min, acknowledged by U0DANA01 until 14:33 UTC. Incident inc-…". */
export function incidentLine(incident: Incident, now: number): string {
  const { id, target, severity, status, openedAt, acknowledged, root } = incident;
  const held =
    acknowledged !== undefined && isAcknowledged(incident, new Date(now).toISOString())
      ? `, acknowledged by ${acknowledged.by} until ${clockTime(acknowledged.until, now)}`
      : "";
  const what = sentence(diagnosisToShow(incident)?.headline ?? "not looked at yet");
  const where = root?.permalink ? ` ${root.permalink}` : "";
  return `${severity ?? "not rated"} ${target.name}: ${what} ${statusWord(status)} for ${elapsed(since(openedAt, now))}${held}. Incident ${id}${where}`;
}

function snoozeLines(
  list: readonly Snooze[],
  wanted: string | null,
  { clock }: Pick<Deps, "clock">,
): readonly string[] {
  const now = clock.now();
  return standing(list, now)
    .filter(({ name }) => wanted === null || name === wanted)
    .map((snooze) => snoozeLine(snooze, now));
}

export function snoozeLine({ name, until, by, reason }: Snooze, now: number): string {
  return `Snoozed: ${name} until ${clockTime(until, now)} by ${by}: ${sentence(reason)} Nothing is done to it meanwhile.`;
}
