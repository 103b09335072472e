import { lasted, watchedMinutes } from "../text/wording.ts";
import { failoversOf } from "./failover-events.ts";
import { type Begin, beginOf, lastingFor, type MetricFact, metricFact, usualHigh } from "./metric-facts.ts";
import { percentText } from "./rds-facts.ts";
import type { View } from "./view.ts";

/** Fewer than this are no crowd that could stay away. */
const leastBefore = 10;
const halved = 0.5;
const fewLeft = 0.25;

export interface ClientsAway {
  /** "its clients stay away: 6 connections for 12 min, 214 before it, CPU 4 % of 27 %". */
  readonly says: string;
  /** Nearly nobody came back. */
  readonly nearlyAll: boolean;
  /** Since when, where metrics tell it. */
  readonly began?: Begin;
  /** Where metrics do not tell it. */
  readonly toldBy?: "error log";
}

/**
 * Whether clients have not come back since then: their number has been at less than half for some minutes, and the work
 * too. Without a moment, against what is usual at this hour. Null where they are there, or it could not be seen; and for
 * a member of a cluster, whose clients another may have now, unless it has been the writer for a day.
 */
export function clientsAway(view: View, since: string | null): ClientsAway | null {
  const connections = metricFact(view, "DatabaseConnections");
  if (connections === null || mayHaveMoved(view, since)) return null;
  const before = beforeThat(view, connections, since);
  if (before === null || before.value < leastBefore) return null;
  const isFew = (value: number): boolean => value <= halved * before.value;
  const minutes = lastingFor(view, connections, isFew);
  const work = workLeft(view, since);
  if (minutes === null || work === null) return null;
  return {
    says: `its clients stay away: ${Math.round(connections.latest)} connections${forText(minutes)}, ${Math.round(before.value)} ${before.when}${work}`,
    nearlyAll: connections.latest <= fewLeft * before.value,
    began: beginOf(connections, isFew),
  };
}

/** As few as ever before they come: how long it has been so says nothing of who stays away. */
function forText(minutes: number): string {
  return minutes > watchedMinutes ? "" : ` for ${lasted(minutes)}`;
}

/**
 * Nearly all of its clients have been away for some minutes, by what both a day and a week ago were there at this hour:
 * what keeps them away may be the database's, whatever its numbers say. Null where some are there, or nobody measured.
 */
export function clientsGone(view: View): ClientsAway | null {
  const connections = metricFact(view, "DatabaseConnections");
  const before = connections === null ? null : onBothDays(connections);
  if (connections === null || before === null || connections.latest > fewLeft * before) return null;
  const away = clientsAway(view, null);
  return away?.nearlyAll === true ? away : null;
}

const someFewer = 0.8;

/** Now, and at this time on both days; null where nobody measured, or they are no crowd. */
function crowdOf(view: View): { readonly latest: number; readonly before: number } | null {
  const connections = metricFact(view, "DatabaseConnections");
  const before = connections === null ? null : onBothDays(connections);
  if (connections === null || before === null || before < leastBefore) return null;
  return { latest: connections.latest, before };
}

/** "46 connections, 88 as a rule at this time": some of them are missing, by both days. */
export function fewerClients(view: View): string | null {
  const crowd = crowdOf(view);
  if (crowd === null || mayHaveMoved(view, null) || crowd.latest > someFewer * crowd.before) return null;
  return `${Math.round(crowd.latest)} connections, ${Math.round(crowd.before)} as a rule at this time`;
}

/** As many as at this time a day and a week ago; false where nobody measured. */
export function clientsAreThere(view: View): boolean {
  const crowd = crowdOf(view);
  return crowd !== null && crowd.latest >= someFewer * crowd.before;
}

/** After a failover who moved is read elsewhere (clients-on-old-writer). */
function mayHaveMoved(view: View, since: string | null): boolean {
  const { clusterId, role } = view.evidence.target;
  if (clusterId === null) return false;
  const seen = view.evidence.context?.events != null;
  return since !== null || role !== "writer" || !seen || failoversOf(view).length > 0;
}

interface Before {
  readonly value: number;
  readonly when: string;
}

/** Of the window, while it reaches so far back; else of that hour on other days. */
function beforeThat(view: View, fact: MetricFact, since: string | null): Before | null {
  const earlier = since === null ? [] : fact.points.filter(({ at }) => Date.parse(at) < Date.parse(since));
  if (earlier.length > 0) return { value: Math.max(...earlier.map(({ value }) => value)), when: "before it" };
  const usual = view.evidence.target.clusterId === null ? usualHigh(fact) : onBothDays(fact);
  return usual === null ? null : { value: usual, when: "as a rule at this time" };
}

/** A member of a cluster may have had another part a week ago: what it has been on both days. */
function onBothDays({ day, week }: MetricFact): number | null {
  return day === null || week === null ? null : Math.min(day, week);
}

/** ", CPU 4 % of 27 %"; empty where nobody measured, null where it works as before: fewer connections do. */
function workLeft(view: View, since: string | null): string | null {
  const cpu = metricFact(view, "CPUUtilization");
  const before = cpu === null ? null : beforeThat(view, cpu, since);
  if (cpu === null || before === null) return "";
  return cpu.latest > halved * before.value
    ? null
    : `, CPU ${percentText(cpu.latest)} of ${percentText(before.value)}`;
}
