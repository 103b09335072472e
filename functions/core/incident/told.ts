import type { Incident, TimelineEntry } from "../contract/incident.ts";

/** Adds an entry once; the same key later is the same story, not a new one. */
export function told(incident: Incident, entry: TimelineEntry): Incident {
  if (incident.timeline.some((known) => known.key === entry.key)) return incident;
  return { ...incident, timeline: [...incident.timeline, entry] };
}

/** Adds an entry, or says anew what it says: a count that has grown. */
export function toldAnew(incident: Incident, entry: TimelineEntry): Incident {
  if (!incident.timeline.some((known) => known.key === entry.key)) return told(incident, entry);
  const timeline = incident.timeline.map((known) =>
    known.key === entry.key ? { ...known, says: entry.says } : known,
  );
  return { ...incident, timeline };
}

/** Asks for a person, once for each reason until it has looked healthy again; not while somebody has it in hand. */
export function escalated(
  incident: Incident,
  at: string,
  why: string,
  key = String(incident.cycle),
): Incident {
  if (incident.escalatedAt !== null) return { ...incident, status: "escalated" };
  if (isAcknowledged(incident, at)) return heldBack(incident, at, why);
  return told(
    { ...incident, status: "escalated", escalatedAt: at },
    { key: `escalated#${key}`, at, kind: "escalation", says: `Needs a person: ${why}` },
  );
}

/** SPEC V5. An end that cannot be read has passed: then people are called. */
export function isAcknowledged({ acknowledged }: Pick<Incident, "acknowledged">, at: string): boolean {
  return acknowledged !== undefined && Date.parse(at) < Date.parse(acknowledged.until);
}

/** Said once for each acknowledgement: whoever has it in hand knows what the call would have been for. */
function heldBack(incident: Incident, at: string, why: string): Incident {
  const { by = "", at: since = "", until = "" } = incident.acknowledged ?? {};
  return told(incident, {
    key: `escalation-held#${since}`,
    at,
    kind: "note",
    says: `Would call a person now (${why}); ${by} has it in hand until ${until.slice(11, 16)} UTC.`,
  });
}
