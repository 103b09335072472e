import type { Category, Finding } from "../contract/finding.ts";
import type { DiagnosisSummary, Incident } from "../contract/incident.ts";
import { countText } from "../text/wording.ts";
import { sentence } from "./wording.ts";

/** What users of the database notice while a cause of that category lasts. */
const felt = {
  locks: "Requests that need the locked rows or tables stand still.",
  connections: "New connections are refused or will be soon; requests fail at sign-in.",
  queries: "Requests that use these statements are slow.",
  resources: "All requests to this database are slow.",
  vacuum: "Statements slow down with time; no request fails now.",
  indexes: "Statements do more work than they need; no request fails now.",
  replication: "Readers show old data or none.",
  views: "Pages built on these views are stale.",
  integrity: "Some data may be wrong: do not trust results before it was checked.",
  availability: "Requests to this database fail.",
  configuration: "No request fails now; the next incident will be harder to see or to stop.",
} satisfies Record<Category, string>;

/** SPEC C1: the impact in user terms, now. */
export function impactNow(incident: Incident): string {
  const newest = incident.diagnosis;
  return newest?.verdict === "well" ? `None seen any more. ${sentence(newest.headline)}` : impactOf(incident);
}

/** The impact in user terms while the cause lasted. */
export function impactOf(incident: Incident): string {
  const diagnosis = diagnosisToShow(incident);
  if (diagnosis === null) return "Not known yet: the database is being examined.";
  const [first] = causesOf(diagnosis);
  if (first === undefined) return impactWithoutCause(diagnosis);
  const symptoms = diagnosis.symptoms.slice(0, 2).map((symptom) => sentence(symptom.summary));
  return [waitingText(first), felt[first.category], ...symptoms].filter((part) => part !== "").join(" ");
}

function impactWithoutCause(diagnosis: DiagnosisSummary): string {
  if (diagnosis.unreachable) {
    return "The responder cannot connect to the database; applications probably cannot either.";
  }
  return diagnosis.verdict === "well"
    ? "None seen: the database answers and nothing is over its threshold."
    : "Not known: no cause was found.";
}

/** The largest number of sessions that a remedy would set free is the number that stands still now. */
export function waitingOf(finding: Finding): string | null {
  const frees = Math.max(0, ...finding.actions.map((action) => action.frees ?? 0));
  return frees === 0 ? null : `${countText(frees, "session")} ${frees === 1 ? "waits" : "wait"}`;
}

function waitingText(finding: Finding): string {
  const waiting = waitingOf(finding);
  return waiting === null ? "" : `${waiting}.`;
}

/**
 * The newest diagnosis while it names a cause; after the cause has gone, or where too little is seen to name one, the one
 * that named it: a status board that forgets what it was about is of no use to whoever joins late.
 */
export function diagnosisToShow(incident: Incident): DiagnosisSummary | null {
  const newest = incident.diagnosis;
  return causesOf(newest).length > 0 ? newest : (incident.cause ?? newest);
}

/** What is worth knowing of a database that is well, or could not be judged, is no cause of what it has. */
export function causesOf(diagnosis: DiagnosisSummary | null): readonly Finding[] {
  return diagnosis?.verdict === "unwell" ? diagnosis.rootCauses : [];
}
