import type { View } from "./view.ts";

/** Of one of these probes more rows were found than were kept: what is counted in them is a part. */
export function seenInPart({ evidence }: View, ...ids: readonly string[]): boolean {
  return evidence.probes.some(({ id, truncated }) => truncated && ids.includes(id));
}
