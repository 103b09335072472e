import { eventsOf, selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

/** A parameter that somebody set by a call of the API. */
export interface SetParameter {
  readonly name: string;
  readonly value: string;
  /** "immediate" or "pending-reboot". */
  readonly method: string;
  readonly at: string;
  readonly by: string | null;
}

/**
 * Of the parameter groups of the cluster and of the instance itself. RDS has no events of a cluster's, which Aurora's
 * parameters stand in as a rule, and those of an instance's may not have been read: CloudTrail alone tells then. Newest
 * first; of a long list those that its shortened detail shows.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterParameterGroup.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html
 */
export function groupCalls(view: View): readonly SetParameter[] {
  const { context } = view.evidence;
  const ofCluster = context?.topology?.cluster?.parameterGroup ?? null;
  const own = (selfOf(view)?.parameterGroups ?? []).map(({ name }) => name);
  return (context?.changes ?? [])
    .filter(
      ({ source, what, error, subject }) =>
        source === "cloudtrail" &&
        error === null &&
        ((what === "ModifyDBClusterParameterGroup" && subject === ofCluster) ||
          (what === "ModifyDBParameterGroup" && own.includes(subject))),
    )
    .flatMap(({ at, by, detail }) => parametersIn(detail ?? "").map((one) => ({ ...one, at, by })));
}

/** Who set a parameter of the instance's group at that time, of which the event does not tell. */
export function setter({ evidence: { context } }: View, name: string, at: string): string | null {
  const call = context?.changes?.find(
    (one) =>
      one.what === "ModifyDBParameterGroup" &&
      one.error === null &&
      one.detail?.includes(`"${name}"`) &&
      Math.abs(Date.parse(one.at) - Date.parse(at)) <= nearMs,
  );
  return call?.by ?? null;
}

const nearMs = 2 * 60_000;

function parametersIn(detail: string): readonly Pick<SetParameter, "name" | "value" | "method">[] {
  // A value may be a formula: {DBInstanceClassMemory*3/4}.
  return (detail.match(/\{(?:[^{}]|\{[^{}]{0,100}\}){1,300}\}/g) ?? []).flatMap((text) => {
    const of = (key: string): string | undefined =>
      new RegExp(`"${key}":"([^"]{1,200})"`, "i").exec(text)?.[1];
    const [name, value] = [of("parameterName"), of("parameterValue")];
    return name === undefined || value === undefined
      ? []
      : [{ name, value, method: of("applyMethod") ?? "immediate" }];
  });
}

const dayMinutes = 24 * 60;

/** When it was first restarted after a moment (ISO 8601), by RDS's events or by whoever asked for it; null: not seen. */
export function restartedAfter(view: View, at: string): string | null {
  const { context, target } = view.evidence;
  const events = eventsOf(view, target.name, dayMinutes).filter(({ message }) =>
    /^db instance restarted/i.test(message),
  );
  const calls = (context?.changes ?? []).filter(
    ({ source, what, subject, error }) =>
      source === "cloudtrail" && what === "RebootDBInstance" && subject === target.name && error === null,
  );
  const [first = null] = [...events, ...calls]
    .map((one) => one.at)
    .filter((one) => one >= at)
    .toSorted();
  return first;
}
