import type { Incident, TimelineEntry } from "../contract/incident.ts";

const keptTimeline = 200;

/** Adds an entry once; the same key later is the same story, not a new one. */
export function told(incident: Incident, entry: TimelineEntry): Incident {
  if (incident.timeline.some((known) => known.key === entry.key)) return incident;
  return { ...incident, timeline: [...incident.timeline, entry].slice(-keptTimeline) };
}
