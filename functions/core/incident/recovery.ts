import type { DiagnosisSummary, Incident } from "../contract/incident.ts";
import type { Settings } from "../settings.ts";
import { standingAlarms } from "./attached-alarms.ts";
import { verdictOfAll } from "./looked-at.ts";
import { escalated, told } from "./told.ts";

/** How the incident stands after a look, over all its databases and alarms. */
export type Standing = "well" | "unwell" | "unknown" | "alarm-stands";

export function standingOf(incident: Incident): Standing {
  const verdict = verdictOfAll(incident);
  return verdict === "well" && standingAlarms(incident).length > 0 ? "alarm-stands" : verdict;
}

interface Looked {
  readonly at: string;
  readonly cycle: number;
  readonly summary: DiagnosisSummary;
}

export function whenHealthy(incident: Incident, { at, summary }: Looked, settings: Settings): Incident {
  const { healthySeconds, healthyCheckSeconds } = settings.watch;
  const since = incident.healthySince ?? at;
  const lasted = secondsBetween(since, at);
  const watched: Incident = {
    ...incident,
    healthySince: since,
    status: "monitoring",
    escalatedAt: null,
    unclearSince: wasUnclearFor(incident, since) <= lasted ? null : incident.unclearSince,
  };
  const noted = told(watched, {
    key: `healthy#${since}`,
    at,
    kind: "recovery",
    says: `${summary.headline} Watching for ${Math.round(healthySeconds / 60)} min before this is resolved.`,
  });
  if (hasUnseenAlarm(incident)) {
    return { ...noted, step: { kind: "watch", seconds: 1, why: "an alarm came while this look went on" } };
  }
  if (lasted >= healthySeconds) {
    return { ...noted, step: { kind: "resolve", reason: `healthy for ${Math.round(lasted)} s` } };
  }
  const seconds = Math.max(1, Math.ceil(Math.min(healthyCheckSeconds, healthySeconds - lasted)));
  return { ...noted, step: { kind: "watch", seconds, why: "it looks healthy; watching that it stays so" } };
}

/** An alarm that no look could know of: it may be about something new. */
export function hasUnseenAlarm({ alarmSignals, alarmSignalsSeen }: Incident): boolean {
  return alarmSignals > alarmSignalsSeen;
}

/** A word of health that lasts less than the doubt before it does not end the doubt: the two may take turns. */
function wasUnclearFor({ unclearSince }: Incident, until: string): number {
  return unclearSince === null ? 0 : secondsBetween(unclearSince, until);
}

export function withRelapse(incident: Incident, { at, cycle, summary }: Looked): Incident {
  const says = `It came back after looking healthy since ${incident.healthySince}: ${summary.headline}`;
  return told(
    { ...incident, status: "investigating" },
    { key: `relapse#${cycle}`, at, kind: "recovery", says },
  );
}

export function whenOtherIsUnwell(incident: Incident, { watch }: Settings): Incident {
  const other = incident.databases.find(({ look }) => look?.verdict === "unwell");
  const why = other === undefined ? "looking again" : `${other.name} is not well: ${other.look?.headline}`;
  return { ...incident, step: { kind: "watch", seconds: watch.checkSeconds, why } };
}

/**
 * Nothing wrong was found, and still it is not well: not everything was seen (SPEC D7), or an alarm stands whose cause
 * was not found (S12). Starts no recovery, ends one, and is a person's matter when it lasts.
 */
export function whenUnclear(incident: Incident, { at }: Looked, settings: Settings): Incident {
  const { checkSeconds, maxUnsolvedChecks, unknownEscalateSeconds } = settings.watch;
  const since = incident.unclearSince ?? at;
  const why = whyUnclear(incident);
  const unclear: Incident = {
    ...incident,
    unclearSince: since,
    healthySince: null,
    status: incident.status === "monitoring" ? "investigating" : incident.status,
    step: {
      kind: "watch",
      seconds: incident.cycle > maxUnsolvedChecks ? checkSeconds * 15 : checkSeconds,
      why,
    },
  };
  const noted = told(unclear, { key: `unclear#${since}`, at, kind: "note", says: `Not well yet: ${why}` });
  const lasted = secondsBetween(since, at);
  if (lasted < unknownEscalateSeconds || incident.escalatedAt !== null) return noted;
  const called = escalated(noted, at, `for ${Math.round(lasted / 60)} min ${why}`, `unclear#${since}`);
  return called.escalatedAt === null ? called : { ...called, severity: noted.severity ?? "P2" };
}

const shownAlarms = 3;
const shownMissing = 4;

function whyUnclear(incident: Incident): string {
  if (verdictOfAll(incident) === "unknown") return unseenText(incident);
  const alarms = standingAlarms(incident);
  const shown = alarms
    .slice(0, shownAlarms)
    .map(({ name, says }) => (says === null ? `alarm ${name}` : `alarm ${name} (${says})`));
  const more = alarms.length > shownAlarms ? ` and ${alarms.length - shownAlarms} more` : "";
  const verb = alarms.length === 1 ? "stands" : "stand";
  const why =
    incident.cause === null
      ? "and the cause was not found"
      : "though what was wrong is not found any more; it may take its time";
  return `${shown.join(", ")}${more} ${verb}, ${why}.`;
}

function unseenText({ target, diagnosis, databases }: Incident): string {
  const names = databases.filter(({ look }) => look?.verdict !== "well").map(({ name }) => name);
  const elsewhere = databases.flatMap(({ name, look }) =>
    look?.verdict === "unknown" && name !== target.name ? [look.headline.replace(/\.$/, "")] : [],
  );
  const here = diagnosis?.verdict === "unknown" ? diagnosis.missing : [];
  const missing = [...here.slice(0, shownMissing), ...elsewhere.slice(0, shownMissing)];
  const whom = names.length === 0 ? target.name : names.join(", ");
  const what = missing.length === 0 ? "" : ` Not seen: ${missing.join("; ")}.`;
  return `whether ${whom} is well cannot be judged.${what}`;
}

export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
