import type { DiagnosisSummary, Incident } from "../contract/incident.ts";
import type { IncidentEvent } from "./events.ts";
import { told } from "./told.ts";

type Acknowledged = Extract<IncidentEvent, { kind: "acknowledged" }>;

/** SPEC V5: somebody has it in hand; a later acknowledgement takes the place of an earlier one. */
export function withAcknowledgement(incident: Incident, { at, by, until }: Acknowledged): Incident {
  if (incident.status === "resolved") return incident;
  const { severity } = incident;
  return told(
    { ...incident, acknowledged: { by, at, until, severity } },
    {
      key: `acknowledged#${at}`,
      at,
      kind: "note",
      says: `Acknowledged by ${by}: nobody else is called before ${until.slice(11, 16)} UTC, unless it gets worse.`,
    },
  );
}

interface Looked {
  readonly at: string;
  readonly cycle: number;
  readonly summary: Pick<DiagnosisSummary, "severity" | "unreachable" | "headline">;
}

/** Acknowledged and getting worse escalates at once (SPEC V5): the next severity, or a database that is not reached any more. */
export function whenWorse(incident: Incident, before: Incident, { at, cycle, summary }: Looked): Incident {
  const { acknowledged, ...rest } = incident;
  if (acknowledged === undefined || !(Date.parse(at) < Date.parse(acknowledged.until))) return incident;
  const isGraver =
    summary.severity !== null && (acknowledged.severity === null || summary.severity < acknowledged.severity);
  const isLost = summary.unreachable && before.unreachableSince === null;
  if (!isGraver && !isLost) return incident;
  const what = isLost ? "the database is not reached any more" : `it is ${summary.severity} by now`;
  return told(
    { ...rest, status: "escalated", escalatedAt: rest.escalatedAt ?? at },
    {
      key: `escalated#worse#${cycle}`,
      at,
      kind: "escalation",
      says: `Needs a person: acknowledged by ${acknowledged.by}, and worse since: ${what}. ${summary.headline}`,
    },
  );
}
