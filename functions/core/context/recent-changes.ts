import type { EventSubject } from "../context-ports.ts";
import type { Change, RdsEvent } from "../contract/context.ts";
import type { Topology } from "../contract/topology.ts";

/** Categories of RDS events that say that something about the database was changed, or changed by itself. */
const changing = [
  "configuration change",
  "maintenance",
  "failover",
  "global failover",
  "availability",
  "recovery",
  "restoration",
];

const maxChanges = 40;

/** What changed lately, from calls of the API and from events, newest first; null when neither could be read. */
export function recentChanges(
  called: readonly Change[] | null,
  events: readonly RdsEvent[] | null,
): readonly Change[] | null {
  if (called === null && events === null) return null;
  const happened = (events ?? []).filter(isChange).map(
    (event): Change => ({
      at: event.at,
      source: "rds-event",
      subject: event.subject,
      what: event.categories.join(", "),
      by: null,
      detail: event.message,
      error: null,
    }),
  );
  return [...(called ?? []), ...happened]
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, maxChanges);
}

function isChange({ categories, source }: RdsEvent): boolean {
  return (
    source === "parameter-group" || categories.some((category) => changing.includes(category.toLowerCase()))
  );
}

const maxSubjects = 6;

/**
 * Whose events to ask for: the database, its cluster, its own parameter groups, then the other members. Default
 * parameter groups cannot be changed and have no events.
 */
export function eventSubjects(
  target: { readonly name: string; readonly clusterId: string | null },
  topology: Topology | null,
): readonly EventSubject[] {
  const self = topology?.members.find(({ id }) => id === target.name);
  const others = (topology?.members ?? []).filter(({ id, here }) => here && id !== target.name);
  const groups = (self?.parameterGroups ?? []).filter(({ name }) => !name.startsWith("default."));
  const subjects: readonly EventSubject[] = [
    { source: "instance", id: target.name },
    ...(target.clusterId === null ? [] : [{ source: "cluster" as const, id: target.clusterId }]),
    ...groups.map(({ name }) => ({ source: "parameter-group" as const, id: name })),
    ...others.map(({ id }) => ({ source: "instance" as const, id })),
  ];
  return subjects.slice(0, maxSubjects);
}
