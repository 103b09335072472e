import type { DiagnosisSummary, Incident } from "../contract/incident.ts";
import type { Message, MessageSection } from "../contract/message.ts";
import type { Settings } from "../settings.ts";
import { countText, elapsed, percent } from "../text/wording.ts";
import { whatWasDone } from "./done.ts";
import { causesOf, diagnosisToShow, impactNow, waitingOf } from "./impact.ts";
import { nextStepText, nextUpdateAt } from "./next-step.ts";
import { fields, labelled, list, note } from "./sections.ts";
import { clockTime, engineOf, sentence, severityWord, since, statusWord } from "./wording.ts";

/** SPEC C1, C2: the one message of an incident in the channel. Edited in place, so it always says what is true now. */
export function rootMessage(incident: Incident, settings: Settings, now: number): Message {
  const resolved = incident.status === "resolved";
  return {
    schema: "message.v1",
    kind: resolved ? "resolution" : "alert",
    incidentId: incident.id,
    headline: headlineOf(incident),
    severity: incident.severity,
    status: statusWord(incident.status),
    sections: resolved ? resolvedSections(incident, now) : openSections(incident, settings, now),
    buttons: [],
  };
}

/** Which database, how bad, what it is about: all that a phone's lock screen shows. */
function headlineOf(incident: Incident): string {
  const about = `${incident.target.name}: ${subjectOf(incident)}`;
  if (incident.status === "resolved") return `Resolved: ${about}`;
  return incident.severity === null ? about : `${incident.severity} ${about}`;
}

function subjectOf(incident: Incident): string {
  const diagnosis = diagnosisToShow(incident);
  const [first] = causesOf(diagnosis);
  if (first === undefined) return diagnosis?.headline ?? firstAlarm(incident);
  const waiting = incident.diagnosis?.verdict === "well" ? "healthy again" : waitingOf(first);
  const words = first.id.replaceAll("-", " ");
  return waiting === null || incident.status === "resolved" ? words : `${words}, ${waiting}`;
}

function firstAlarm(incident: Incident): string {
  if (incident.trigger?.kind === "manual") return incident.trigger.reason;
  const [signal] = incident.signals;
  return signal === undefined ? "an alarm fired" : `alarm ${signal.name} fired`;
}

function openSections(incident: Incident, settings: Settings, now: number): MessageSection[] {
  const diagnosis = diagnosisToShow(incident);
  const nextUpdate = nextUpdateAt(incident, settings, now);
  return [
    fields(
      { label: "Database", value: `${incident.target.name}\n${engineOf(incident.target)}` },
      { label: "Status", value: statusWithReason(incident, now) },
      { label: "Severity", value: severityWord(incident.severity) },
      { label: "Started", value: clockTime(incident.openedAt, now) },
      { label: "Duration", value: elapsed(since(incident.openedAt, now)) },
      {
        label: "Next update",
        value: nextUpdate === null ? "none planned" : `by ${clockTime(nextUpdate, now)}`,
      },
    ),
    ...inHand(incident, now),
    labelled("Impact", impactNow(incident)),
    labelled("Probable cause", causeText(diagnosis)),
    ...list("Evidence", topEvidence(diagnosis)),
    ...list("Done so far", whatWasDone(incident), 4),
    labelled("Next", nextStepText(incident, settings, now)),
    note(footer(incident)),
  ];
}

function inHand({ acknowledged }: Incident, now: number): MessageSection[] {
  if (acknowledged === undefined || !(now < Date.parse(acknowledged.until))) return [];
  const { by, until } = acknowledged;
  return [
    fields(
      { label: "Acknowledged by", value: by },
      { label: "Nobody else is called before", value: `${clockTime(until, now)}, unless it gets worse` },
    ),
  ];
}

function statusWithReason(incident: Incident, now: number): string {
  const word = statusWord(incident.status);
  if (incident.unreachableSince !== null) {
    return `${word}; unreachable for ${elapsed(since(incident.unreachableSince, now))}`;
  }
  if (incident.healthySince !== null) {
    return `${word}; healthy for ${elapsed(since(incident.healthySince, now))}`;
  }
  return word;
}

function causeText(diagnosis: DiagnosisSummary | null): string {
  if (diagnosis === null) return "Not known yet.";
  const causes = causesOf(diagnosis);
  if (causes.length === 0) return diagnosis.headline;
  const more = causes.length - 1;
  const others = more === 0 ? "" : `, and ${countText(more, "more cause")} (see thread)`;
  return `${sentence(diagnosis.headline)} Confidence ${percent(diagnosis.confidence, 1)}${others}.`;
}

function topEvidence(diagnosis: DiagnosisSummary | null): string[] {
  const all = causesOf(diagnosis).flatMap((finding) => finding.evidence.map((piece) => piece.says));
  return all.slice(0, 3);
}

function resolvedSections(incident: Incident, now: number): MessageSection[] {
  const end = incident.resolvedAt ?? incident.updatedAt;
  const done = whatWasDone(incident);
  return [
    fields(
      { label: "Database", value: `${incident.target.name}\n${engineOf(incident.target)}` },
      { label: "Status", value: statusWord(incident.status) },
      { label: "Severity", value: severityWord(incident.severity) },
      { label: "Duration", value: elapsed(since(incident.openedAt, Date.parse(end))) },
      { label: "Started", value: clockTime(incident.openedAt, now) },
      { label: "Resolved", value: clockTime(end, now) },
    ),
    labelled("Root cause", rootCauseText(incident)),
    ...list(
      "What was done",
      done.length === 0 ? ["Nothing: it ended without the responder acting."] : done,
      8,
    ),
    note(footer(incident)),
  ];
}

export function rootCauseText(incident: Incident): string {
  return incident.cause?.headline ?? "None was found while the incident lasted.";
}

function footer(incident: Incident): string {
  const signals = countText(incident.signalCount, "alarm signal");
  const looks = countText(incident.cycle, "look");
  return `Incident ${incident.id} · ${signals} · ${looks} · details in the thread`;
}
