import type { Explanation } from "../contract/explanation.ts";
import { ownReplication } from "./replica-facts.ts";
import { replicasFromOutside } from "./replica-metrics.ts";
import type { View } from "./view.ts";

/** RDS's words that name no reason; 28 is the system's "No space left on device", 1021 and 1114 MySQL's and MariaDB's own. */
const mayBeSpace = /^replication has stopped\.?$|\b(?:space|disk|full)\b|\b(?:28|1021|1114)\b/i;

/**
 * Of a replica whose volume is full. One that an error stopped which says nothing of space stopped before: what it fetches
 * and does not apply is what fills the volume.
 */
export function appliesNothing(view: View): readonly Explanation[] {
  const { name } = view.evidence.target;
  const stops = [...ownReplication(view), ...replicasFromOutside(view)].filter(
    ({ subject }) => subject === name,
  );
  if (stops.some(({ stop }) => stop?.error != null && !mayBeSpace.test(stop.error))) return [];
  const of = { subject: name, because: "a replica without space applies nothing" };
  return [
    { cause: "replication-stopped", ...of },
    { cause: "replication-lag", ...of },
  ];
}
