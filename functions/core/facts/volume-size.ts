import { othersOf, selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

/** ", all 400 GiB of it"; empty where nobody knows. */
export function volumeSizeText(view: View): string {
  const size = selfOf(view)?.storage?.allocatedGib ?? null;
  return size === null ? "" : `, all ${size} GiB of it`;
}

/**
 * "; its source orders-main has 440 GiB, …": of a replica that has room for less than what it follows. Autoscaling grows
 * each for itself.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
 */
export function largerSourceText(view: View): string {
  const self = selfOf(view);
  const size = self?.storage?.allocatedGib ?? null;
  const source = othersOf(view).find(({ id }) => id === self?.replicaOf);
  const ofSource = source?.storage?.allocatedGib ?? 0;
  if (size === null || source === undefined || ofSource <= size) return "";
  return `; its source ${source.id} has ${ofSource} GiB, and what is written there needs as much here`;
}
