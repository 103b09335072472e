import type { Incident } from "../contract/incident.ts";
import { withAcknowledgement } from "./acknowledged.ts";
import { reduceAction } from "./action-events.ts";
import { withAlarmSignal } from "./attached-alarms.ts";
import { bounded, clip, shortKey } from "./bounds.ts";
import { eventKey, failureKey, type IncidentEvent } from "./events.ts";
import { withDatabase } from "./looked-at.ts";
import { hasUnseenAlarm } from "./recovery.ts";
import type { ReduceContext } from "./reduce-context.ts";
import { reduceDiagnosed } from "./reduce-diagnosed.ts";
import { withOpenEar } from "./requests.ts";
import { told } from "./told.ts";
import { withDayLooked, withWaysBack } from "./way-back.ts";
import { withoutRequests } from "./withdraw.ts";

/**
 * The life of an incident. Pure: the same events in the same order give the same incident, and an event that
 * was applied before changes nothing. `step` is what the workflow does next.
 *
 * investigating → (act | ask-approval) → mitigating → monitoring → resolved; a relapse goes back to
 * investigating; whatever the responder cannot solve becomes `escalated` and is watched until it is healthy.
 */
export function reduce(incident: Incident, event: IncidentEvent, context: ReduceContext): Incident {
  const long = eventKey(event);
  const key = long === null ? null : shortKey(long);
  if (key !== null && incident.applied.includes(key)) return incident;
  const next =
    "at" in event ? withOpenEar(apply(incident, event, context), event.at) : apply(incident, event, context);
  return bounded(key === null ? next : { ...next, applied: [...next.applied, key] });
}

function apply(incident: Incident, event: IncidentEvent, context: ReduceContext): Incident {
  switch (event.kind) {
    case "signal":
      return withSignal(incident, event);
    case "diagnosed":
      return touched(reduceDiagnosed(incident, event, context), event.at);
    case "responder-failed":
      return touched(withFailure(incident, event), event.at);
    case "acknowledged":
      return touched(withAcknowledgement(incident, event), event.at);
    case "resolved":
      return unlessSame(incident, withResolution(incident, event.at), event.at);
    case "reopened":
      return unlessSame(incident, reopened(incident), event.at);
    case "way-back":
      return touched(withDayLooked(incident, event), event.at);
    case "delivered":
      return {
        ...incident,
        root: event.root ?? incident.root,
        receipts: { ...incident.receipts, ...event.receipts },
      };
    case "approval-requested":
    case "undo-asked":
    case "approval-decided":
    case "withheld":
    case "ordered":
    case "action-finished":
      return touched(reduceAction(incident, event, context.settings), event.at);
    default:
      return event satisfies never;
  }
}

function touched(incident: Incident, at: string): Incident {
  return { ...incident, updatedAt: at > incident.updatedAt ? at : incident.updatedAt };
}

function unlessSame(before: Incident, after: Incident, at: string): Incident {
  return after === before ? before : touched(after, at);
}

function withSignal(incident: Incident, event: Extract<IncidentEvent, { kind: "signal" }>): Incident {
  const { signal, at, databases = [] } = event;
  const seen = {
    id: signal.id,
    name: signal.name,
    state: signal.state,
    at: signal.at,
    reason: clip(signal.reason, 500),
  };
  const says =
    signal.kind === "manual"
      ? `${signal.reason}.`
      : signal.state === "OK"
        ? `Alarm ${signal.name} went back to OK: a hint of recovery, not yet proof`
        : `Alarm ${signal.name} is in ${signal.state}: ${signal.reason}`;
  // Repeats of one alarm only update; the thread hears of an alarm when its state changes.
  const before = incident.signals.findLast((known) => known.name === signal.name);
  const named = databases.reduce(withDatabase, withAlarmSignal(incident, signal));
  const counted = {
    ...named,
    signalCount: incident.signalCount + 1,
    alarmSignals: incident.alarmSignals + (signal.state === "ALARM" ? 1 : 0),
    signals: [...incident.signals, seen],
  };
  if (before?.state === signal.state) return counted;
  return told(counted, { key: `signal#${signal.id}`, at, kind: "signal", says });
}

function withFailure(
  incident: Incident,
  event: Extract<IncidentEvent, { kind: "responder-failed" }>,
): Incident {
  const says = `The responder itself failed at ${event.step}: ${event.reason}. Nothing more will be done by it for this incident; a new alarm starts a new one.`;
  const refusal = {
    guard: "responder-failed",
    reason: "The responder itself failed, and does nothing more for this incident.",
    release: "A person carries out the statement that is shown; a new alarm starts a new incident.",
  };
  return told(
    {
      ...withoutRequests(incident, refusal, event.at),
      status: "escalated",
      escalatedAt: incident.escalatedAt ?? event.at,
      step: { kind: "resolve", reason: "the responder failed" },
    },
    { key: failureKey(event), at: event.at, kind: "escalation", says },
  );
}

function withResolution(incident: Incident, at: string): Incident {
  if (incident.status === "resolved") return incident;
  if (hasUnseenAlarm(incident)) return { ...incident, step: lookAtAlarm };
  if (incident.status === "escalated") return incident;
  const says = `Resolved: healthy since ${incident.healthySince ?? at} without a break`;
  const refusal = {
    guard: "incident-over",
    reason: "The incident is over.",
    release: "Nothing to release: what it was for has passed.",
  };
  return told(
    {
      ...withWaysBack({ ...withoutRequests(incident, refusal, at), status: "monitoring" }, at),
      status: "resolved",
      resolvedAt: at,
      step: { kind: "resolve", reason: "it is over" },
    },
    { key: resolvedKey, at, kind: "recovery", says },
  );
}

const resolvedKey = "resolved";
const lookAtAlarm = { kind: "watch", seconds: 1, why: "an alarm came while this was being closed" } as const;

/** Nobody was told yet that it was resolved: its messages go out when the group is free. */
function reopened(incident: Incident): Incident {
  if (!hasUnseenAlarm(incident)) return incident;
  return {
    ...incident,
    status: incident.status === "resolved" ? "monitoring" : incident.status,
    resolvedAt: null,
    step: lookAtAlarm,
    timeline: incident.timeline.filter(({ key }) => key !== resolvedKey),
  };
}
