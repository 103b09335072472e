import * as z from "zod";
import type { Promoted } from "./failover-reach.ts";

/** `tries`: how many of them may have happened. */
export const promotedSchema = z.object({
  node: z.string(),
  resourceId: z.string(),
  tries: z.number().default(1),
});
type Entry = z.infer<typeof promotedSchema>;

const maxPromoted = 8;

export function withPromoted(before: readonly Entry[], { node, resourceId }: Promoted): readonly Entry[] {
  const known = before.find((each) => each.node === node && each.resourceId === resourceId);
  const entry = { node, resourceId, tries: 1 + (known?.tries ?? 0) };
  return [entry, ...before.filter((each) => each.node !== node)].slice(0, maxPromoted);
}

/** One try that was refused; who has had others before may be promoted all the same. */
export function withoutTry(before: readonly Entry[], node: string): readonly Entry[] {
  return before.flatMap((each) => {
    if (each.node !== node) return [each];
    return each.tries > 1 ? [{ ...each, tries: each.tries - 1 }] : [];
  });
}
