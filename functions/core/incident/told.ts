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

/** Asks for a person, once for each reason until it has looked healthy again. */
export function escalated(incident: Incident, at: string, why: string): Incident {
  if (incident.escalatedAt !== null) return { ...incident, status: "escalated" };
  return told(
    { ...incident, status: "escalated", escalatedAt: at },
    { key: `escalated#${incident.cycle}`, at, kind: "escalation", says: `Needs a person: ${why}` },
  );
}
