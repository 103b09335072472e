import type { DiagnosisSummary, Incident, IncidentAction } from "../contract/incident.ts";
import { mayHaveActed } from "../contract/work-order.ts";
import { duration } from "../text/wording.ts";
import type { IncidentEvent } from "./events.ts";
import { told } from "./told.ts";

type Diagnosed = Extract<IncidentEvent, { kind: "diagnosed" }>;

/** SPEC V1: the first look after an action, beside the last one before it. An action that did not help is said so. */
export function withAfterAction(incident: Incident, before: Incident, event: Diagnosed): Incident {
  const { at, summary, target = before.target } = event;
  const since = before.diagnosis?.diagnosedAt;
  if (before.diagnosis === null || since === undefined) return incident;
  const acted = before.actions.filter(
    ({ status, outcome, updatedAt, database = before.target.name }) =>
      status === "finished" &&
      outcome !== null &&
      mayHaveActed(outcome) &&
      database === target.name &&
      Date.parse(updatedAt) >= Date.parse(since),
  );
  return acted.reduce(
    (next, action) =>
      told(next, {
        key: `after#${action.orderId ?? action.key}`,
        at,
        kind: "note",
        says: sayAfter(action, before, summary, at),
      }),
    incident,
  );
}

function sayAfter(action: IncidentAction, before: Incident, now: DiagnosisSummary, at: string): string {
  const seconds = (Date.parse(at) - Date.parse(action.updatedAt)) / 1000;
  const was = [before.diagnosis, before.cause]
    .flatMap((diagnosis) => diagnosis?.rootCauses ?? [])
    .find(({ key }) => key === action.findingKey);
  const still = now.rootCauses.find(({ key }) => key === action.findingKey);
  const head = `${duration(seconds)} after it (${action.proposal.describes})`;
  return `Looked again ${head}. Before: ${unended(was?.summary ?? before.diagnosis?.headline ?? "not known")}. Now: ${unended(still?.summary ?? now.headline)}. ${action.undoes === undefined ? helped(still !== undefined, now) : tookBack(action)}`;
}

function unended(text: string): string {
  return text.replace(/\.$/, "");
}

function tookBack({ outcome }: IncidentAction): string {
  const isProved = outcome?.status === "done" || outcome?.status === "already-done";
  return isProved ? "What was done was taken back." : "Whether it was taken back is not known.";
}

function helped(isThere: boolean, { verdict, rootCauses }: DiagnosisSummary): string {
  if (isThere) return "It did not help: the cause is there still.";
  switch (verdict) {
    case "well":
      return "The cause has gone.";
    case "unknown":
      return "Whether it helped cannot be told: not everything that this needs could be seen.";
    case "unwell":
      return rootCauses.length === 0
        ? "That cause has gone; not all is well yet."
        : "That cause has gone, and another one is there.";
    default:
      return verdict satisfies never;
  }
}
