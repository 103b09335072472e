import type { Explanation } from "../contract/explanation.ts";
import { ownReplication } from "./replica-facts.ts";
import { replicasFromOutside } from "./replica-metrics.ts";
import type { View } from "./view.ts";

/** RDS's words that name no reason, and who says so in its place. */
const noReason = /^replication has stopped\.?$|\bgives no reason\b/i;
/** The system's 28, and MySQL's and MariaDB's 1021 and 1114. */
const ofSpace =
  /no space left|\bis full\b|\bdisk full\b|(?:out|lack) of (?:disk )?(?:space|storage)|err(?:or|no|or_code|or code)?: ?(?:28|1021|1114)\b/i;
const mayBeSpace = (error: string): boolean => noReason.test(error) || ofSpace.test(error);

/**
 * Of a replica whose volume is full. One that an error stopped which says nothing of space stopped before: what it fetches
 * and does not apply is what fills the volume.
 */
export function appliesNothing(view: View): readonly Explanation[] {
  const { name } = view.evidence.target;
  const stops = [...ownReplication(view), ...replicasFromOutside(view)].filter(
    ({ subject }) => subject === name,
  );
  if (stops.some(({ stop }) => stop?.error != null && !mayBeSpace(stop.error))) return [];
  const of = { subject: name, because: "a replica without space applies nothing" };
  return [
    { cause: "replication-stopped", ...of },
    { cause: "replication-lag", ...of },
  ];
}
