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
 * Of the cluster's parameter group, which Aurora's parameters stand in as a rule: RDS has no events of it, so that
 * CloudTrail alone tells. Newest first; of a long list those that its shortened detail shows.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterParameterGroup.html
 */
export function clusterParameterCalls({ evidence: { context } }: View): readonly SetParameter[] {
  const group = context?.topology?.cluster?.parameterGroup ?? null;
  return (context?.changes ?? [])
    .filter(
      ({ source, what, error, subject }) =>
        source === "cloudtrail" &&
        error === null &&
        what === "ModifyDBClusterParameterGroup" &&
        subject === group,
    )
    .flatMap(({ at, by, detail }) => parametersIn(detail ?? "").map((one) => ({ ...one, at, by })));
}

function parametersIn(detail: string): readonly Pick<SetParameter, "name" | "value" | "method">[] {
  return (detail.match(/\{[^{}]{1,300}\}/g) ?? []).flatMap((text) => {
    const of = (key: string): string | undefined =>
      new RegExp(`"${key}":"([^"]{1,200})"`, "i").exec(text)?.[1];
    const [name, value] = [of("parameterName"), of("parameterValue")];
    return name === undefined || value === undefined
      ? []
      : [{ name, value, method: of("applyMethod") ?? "immediate" }];
  });
}
