import type { DiagnosisSummary, Incident } from "../contract/incident.ts";
import { whenWorse } from "./acknowledged.ts";
import { withAfterAction } from "./after-action.ts";
import { withAlarmSights } from "./attached-alarms.ts";
import type { IncidentEvent } from "./events.ts";
import { heldBackTooOften } from "./held-back.ts";
import {
  isMidRound,
  isWorse,
  nextDatabase,
  withDatabase,
  withLook,
  withoutDatabase,
  withUnlocated,
} from "./looked-at.ts";
import { whenNothingToDo } from "./nothing-to-do.ts";
import { type Candidate, nextCandidate } from "./plan.ts";
import { standingOf, whenHealthy, whenOtherIsUnwell, whenUnclear, withRelapse } from "./recovery.ts";
import type { ReduceContext } from "./reduce-context.ts";
import {
  dueRequest,
  isAskedInVain,
  openRequest,
  waitingForDecision,
  withoutGoneRequests,
} from "./requests.ts";
import { withFollowing } from "./running.ts";
import { withSettingsStanding } from "./settings-told.ts";
import { told } from "./told.ts";
import { withCandidate } from "./with-candidate.ts";

type Diagnosed = Extract<IncidentEvent, { kind: "diagnosed" }>;

export function reduceDiagnosed(incident: Incident, event: Diagnosed, context: ReduceContext): Incident {
  // A second execution of this incident may still have been looking: what has ended does not begin again.
  if (incident.status === "resolved") return incident;
  const looked = withAfterAction(withDiagnosis(withSights(incident, event), event), incident, event);
  const seen = withoutGoneRequests(looked, event, context);
  const decided = whenWorse(decide(seen, event, context), incident, event);
  const next = withFollowing(withDueRequest(decided, event, context));
  if (next.step.kind !== "watch" || !isMidRound(next)) return next;
  return { ...next, step: { ...next.step, seconds: 1 } };
}

function withDueRequest(incident: Incident, { at }: Diagnosed, { settings }: ReduceContext): Incident {
  const step =
    incident.step.kind === "resolve" && !isUndoAgreed(incident) ? null : dueRequest(incident, at, settings);
  return step === null ? incident : { ...incident, step };
}

/** The rest of what was agreed to is over with its reason; this a person wants whatever the look says. */
function isUndoAgreed({ actions }: Incident): boolean {
  return actions.some(({ status, undoes }) => status === "approved" && undoes !== undefined);
}

function decide(seen: Incident, event: Diagnosed, context: ReduceContext): Incident {
  const { settings } = context;
  const standing = standingOf(seen);
  if (standing !== "unwell" && isMidRound(seen)) {
    return {
      ...seen,
      step: { kind: "watch", seconds: 1, why: `looking at ${nextDatabase(seen).name} next` },
    };
  }
  if (standing === "well") return whenHealthy(seen, event, settings);
  if (standing !== "unwell") return whenUnclear(seen, event, settings);
  const relapsed = seen.healthySince === null ? seen : withRelapse(seen, event);
  const unhealthy = { ...relapsed, healthySince: null, unclearSince: null };
  // This look says nothing of what is wrong with another database of the incident.
  if (event.summary.verdict !== "unwell") return whenOtherIsUnwell(unhealthy, settings);
  if (dueRequest(unhealthy, event.at, settings) !== null) return unhealthy;
  const candidate = nextCandidate(unhealthy, event, context);
  if (candidate !== null && !isOnlyWatched(unhealthy, event, candidate, context))
    return withCandidate(unhealthy, event, candidate, context);
  const asked = openRequest(unhealthy);
  return asked === null
    ? whenNothingToDo(unhealthy, event, settings)
    : { ...unhealthy, ...waitingForDecision(asked.proposal, settings) };
}

/**
 * Where nothing but watching is permitted and people know it, the gate is not asked about one session after the other;
 * nor are people, where each is gone before they decide.
 */
function isOnlyWatched(
  incident: Incident,
  event: Diagnosed,
  { proposal }: Candidate,
  context: ReduceContext,
): boolean {
  const { target = incident.target } = event;
  const mode = context.modeOf(proposal, { ...incident, target }, event.at);
  return (
    (mode === "observe" && heldBackTooOften(incident) !== null) ||
    (mode === "approve" && isAskedInVain(incident, proposal, event.at))
  );
}

/** What the look saw beside its diagnosis: whose it was, who joins or is gone, how the alarms stand. */
function withSights(incident: Incident, event: Diagnosed): Incident {
  const { at, cycle, summary, joins = null, gone = null, alarms = [], notes = [] } = event;
  const target = event.target ?? incident.target;
  const alarmSignalsSeen = event.alarmSignalsSeen ?? incident.alarmSignals;
  const known = withDatabase(incident, target);
  const joined = joins === null ? known : withDatabase(known, joins);
  const left = gone === null ? joined : withoutDatabase(joined, gone);
  const looked = withUnlocated(withLook(left, { name: target.name, cycle, at, summary }), event);
  const judged = withAlarmSights({ ...looked, alarmSignalsSeen }, alarms, {
    at,
    mayEnd: alarmSignalsSeen >= incident.alarmSignals,
  });
  const says = [...notes, ...(gone === null ? [] : [`${gone} is not known to RDS any more.`])];
  return says.reduce(
    (next, note) => told(next, { key: `note#${note}`, at, kind: "note", says: note }),
    withSettingsStanding(judged, event),
  );
}

/** The diagnosis that the incident is about: that of its target, or a worse one of another of its databases. */
function withDiagnosis(incident: Incident, event: Diagnosed): Incident {
  const { summary, cycle, at, target = incident.target } = event;
  const looked: Incident = {
    ...incident,
    cycle,
    severity: worst(incident.severity, summary.severity),
    cause: causeOf(incident, summary),
    ...(event.stillKnown === undefined ? {} : { stillKnown: [...event.stillKnown] }),
  };
  const isShown =
    target.name === incident.target.name ||
    incident.diagnosis === null ||
    isWorse(summary, incident.diagnosis);
  if (!isShown) return looked;
  const next: Incident = {
    ...looked,
    target,
    diagnosis: summary,
    unreachableSince: summary.unreachable ? (incident.unreachableSince ?? at) : null,
  };
  if (sameRoots(incident.diagnosis, summary)) return next;
  return told(next, { key: `diagnosis#${cycle}`, at, kind: "diagnosis", says: summary.headline });
}

/** The cause that the resolution names: the last one seen before anything was done about it. */
function causeOf(incident: Incident, summary: DiagnosisSummary): DiagnosisSummary | null {
  const acted = incident.actions.some(
    ({ status, outcome }) => status === "finished" && outcome?.status !== "refused",
  );
  if (summary.verdict !== "unwell" || summary.rootCauses.length === 0) return incident.cause;
  return acted && incident.cause !== null ? incident.cause : summary;
}

function sameRoots(before: DiagnosisSummary | null, now: DiagnosisSummary): boolean {
  const keys = (summary: DiagnosisSummary): string =>
    summary.rootCauses.map((finding) => finding.key).join(" ");
  return before !== null && before.verdict === now.verdict && keys(before) === keys(now);
}

function worst(a: Incident["severity"], b: Incident["severity"]): Incident["severity"] {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}
