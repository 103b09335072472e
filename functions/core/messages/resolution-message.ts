import type { Incident } from "../contract/incident.ts";
import type { Message } from "../contract/message.ts";
import { countText, elapsed } from "../text/wording.ts";
import { whatWasDone } from "./done.ts";
import { toGiveBack } from "./give-back.ts";
import { impactOf } from "./impact.ts";
import { rootCauseText } from "./root-message.ts";
import { fields, labelled, list, note } from "./sections.ts";
import { clockTime, since, statusWord } from "./wording.ts";

/** SPEC C1, the last message: issue, duration, root cause, what was done, impact. */
export function resolutionMessage(incident: Incident): Message {
  const end = incident.resolvedAt ?? incident.updatedAt;
  const lasted = elapsed(since(incident.openedAt, Date.parse(end)));
  const done = whatWasDone(incident);
  return {
    schema: "message.v1",
    kind: "resolution",
    incidentId: incident.id,
    headline: `Resolved after ${lasted}: ${incident.target.name}`,
    severity: incident.severity,
    status: statusWord(incident.status),
    sections: [
      fields(
        { label: "Duration", value: `${lasted} (${clockTime(incident.openedAt)} to ${clockTime(end)})` },
        { label: "Root cause", value: rootCauseText(incident) },
      ),
      labelled("Impact while it lasted", impactOf(incident)),
      ...list(
        "What was done",
        done.length === 0 ? ["Nothing: it ended without the responder acting."] : done,
      ),
      ...list("To be given back", toGiveBack(incident)),
      ...healthySection(incident, end),
      note(
        `${countText(incident.signalCount, "alarm signal")}, ${countText(incident.cycle, "look")} at the database.`,
      ),
    ],
    buttons: [],
  };
}

function healthySection(incident: Incident, end: string) {
  if (incident.healthySince === null) return [];
  const healthy = elapsed(since(incident.healthySince, Date.parse(end)));
  return [labelled("Recovery", `Watched healthy for ${healthy}, since ${clockTime(incident.healthySince)}.`)];
}
